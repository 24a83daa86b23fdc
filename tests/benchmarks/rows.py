"""One line of a benchmark's table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, what was hoped for, what was seen.

    Attributes:
        ok: Whether the budget is kept; None where there is none.
    """

    what: str
    budget: str
    figure: str
    ok: bool | None
