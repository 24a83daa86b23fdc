"""Option types for argparse: each parses a text or raises with the reason."""

from __future__ import annotations

import argparse

MAX_SEED = 2**31 - 1
MAX_THREADS = 1024
"""Far above this torch aborts the process without a message."""


def positive_int(text: str) -> int:
    """Return an integer of 1 or more."""
    number = _int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number


def non_negative_int(text: str) -> int:
    """Return an integer of 0 or more."""
    number = _int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative")
    return number


def seed(text: str) -> int:
    """Return an integer from 0 to `MAX_SEED`."""
    number = non_negative_int(text)
    if number > MAX_SEED:
        raise argparse.ArgumentTypeError(f"{text[:40]} is more than {MAX_SEED}")
    return number


def thread_count(text: str) -> int:
    """Return an integer from 1 to `MAX_THREADS`."""
    number = positive_int(text)
    if number > MAX_THREADS:
        raise argparse.ArgumentTypeError(f"{text} is more than {MAX_THREADS}")
    return number


def size(text: str) -> tuple[int, int]:
    """Return width and height of a text such as `1280x800`."""
    width, separator, height = text.lower().partition("x")
    if not (separator and width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1280x800")
    return int(width), int(height)


def _int(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not an integer") from None
