"""One line of a benchmark's table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ResultRow:
    """What was measured, what was hoped for, what was seen.

    Attributes:
        ok: Whether the budget is kept; None where there is none.
    """

    name: str
    budget: str
    measured: str
    ok: bool | None
