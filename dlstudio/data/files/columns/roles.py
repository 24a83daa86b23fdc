"""Decides whether a column of a table is an input, and how it is encoded. Imports no torch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np

from dlstudio.data.files.tables.cell_types import is_number
from dlstudio.data.files.tables.column_types import TableColumn
from dlstudio.data.files.tables.table import Table

MAX_CLASSES = 20
_CLASSIC_ID_NAMES = ("id", "index", "no", "nr", "row", "unnamed: 0", "column 1")
_ID_WORDS = frozenset(
    {"id", "ids", "idx", "index", "no", "nr", "num", "number", "nummer", "row", "rownum", "key",
     "pk", "uid", "uuid", "guid", "record", "case", "obs", "observation", "serial", "sample",
     "lfd", "lfdnr", "zeile", "#", "unnamed", "column"}
)  # fmt: skip
_ID_ENDINGS = ("id", "nummer", "number", "index", "_no", "nr")
_WORDS = re.compile(r"#|[A-Z]?[a-zß-ÿ]+|[A-Z]+(?![a-z])")
_MIN_COUNTED = 10
_MAX_WORDS = 100
_TEXT_LENGTH = 40
_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class InputUse:
    """The guessed use of a column that is not the target.

    Attributes:
        use: Key of `source_setting_types.COLUMN_USES`.
        type: `number`, `category`, `date` or `text`.
        left_out: Why it is not used, a clause without a full stop; empty if it is.
    """

    use: str
    type: str
    left_out: str = ""


def input_use(
    table: Table, column: TableColumn, counts: Mapping[str, int], distinct: int, rules: int
) -> InputUse:
    """Return how a column would be used as an input.

    Args:
        table: The table.
        column: The column.
        counts: Number of cells by word.
        distinct: Number of different values.
        rules: 1 decides as the first version did.
    """
    present = int((~column.missing).sum())
    if rules == 1:
        return _first_use(column, present, max(distinct, len(counts)))
    if not present:
        return InputUse("ignore", column.type, "all cells are empty")
    if distinct == 1:
        return InputUse("ignore", column.type, "the same value in all rows")
    if column.type == "number":
        reason = _identifier_reason(table, column, distinct, present)
        return InputUse("ignore" if reason else "number", "number", reason)
    if column.type == "date":
        return InputUse("date", "date")
    return _word_use(counts, distinct, present)


def _first_use(column: TableColumn, present: int, distinct: int) -> InputUse:
    numeric = column.type == "number"
    all_differ = distinct == present > MAX_CLASSES
    named_id = column.name.strip().lower() in _CLASSIC_ID_NAMES
    if not present:
        return InputUse("ignore", column.type, "all cells are empty")
    if all_differ and (not numeric or named_id):
        return InputUse("ignore", column.type, "a different value in each row")
    return InputUse("number" if numeric else "category", column.type)


def _identifier_reason(table: Table, column: TableColumn, distinct: int, present: int) -> str:
    """Return why a column of numbers is an identifier, empty if it is none."""
    if column.numbers is None or not _is_id_name(column.name, header=table.header):
        return ""
    values = column.numbers[~np.isnan(column.numbers)]
    if not (values == np.round(values)).all():
        return ""
    steps = np.diff(values)
    if len(values) >= _MIN_COUNTED and abs(steps[0]) == 1 and (steps == steps[0]).all():
        return "it counts the rows, and would only tell their order in the file"
    if distinct == present > MAX_CLASSES:
        return "a different number in each row, as an identifier has"
    return ""


def _is_id_name(name: str, *, header: bool) -> bool:
    """Whether a name is that of an identifier: `id`, `customer_id`, `PassengerId`, `No.`."""
    text = name.strip()
    if text.lower() in _CLASSIC_ID_NAMES:
        return True
    words = [word.lower() for word in _WORDS.findall(text)]
    if not words:
        return False
    if words[0] == "column":
        return not header or text == "column 1"
    return (
        words[-1] in _ID_WORDS
        or words[0] in ("id", "index", "unnamed", "#")
        or (len(words[-1]) > 4 and words[-1].endswith(_ID_ENDINGS))
    )


def _word_use(counts: Mapping[str, int], distinct: int, present: int) -> InputUse:
    length = sum(len(word) * times for word, times in counts.items()) / present
    if distinct > MAX_CLASSES and _are_numbers(counts):
        return InputUse("ignore", "text", "its numbers are written in several ways")
    if distinct > MAX_CLASSES and length > _TEXT_LENGTH:
        return InputUse("ignore", "text", f"{distinct:,} different texts; a table uses none")
    if distinct == present > MAX_CLASSES:
        return InputUse("ignore", "text", "a different value in each row")
    if distinct > max(_MAX_WORDS, present // 2):
        return InputUse("ignore", "text", f"{distinct:,} different values in {present:,} rows")
    return InputUse("category", "category")


def _are_numbers(counts: Mapping[str, int]) -> bool:
    """Whether most words are numbers, though no one way of writing reads nine in ten of them."""
    sample = list(islice(counts, _SAMPLE))
    return sum(map(is_number, sample)) >= 0.9 * len(sample)
