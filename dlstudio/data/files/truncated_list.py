"""Truncates long lists of warnings. Does not import torch."""

from __future__ import annotations

from collections.abc import Sequence

_MAX_LINES = 20


def truncate_list(lines: Sequence[str], noun: str) -> list[str]:
    """Return the first 20 lines and, if there are more, a line with the number left."""
    if len(lines) <= _MAX_LINES:
        return list(lines)
    return [*lines[:_MAX_LINES], f"… and {len(lines) - _MAX_LINES:,} more {noun} skipped"]
