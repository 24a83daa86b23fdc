"""Collects the cells of one column chunk by chunk, as numbers or as coded words.

Does not import torch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.data.files.tables.gap_words import is_gap
from dlstudio.data.files.tables.number_format import MAX_FLOAT32

Codes = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.float64]
_MAX_WORDS = 128
"""Different words kept for a column of numbers; beyond, the numbers alone are kept."""


@dataclass(frozen=True, slots=True)
class RawColumn:
    """The cells of a column before their meaning is decided.

    Attributes:
        words: The different cells, stripped; empty if the column holds `numbers`.
        codes: Index of each cell's word (N,); empty if the column holds `numbers`.
        numbers: Each cell as a number (N,), NaN for a gap; None if the column holds words.
        gap_counts: Number of cells by gap word in `numbers`.
    """

    words: tuple[str, ...]
    codes: Codes
    numbers: Numbers | None = None
    gap_counts: Counter[str] = field(default_factory=Counter)

    def without_last(self) -> RawColumn:
        """Return the cells of all rows but the last."""
        numbers = None if self.numbers is None else self.numbers[:-1]
        return replace(self, codes=self.codes[:-1], numbers=numbers)


class ColumnBuilder:
    """Keeps words while they are few or not numbers, else only the numbers."""

    def __init__(self, gaps: frozenset[str], decimal: str, *, keep_words: bool) -> None:
        """Start empty.

        Args:
            gaps: Words that mean an empty cell in a column of numbers.
            decimal: The usual decimal sign of the file.
            keep_words: Keep all words even if they are numbers.
        """
        self._gaps = gaps
        self._decimal = decimal
        self._keep_words = keep_words
        self._code_of: dict[str, int] = {}
        self._parts: list[Codes | Numbers] = []
        self._has_numbers = False
        self._gap_counts: Counter[str] = Counter()

    def add(self, cells: Sequence[str], marks: str = "._") -> None:
        """Add the cells of the next rows.

        Args:
            cells: The cells.
            marks: Those of `.` and `_` that may occur in them.
        """
        code_of = self._code_of
        if not self._keep_words and (
            self._has_numbers
            or len(code_of) >= _MAX_WORDS
            or len(code_of.keys() | set(cells)) > _MAX_WORDS
        ):
            numbers = to_plain_numbers(cells, self._decimal, self._gaps, self._gap_counts, marks)
            if numbers is not None:
                self._parts.append(numbers)
                self._has_numbers = True
                return
        codes = [code_of.setdefault(cell, len(code_of)) for cell in cells]
        self._parts.append(np.array(codes, np.int32))

    def build(self) -> RawColumn | None:
        """Return the column; None if it must be read again with all words."""
        words = list(self._code_of)
        if all(part.dtype == np.int32 for part in self._parts):
            codes: Any = np.concatenate(self._parts) if self._parts else np.empty(0, np.int32)
            return _strip(words, codes)
        known = to_plain_numbers(words, self._decimal, self._gaps, Counter())
        if known is None:
            return None
        gap_codes = [code for code in np.flatnonzero(np.isnan(known)) if words[code].strip()]
        parts: list[Numbers] = []
        for part in self._parts:
            if part.dtype == np.int32:
                parts.append(known[part])
                for code in gap_codes:
                    self._gap_counts[words[code].strip()] += int((part == code).sum())
            else:
                parts.append(np.asarray(part, np.float64))
        return RawColumn((), np.empty(0, np.int32), np.concatenate(parts), self._gap_counts)


def to_plain_numbers(
    cells: Sequence[str],
    decimal: str,
    gaps: frozenset[str],
    gap_counts: Counter[str],
    marks: str = "._",
) -> Numbers | None:
    """Return cells as numbers, NaN for gaps; None if one is neither in plain notation.

    Args:
        cells: The cells.
        decimal: The decimal sign; with `,` a point may not occur.
        gaps: Words that mean an empty cell.
        gap_counts: Counts the gap words other than an empty cell.
        marks: Those of `.` and `_` that may occur in the cells.
    """
    if decimal == ",":
        if "." in marks and any("." in cell for cell in cells):
            return None
        cells = [cell.replace(",", ".") for cell in cells]
    if "_" in marks and any("_" in cell for cell in cells):
        return None
    try:
        numbers = np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        counts = Counter(word for cell in cells if is_gap(word := cell.strip(), gaps))
        try:
            numbers = np.array(
                [np.nan if cell.strip() in counts else float(cell) for cell in cells], np.float64
            )
        except ValueError:
            return None
        del counts[""]
        gap_counts.update(counts)
    return None if (np.abs(numbers) > MAX_FLOAT32).any() else numbers


def _strip(words: list[str], codes: Codes) -> RawColumn:
    """Return a column of words without blanks around them."""
    stripped: dict[str, int] = {}
    new_code = np.array([stripped.setdefault(word.strip(), len(stripped)) for word in words])
    if len(stripped) == len(words):
        return RawColumn(tuple(stripped), codes)
    return RawColumn(tuple(stripped), new_code.astype(np.int32)[codes])
