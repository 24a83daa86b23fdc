"""Keeps long lists of warnings short. Knows no torch."""

from __future__ import annotations

from collections.abc import Sequence

_MOST = 20


def shortened(lines: Sequence[str], what: str) -> list[str]:
    """Return the first lines and, where there are more, a line that counts the rest."""
    if len(lines) <= _MOST:
        return list(lines)
    return [*lines[:_MOST], f"… and {len(lines) - _MOST:,} more {what} left out"]
