"""One row of a benchmark's table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ResultRow:
    """A measurement and its budget.

    Attributes:
        ok: Whether the budget is met; None if the measurement has no budget or was not made.
    """

    name: str
    budget: str
    measured: str
    ok: bool | None
