"""The exit statuses of the command line: a contract with scripts."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit statuses."""

    DONE = 0
    DESIGN_HAS_ERRORS = 1
    USAGE = 2
    RUN_FAILED = 3
    INTERRUPTED = 130
