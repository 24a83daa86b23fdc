"""Turns a table into samples: valid rows, class indices, and encoded features."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from dlstudio.data.core.dataset import RawSamples, RawSource, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.split import IntArray
from dlstudio.data.files.column_encoders import (
    MAX_CATEGORIES,
    ColumnEncoder,
    NumericEncoder,
    find_origin,
    fit_encoder,
    sort_labels,
)
from dlstudio.data.files.columns.description import Column
from dlstudio.data.files.columns.messages import (
    Filling,
    duplicate_messages,
    filling_messages,
    merged_values_message,
)
from dlstudio.data.files.columns.used_table import UsedTable, count_duplicates, read_used_table
from dlstudio.data.files.csv_columns import change_messages, find_fillings
from dlstudio.data.files.tables.column_types import TableColumn
from dlstudio.data.files.tables.table import NEWEST_RULES
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.data.sources.framework.source_setting_types import DATE_USES

Target = npt.NDArray[np.int64] | npt.NDArray[np.float32]


def read_csv(request: ReadRequest) -> RawSource:
    """Return a table as samples; fill values and categories are fitted on the training rows.

    A design that was trained on the features of earlier rules keeps them.

    Raises:
        DataError: The file cannot be read, the target columns are missing or contradictory, or
            no row is valid.
    """
    facts = request.settings.facts
    rules = NEWEST_RULES if facts is None else facts.rules
    used = read_used_table(request.file, request.options, rules, request.progress)
    _require_roles(used.columns, request.file)
    if not len(used):
        first = next(item for item in used.left_out if item.what == "row")
        raise DataError(
            f"{request.file} has no valid row. First problem: {first.where}: {first.why}."
        )
    target, class_names = _target(used)

    def make_samples(training_rows: IntArray) -> RawSamples:
        request.progress(f"Preparing {len(used):,} samples", None)
        return _encode(used, training_rows, target, class_names)

    by_class = target.astype(np.int64) if class_names else None
    return RawSource(len(used), by_class, has_test=False, make_samples=make_samples)


def _require_roles(columns: Sequence[Column], path: Path) -> None:
    uses = [column.use for column in columns]
    if all(column.role != "feature" for column in columns):
        reasons = "; ".join(
            f"{column.name!r} is left out ({column.left_out})"
            for column in columns[:5]
            if column.role == "ignore"
        )
        because = f": {reasons}" if reasons else ""
        raise DataError(
            f"{path} has no input column{because}. Mark at least one column as an input."
        )
    if "class" not in uses and "value" not in uses:
        raise DataError(f"{path} has no column to predict. Mark one as class or value.")
    if uses.count("class") > 1 or ("class" in uses and "value" in uses):
        raise DataError(
            f"{path} has several columns to predict. Mark a single class, or only values."
        )


def _target(used: UsedTable) -> tuple[Target, tuple[str, ...]]:
    """Return class indices with class names, or values without names."""
    targets = used.with_role("target")
    column, cells = targets[0]
    if column.use == "class":
        names = sort_labels(list(cells.word_counts()))
        if len(names) < 2:
            raise DataError(
                f"Column {column.name!r} contains only one class: {names[0]!r}. Mark another "
                "column as the one to predict."
            )
        code_of = {name: index for index, name in enumerate(names)}
        class_of_word = np.array([code_of.get(word, -1) for word in cells.words], np.int64)
        return class_of_word[cells.codes], names
    columns = [_values(cells) for _, cells in targets]
    values = np.stack(columns, axis=1).astype(np.float32)
    return (values[:, 0] if len(targets) == 1 else values).copy(), ()


def _values(cells: TableColumn) -> npt.NDArray[np.float64]:
    assert cells.numbers is not None, f"{cells.name} has no numbers"
    return cells.numbers


def _encode(
    used: UsedTable, training_rows: IntArray, target: Target, class_names: tuple[str, ...]
) -> RawSamples:
    encoded: list[npt.NDArray[np.float32]] = []
    names: list[str] = []
    indicators: set[int] = set()
    notes: list[str] = []
    fillings: list[Filling] = []
    for column, cells in used.with_role("feature"):
        encoder = fit_encoder(cells, column.use, training_rows, used.table.rules.version)
        if encoder.is_indicator:
            indicators.update(range(len(names), len(names) + len(encoder.feature_names)))
        names.extend(encoder.feature_names)
        encoded.append(encoder.encode(cells))
        notes.extend(_encoder_notes(column, encoder, cells))
    fillings.extend(find_fillings(used, training_rows))
    targets = used.with_role("target")
    return RawSamples(
        Subset(
            {"samples": torch.from_numpy(np.concatenate(encoded, axis=1))},
            torch.from_numpy(target),
            source_rows=torch.from_numpy(used.rows),
        ),
        class_names=class_names,
        columns=tuple(names),
        indicators=frozenset(indicators),
        warnings=(
            *change_messages(used),
            *filling_messages(fillings),
            *notes,
            *_close_targets(used),
            *duplicate_messages(count_duplicates(used)),
        ),
        target_names=() if class_names else tuple(column.name for column, _ in targets),
        left_out=used.left_out,
        table=tuple(column.summary for column in used.columns),
        original=used.original,
        rules=used.table.rules.version,
    )


def _close_targets(used: UsedTable) -> list[str]:
    return [
        merged_values_message(column.name)
        for column, cells in used.with_role("target")
        if column.use == "value" and find_origin(_values(cells))
    ]


def _encoder_notes(column: Column, encoder: ColumnEncoder, cells: TableColumn) -> list[str]:
    """Return lines on what the features do not show of a column."""
    if isinstance(encoder, NumericEncoder) and encoder.origin:
        return [
            f"Column {column.name!r}: its values minus {encoder.origin:.0f} are used, because "
            "32-bit numbers do not tell them apart"
        ]
    if column.use in DATE_USES:
        return [f"Column {column.name!r}: the dates become {', '.join(encoder.feature_names)}"]
    if column.use != "category":
        return []
    distinct = len(cells.word_counts())
    if distinct > len(encoder.feature_names) == MAX_CATEGORIES:
        return [
            f"Column {column.name!r} has {distinct} categories; only the {MAX_CATEGORIES} most "
            "frequent in the training data are used"
        ]
    return []
