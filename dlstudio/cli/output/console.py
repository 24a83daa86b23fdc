"""Prints errors, JSON lines and a progress bar to a terminal or a pipe."""

from __future__ import annotations

import io
import json
import math
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TextIO

from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.package_errors import package_errors


class OutputError(Exception):
    """Stdout cannot be written; the text says why."""


def escape_unencodable() -> None:
    """Escape characters that the encoding of stdout or stderr lacks, such as those of a title."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_line(text: str) -> None:
    """Print a line to stdout at once.

    Raises:
        OutputError: The pipe was closed, or the disk is full.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        _discard_further_output()
        reason = (
            "was closed"
            if isinstance(error, BrokenPipeError)
            else f"cannot be written: {file_error_reason(error)}"
        )
        raise OutputError(f"the output {reason}") from error


def _discard_further_output() -> None:
    """Let stdout lead nowhere, so that no error follows when the process ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_error(text: str) -> None:
    """Print one line to stderr, prefixed by the program name; a closed stderr is ignored."""
    with suppress(OSError):
        print(f"dlstudio: {text}", file=sys.stderr, flush=True)


def report_broken_packages() -> None:
    """Print a line to stderr for each part of an installed package that could not be loaded."""
    for reason in package_errors():
        print_error(reason)


def write_json(record: Mapping[str, Any]) -> None:
    """Print one JSON object on one line; NaN and infinity become null.

    Raises:
        OutputError: Stdout cannot be written.
    """
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    print_line(json.dumps(_finite(record), ensure_ascii=not is_unicode, allow_nan=False))


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value


class ProgressBar:
    """A progress bar on one line; prints nothing if the stream is not a terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """`stream` defaults to stderr."""
        self._stream = stream or sys.stderr
        self._shown = False

    @property
    def is_terminal(self) -> bool:
        """Whether the stream is a terminal."""
        return self._stream.isatty()

    def show(self, fraction: float | None, text: str) -> None:
        """Draw `fraction` (0 to 1, or None if unknown) with a text."""
        if not self.is_terminal:
            return
        columns = shutil.get_terminal_size().columns
        width = max(10, min(32, columns - len(text) - 10))
        filled = 0 if fraction is None else round(width * min(max(fraction, 0.0), 1.0))
        share = "    " if fraction is None else f"{fraction:4.0%}"
        line = f"{'█' * filled}{'░' * (width - filled)} {share}  {text}"[: columns - 1]
        self._stream.write(f"\r\033[K{line}")
        self._stream.flush()
        self._shown = True

    def clear(self) -> None:
        """Erase the bar, so that other text can be printed."""
        if self._shown:
            self._stream.write("\r\033[K")
            self._stream.flush()
            self._shown = False
