"""Describes a table for the page. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dlstudio.data.core.data_paths import resolve_data_path
from dlstudio.data.core.progress import ProgressCallback
from dlstudio.data.files.columns.description import Column, describe_columns
from dlstudio.data.files.columns.messages import Filling, filling_messages
from dlstudio.data.files.columns.used_table import UsedTable, read_used_table, table_options
from dlstudio.data.files.csv_columns import describe_table
from dlstudio.data.files.tables.table import NEWEST_RULES, read_table
from dlstudio.data.sources.sources import parse_options
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.data.page.contents.page_contents import (
    INPUT,
    LEFT_OUT,
    TARGET,
    PageColumn,
    PageTable,
)
from dlstudio.gui.data.page.contents.value_ranges import date_range, number_range

_FIRST_BYTES = 1 << 18
_MAX_BARS = 24
_ROLES = {"feature": INPUT, "target": TARGET, "ignore": LEFT_OUT}


def read_first_rows(settings: DataSettings, design_dir: str) -> PageTable:
    """Return a table with the rows in the first bytes of the file only."""
    path, rules = _path(settings, design_dir), _rules(settings)
    table = read_table(path, table_options(settings.options, rules), _FIRST_BYTES)
    columns = describe_columns(table, rules)
    return PageTable(
        _page_columns(columns, (), table.decimal),
        table.original,
        table.original.lines,
        table.delimiter,
        table.decimal,
        table.header,
        encoding=table.encoding,
    )


def read_whole_table(
    settings: DataSettings, design_dir: str, progress: ProgressCallback
) -> UsedTable:
    """Return a table as the data source reads it; it is read once as long as it is in use."""
    path = _path(settings, design_dir)
    options = parse_options(settings.source, settings.options)
    return read_used_table(path, options, _rules(settings), progress)


def page_table(used: UsedTable, settings: DataSettings) -> PageTable:
    """Return a table with all columns and rows."""
    guess = describe_table(used, settings.split)
    return PageTable(
        _page_columns(guess.columns, guess.fillings, guess.decimal),
        guess.original,
        guess.original.lines,
        guess.delimiter,
        guess.decimal,
        guess.header,
        guess.left_out_rows,
        guess.gap_rows,
        guess.duplicates,
        tuple(filling_messages(guess.fillings)),
        encoding=guess.encoding,
    )


def _path(settings: DataSettings, design_dir: str) -> Path:
    return resolve_data_path(str(settings.options.get("path") or ""), design_dir)


def _rules(settings: DataSettings) -> int:
    """Return the version of the rules by which the data source reads the same settings."""
    return NEWEST_RULES if settings.facts is None else settings.facts.rules


def _page_columns(
    columns: Sequence[Column], fillings: Sequence[Filling], decimal: str
) -> tuple[PageColumn, ...]:
    by_name = {filling.column: filling for filling in fillings}
    return tuple(_page_column(column, by_name, decimal) for column in columns)


def _page_column(column: Column, fillings: Mapping[str, Filling], usual_decimal: str) -> PageColumn:
    filling = fillings.get(column.name)
    fill = filling.value if filling is not None else ""
    if column.type == "number" and (column.decimal or usual_decimal) == ",":
        fill = fill.replace(".", ",")
    histogram = column.histogram
    range_text = _range_text(column)
    if histogram.labels:
        range_text = f"most: {histogram.labels[0]}"
    return PageColumn(
        name=column.name,
        role=_ROLES[column.role],
        use=column.use,
        type=column.type,
        missing=column.missing,
        distinct=column.distinct,
        not_numbers=column.not_numbers,
        bars=histogram.counts[:_MAX_BARS],
        words=histogram.labels[:_MAX_BARS],
        range_text=range_text,
        exact_range=f"{column.low} – {column.high}" if column.low else "",
        reason=column.left_out,
        fill=fill,
        fill_by=filling.how if filling is not None else "",
        input_use=column.input_use.use if column.input_use.use != "ignore" else _own_use(column),
        is_constant=column.is_constant,
    )


def _range_text(column: Column) -> str:
    if not column.low:
        return ""
    if column.type == "date":
        return date_range(column.low, column.high)
    return number_range(float(column.low), float(column.high), column.decimal or ".")


def _own_use(column: Column) -> str:
    """Return how a column that was left out can be used anyway."""
    return {"number": "number", "date": "date"}.get(column.type, "category")
