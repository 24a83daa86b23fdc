"""The declaration of a command of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A command that needs no window.

    Attributes:
        name: First word on the command line.
        help: One line for `dlstudio --help`, without a full stop.
        add_arguments: Declares its options.
        run: Does the work and returns the exit status, an `ExitCode`.
    """

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
