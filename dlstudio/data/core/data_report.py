"""What a reader left out of the user's data, and its columns. Does not import torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_MAX_LINES = 20


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in the user's data that is not used.

    Attributes:
        what: What it is, a singular noun: `row`, `column`, `image`, `file`, `folder`.
        where: Its place: `line 9`, a column's name, a path below the data's folder.
        why: The reason, a clause without a full stop.
        count: How many of them there are, with `where` naming the first.
    """

    what: str
    where: str
    why: str
    count: int = 1

    @property
    def noun(self) -> str:
        """What it is, with the number if there are several: `row`, `3 rows`."""
        number = "" if self.count == 1 else f"{self.count:,} "
        return f"{number}{_plural(self.what, self.count)}"

    @property
    def text(self) -> str:
        """One line for the log and the console."""
        return f"{self.where}: {self.why}; {self.noun} left out"


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """One column of a table as it is used.

    Attributes:
        role: `input`, `target` or `left out`.
        type: `number`, `category`, `date` or `text`.
        missing: Number of cells without a value.
        distinct: Number of different values.
    """

    name: str
    role: str
    type: str
    missing: int
    distinct: int


def left_out_lines(left_out: Sequence[LeftOut]) -> tuple[str, ...]:
    """Return the first 20 as lines and, if there are more, a line that counts the rest."""
    lines = [item.text for item in left_out[:_MAX_LINES]]
    rest: Counter[str] = Counter()
    for item in left_out[_MAX_LINES:]:
        rest[item.what] += item.count
    if rest:
        counts = ", ".join(f"{count:,} {_plural(what, count)}" for what, count in rest.items())
        lines.append(f"… and {counts} more left out")
    return tuple(lines)


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
