"""How work on data reports where it is, and hears that it should stop. Knows no torch."""

from __future__ import annotations

from collections.abc import Callable

ProgressCallback = Callable[[str, float | None], None]
"""Told what goes on and the share done, None where it cannot be known."""
IsCancelled = Callable[[], bool]


def ignore_progress(_text: str, _done: float | None) -> None:
    """Report to nobody."""


def never_cancelled() -> bool:
    """Never stop."""
    return False
