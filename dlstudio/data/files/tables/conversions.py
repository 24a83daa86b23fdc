"""Reads the cells of a column by the use that was chosen for it. Does not import torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from dlstudio.data.files.tables.column_types import (
    ColumnRules,
    TableColumn,
    as_dates,
    as_numbers,
)
from dlstudio.data.files.tables.gap_words import class_gaps
from dlstudio.data.files.tables.spellings import Merge, merge_spellings
from dlstudio.data.sources.framework.source_setting_types import DATE_USES

Merges = Mapping[str, Sequence[Merge]]
_WORD_USES = ("category", "ordinal", "class")


def convert_columns(
    columns: Sequence[TableColumn], uses: Mapping[str, str], rules: ColumnRules
) -> tuple[tuple[TableColumn, ...], Merges]:
    """Return the columns as their uses need them, and the spellings merged by column.

    A column of numbers used as a class keeps words such as `none`, which are gaps among numbers.
    """
    merges: dict[str, Sequence[Merge]] = {}
    converted = []
    for column in columns:
        cells = _convert(column, uses[column.name], rules, columns)
        if uses[column.name] in _WORD_USES and rules.version > 1:
            cells, merged = merge_spellings(cells)
            if merged:
                merges[column.name] = merged
        converted.append(cells)
    return tuple(converted), merges


def _convert(
    column: TableColumn, use: str, rules: ColumnRules, columns: Sequence[TableColumn]
) -> TableColumn:
    if use in ("number", "value") and column.type != "number":
        return as_numbers(column, rules)
    if use in DATE_USES and column.type != "date":
        return as_dates(column)
    if use in _WORD_USES and column.type == "number" and rules.version > 1:
        return _as_words(column, columns)
    return column


def _as_words(column: TableColumn, columns: Sequence[TableColumn]) -> TableColumn:
    elsewhere = frozenset(
        word
        for other in columns
        if other is not column and other.type == "number"
        for word in other.gap_counts
    )
    gaps = class_gaps(frozenset(column.words), elsewhere)
    if not len(column.codes):
        return column
    is_missing = np.array([word in gaps for word in column.words], np.bool_)
    counts = Counter(column.codes.tolist())
    return replace(
        column,
        missing=is_missing[column.codes],
        gap_counts={
            word: counts[code]
            for code, word in enumerate(column.words)
            if word in gaps and word and counts[code]
        },
    )
