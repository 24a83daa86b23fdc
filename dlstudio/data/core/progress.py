"""Callbacks for progress and cancellation of work on data. Knows no torch."""

from __future__ import annotations

from collections.abc import Callable

ProgressCallback = Callable[[str, float | None], None]
"""Called with a message and the completed share, None where it is unknown."""
IsCancelled = Callable[[], bool]


def ignore_progress(_text: str, _done: float | None) -> None:
    """Ignore progress."""


def never_cancelled() -> bool:
    """Return False: never cancel."""
    return False
