"""The cells of a table that a sample comes from, or that its features stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from dlstudio.data.core.dataset import Subset
from dlstudio.training.loop.observer import RunView

NamedCells = tuple[tuple[str, str], ...]
"""Name and cell of each column of one row."""
_CATEGORY, _PART, _MINUS, _PLUS = " = ", ": ", " − ", " + "
"""Between the name of a column and what its feature shows of it."""
_WHOLE = "\0"
"""Stands for a feature that has the name of its column."""
_SEVERAL = (_CATEGORY, _PART)


def named_cells(view: RunView, subset: Subset, sample: int) -> NamedCells:
    """Return name and cell of each input column of a sample; empty if it is of no table."""
    if view.original is None or subset.source_rows is None:
        return ()
    cells = view.original[int(subset.source_rows[sample])].cells
    names = view.original.names
    wanted = frozenset(view.columns)
    return tuple(pair for pair in zip(names, cells, strict=False) if pair[0] in wanted)


@dataclass(frozen=True, slots=True)
class FeatureGroup:
    """The features that one column became.

    Attributes:
        column: Name of the column.
        start, stop: Range of its features.
        categories: Words of the features, if each is one category.
        parts: Names of the features, if each is one part of a date.
        origin: What was subtracted from a number.
    """

    column: str
    start: int
    stop: int
    categories: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    origin: float = 0.0


class TableRows:
    """Turns rows of features back into the columns of their table."""

    def __init__(self, view: RunView) -> None:
        """Find out which features each column became."""
        self._view = view
        self.groups = tuple(_find_groups(view))

    @classmethod
    def of(cls, view: RunView, raw: Tensor | None) -> TableRows | None:
        """Return the rows of samples that have named features (N, F); None for other samples."""
        if raw is None or raw.ndim != 2 or len(view.features) != raw.shape[1]:
            return None
        return cls(view)

    def original(self, subset: Subset, sample: int) -> NamedCells:
        """Return the cells of a sample as they stand in the file, or else its features."""
        cells = named_cells(self._view, subset, sample)
        return cells or self.decode(subset.inputs["samples"][sample].tolist())

    def decode(self, features: Sequence[float]) -> NamedCells:
        """Return the columns that raw features (F,) stand for: numbers, or the likeliest words."""
        return tuple((group.column, self.decode_group(group, features)) for group in self.groups)

    def decode_group(self, group: FeatureGroup, features: Sequence[float]) -> str:
        """Return what the features of one column stand for."""
        values = features[group.start : group.stop]
        if group.categories:
            return group.categories[max(range(len(values)), key=values.__getitem__)]
        if group.parts:
            pairs = zip(group.parts, values, strict=True)
            return ", ".join(f"{part} {format_value(value)}" for part, value in pairs)
        if group.column in self._view.word_columns:
            return self._nearest_word(group, values[0])
        return format_value(values[0] + group.origin)

    def _nearest_word(self, group: FeatureGroup, value: float) -> str:
        """Return the word of the training sample whose code is nearest."""
        subset = self._view.subsets.get("train")
        if subset is None or subset.source_rows is None:
            return format_value(value)
        codes = subset.inputs["samples"][:, group.start]
        words = dict(named_cells(self._view, subset, int(torch.argmin((codes - value).abs()))))
        return words.get(group.column) or format_value(value)


def plane_axes(view: RunView) -> tuple[str, ...]:
    """Return the names of both axes of samples with two numbers; empty if they have none."""
    return view.features if len(view.features) == 2 else ()


def format_value(value: float) -> str:
    """Return a number with three digits, or all digits before its decimal point."""
    text = f"{value:.0f}" if 1000 <= abs(value) < 1e15 else f"{value:.3g}"
    return text.replace("-", "−")


def _find_groups(view: RunView) -> Iterator[FeatureGroup]:
    """Yield the groups in the order of the features, which is that of the columns."""
    names = list(view.features)
    columns = list(view.columns) or names
    start = 0
    while start < len(names):
        while columns and not _mark_of(names[start], columns[0]):
            columns = columns[1:]
        column = columns[0] if columns else names[start]
        mark, stop = _mark_of(names[start], column), start + 1
        prefix = f"{column}{mark}"
        if mark in _SEVERAL:
            while stop < len(names) and names[stop].startswith(prefix):
                stop += 1
        rest = tuple(name.removeprefix(prefix) for name in names[start:stop])
        yield _group(column, mark, start, rest)
        start, columns = stop, columns[1:]


def _group(column: str, mark: str, start: int, rest: tuple[str, ...]) -> FeatureGroup:
    stop = start + len(rest)
    if mark == _CATEGORY:
        return FeatureGroup(column, start, stop, categories=rest)
    if mark == _PART:
        return FeatureGroup(column, start, stop, parts=rest)
    origin = float(rest[0]) if mark in {_MINUS, _PLUS} else 0.0
    return FeatureGroup(column, start, stop, origin=-origin if mark == _PLUS else origin)


def _mark_of(feature: str, column: str) -> str:
    """Return what follows the column's name in that of its feature; empty if it is another's."""
    if feature == column:
        return _WHOLE
    marks = (_CATEGORY, _PART, _MINUS, _PLUS)
    return next((mark for mark in marks if feature.startswith(f"{column}{mark}")), "")
