"""The exit statuses of the command line: a contract with scripts."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit statuses; from 129 on, 128 plus the number of the signal."""

    DONE = 0
    DESIGN_HAS_ERRORS = 1
    USAGE = 2
    RUN_FAILED = 3
    HUNG_UP = 129
    INTERRUPTED = 130
    OUTPUT_BROKEN = 141
    TERMINATED = 143
