"""Turns a table into samples: valid rows, class indices, and encoded features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dlstudio.data.core.dataset import RawSamples, RawSource, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.split import IntArray
from dlstudio.data.files.column_encoders import (
    MAX_CATEGORIES,
    ColumnEncoder,
    fit_encoder,
    sort_labels,
)
from dlstudio.data.files.csv_columns import Column, apply_choices, describe_columns
from dlstudio.data.files.csv_parser import Table, read_table
from dlstudio.data.files.truncated_list import truncate_list
from dlstudio.data.sources.framework.read_request import ReadRequest

Cells = tuple[float | str | None, ...]


@dataclass(frozen=True, slots=True)
class _ValidRows:
    """The valid rows, with cells typed by column use."""

    columns: tuple[Column, ...]
    cells: tuple[Cells, ...]
    warnings: tuple[str, ...]

    def with_role(self, role: str) -> list[tuple[Column, Cells]]:
        pairs = zip(self.columns, self.cells, strict=True)
        return [(column, cells) for column, cells in pairs if column.role == role]


def read_csv(request: ReadRequest) -> RawSource:
    """Return a table as samples; fill values and categories are fitted on the training rows.

    Raises:
        DataError: The file cannot be read, the target columns are missing or contradictory, or
            no row is valid.
    """
    path, options = request.file, request.options
    table = read_table(path, options["delimiter"], options["header"])
    columns = apply_choices(describe_columns(table), options["columns"])
    _require_roles(columns, path)
    rows = _valid_rows(table, columns)
    target, class_names = _target(rows)
    count = len(target)
    by_class = bool(class_names)

    def make_samples(training_rows: IntArray) -> RawSamples:
        return _encode(rows, training_rows, torch.from_numpy(target), class_names)

    return RawSource(count, target if by_class else None, has_test=False, make_samples=make_samples)


def _require_roles(columns: Sequence[Column], path: Path) -> None:
    uses = [column.use for column in columns]
    if all(column.role != "feature" for column in columns):
        raise DataError(f"{path} has no input column. Mark at least one column as an input.")
    if "class" not in uses and "value" not in uses:
        raise DataError(f"{path} has no column to predict. Mark one as class or value.")
    if uses.count("class") > 1 or ("class" in uses and "value" in uses):
        raise DataError(
            f"{path} has several columns to predict. Mark a single class, or only values."
        )


def _valid_rows(table: Table, columns: tuple[Column, ...]) -> _ValidRows:
    """Skip rows with an invalid number or a missing target, with a warning for each."""
    parsed: list[list[float | str | None]] = []
    warnings = list(table.skipped_rows)
    for row, line in enumerate(table.lines):
        try:
            parsed.append(
                [
                    _parse_cell(table, column, cells[row])
                    for column, cells in zip(columns, table.columns, strict=True)
                ]
            )
        except ValueError as error:
            warnings.append(f"{table.path}, line {line}: {error}; skipped")
    if not parsed:
        raise DataError(f"{table.path} has no valid row. First problem: {warnings[0]}.")
    return _ValidRows(
        columns, tuple(zip(*parsed, strict=True)), tuple(truncate_list(warnings, "rows"))
    )


def _parse_cell(table: Table, column: Column, cell: str | None) -> float | str | None:
    if cell is None:
        if column.role == "target":
            raise ValueError(f"the target column {column.name!r} is empty")
        return None
    if column.use not in ("number", "value"):
        return cell
    number = table.to_number(cell)
    if number is None:
        raise ValueError(f"{cell!r} in column {column.name!r} is not a number")
    return number


def _target(rows: _ValidRows) -> tuple[np.ndarray[Any, Any], tuple[str, ...]]:
    """Return class indices with class names, or values without names."""
    targets = rows.with_role("target")
    column, cells = targets[0]
    if column.use == "class":
        names = sort_labels(list({str(cell) for cell in cells}))
        if len(names) < 2:
            raise DataError(f"Column {column.name!r} contains only one class: {names[0]!r}.")
        code_of = {name: index for index, name in enumerate(names)}
        return np.array([code_of[str(cell)] for cell in cells], np.int64), names
    values = np.array([cells for _, cells in targets], np.float32).T
    return (values[:, 0] if len(targets) == 1 else values).copy(), ()


def _encode(
    rows: _ValidRows, training_rows: IntArray, target: torch.Tensor, class_names: tuple[str, ...]
) -> RawSamples:
    encoded = []
    names: list[str] = []
    indicators: set[int] = set()
    warnings = list(rows.warnings)
    for column, cells in rows.with_role("feature"):
        encoder = fit_encoder(column.name, column.use, [cells[row] for row in training_rows])
        if encoder.is_indicator:
            indicators.update(range(len(names), len(names) + len(encoder.feature_names)))
        names.extend(encoder.feature_names)
        encoded.append(encoder.encode(cells))
        warnings.extend(_category_warnings(column, encoder, cells))
    features = torch.from_numpy(np.concatenate(encoded, axis=1))
    return RawSamples(
        Subset({"samples": features}, target),
        class_names=class_names,
        columns=tuple(names),
        indicators=frozenset(indicators),
        warnings=tuple(warnings),
        target_names=()
        if class_names
        else tuple(column.name for column, _ in rows.with_role("target")),
    )


def _category_warnings(column: Column, encoder: ColumnEncoder, cells: Cells) -> list[str]:
    if column.use != "category":
        return []
    distinct = len({cell for cell in cells if cell is not None})
    if distinct > len(encoder.feature_names) == MAX_CATEGORIES:
        return [
            f"Column {column.name!r} has {distinct} categories; only the {MAX_CATEGORIES} most "
            "frequent in the training data are used"
        ]
    return []
