"""Callbacks for progress and cancellation of work on data. Does not import torch."""

from __future__ import annotations

from collections.abc import Callable

ProgressCallback = Callable[[str, float | None], None]
"""Called with a message and the completed share, None if unknown."""
IsCancelled = Callable[[], bool]


def ignore_progress(_text: str, _done: float | None) -> None:
    """Do nothing with a progress report."""


def never_cancelled() -> bool:
    """Return False: never cancel."""
    return False
