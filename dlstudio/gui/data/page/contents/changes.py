"""What was changed or left out, as a list in words. Imports no Qt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.sources.framework.source_setting_types import DATE_USES
from dlstudio.gui.data.page.contents.change_actions import (
    GAP_ROWS,
    LEAVE_OUT_GAPS,
    ChangeAction,
    ShowPlace,
    calendar_actions,
    column_actions,
    names_in,
    row_actions,
)
from dlstudio.gui.data.page.contents.page_contents import (
    INPUT,
    LEFT_OUT,
    PageColumn,
    PageContents,
    PageTable,
)
from dlstudio.gui.widgets.number_format import format_integer

_MAX_PLACES = 4
_MAX_COLUMNS = 12
_MAX_NOTES = 12


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """One change.

    Attributes:
        icon: Name of its icon.
        title: What was done.
        detail: Where, or what it means.
        actions: What its buttons do.
    """

    icon: str
    title: str
    detail: str = ""
    actions: tuple[ChangeAction, ...] = ()


def change_entries(contents: PageContents) -> tuple[ChangeEntry, ...]:
    """Return everything that was changed or left out, the most important first."""
    entries = [
        *_left_out(contents),
        *_columns_left_out(contents.table),
        *_filled_gaps(contents.table),
        *_encoding(contents.table),
        *_notes(contents),
    ]
    table = contents.table
    if table is not None and not table.is_fixed and not table.duplicates:
        constant = any(column.is_constant for column in table.columns)
        title = "No row appears twice" + ("" if constant else ", no column is constant")
        entries.append(ChangeEntry("check", title))
    if not any(entry.icon in ("remove", "eye-off") for entry in entries):
        entries.append(ChangeEntry("check", "Nothing was left out"))
    return tuple(entries)


def _left_out(contents: PageContents) -> Iterator[ChangeEntry]:
    summary = contents.summary
    places: dict[tuple[str, str], list[LeftOut]] = defaultdict(list)
    counts: Counter[tuple[str, str]] = Counter()
    for item in () if summary is None else summary.left_out:
        if item.what != "column":
            places[item.what, item.why].append(item)
            counts[item.what, item.why] += item.count
    for (what, why), count in counts.most_common():
        where = places[what, why]
        noun = what if count == 1 else f"{what}s"
        table = contents.table if what == "row" else None
        yield ChangeEntry(
            "remove",
            f"{format_integer(count)} {noun} left out: {why}",
            _places(where),
            () if table is None else row_actions(why, table),
        )


def _places(items: Sequence[LeftOut]) -> str:
    """Return some places: `lines 9, 10, 175, 302 and 3 more`."""
    where = [item.where for item in items]
    are_lines = all(place.startswith("line ") for place in where)
    shown = [place.removeprefix("line ") for place in where] if are_lines else where
    text = ", ".join(shown[:_MAX_PLACES])
    rest = sum(item.count for item in items[_MAX_PLACES:])
    if rest:
        text += f" and {format_integer(rest)} more"
    return f"line{'s' if len(where) > 1 else ''} {text}" if are_lines else text


def _columns_left_out(table: PageTable | None) -> Iterator[ChangeEntry]:
    columns = [] if table is None else [c for c in table.columns if c.role == LEFT_OUT]
    for column in columns[:_MAX_COLUMNS]:
        yield ChangeEntry(
            "eye-off",
            f"{column.name} left out" + (f": {column.reason}" if column.reason else ""),
            f"{format_integer(column.distinct)} different values",
            column_actions(column),
        )
    if len(columns) > _MAX_COLUMNS:
        rest = ", ".join(column.name for column in columns[_MAX_COLUMNS:][:_MAX_PLACES])
        count = format_integer(len(columns) - _MAX_COLUMNS)
        yield ChangeEntry("eye-off", f"{count} more columns left out", f"{rest}, …")


def _filled_gaps(table: PageTable | None) -> Iterator[ChangeEntry]:
    columns = () if table is None else table.columns
    filled = [column for column in columns if column.role == INPUT and column.fill_by]
    if not filled:
        return
    count = sum(column.missing for column in filled)
    cells = f"{format_integer(count)} empty cell{'' if count == 1 else 's'}"
    hows = " or ".join(dict.fromkeys(column.fill_by for column in filled))
    place = ShowPlace(rows=GAP_ROWS, columns=tuple(column.name for column in filled))
    yield ChangeEntry(
        "wrench",
        f"{cells} filled with the {hows} of the training rows",
        _per_column(filled),
        (place, LEAVE_OUT_GAPS),
    )


def _per_column(columns: Sequence[PageColumn]) -> str:
    text = " · ".join(f"{c.name} {c.missing} → {c.fill}" for c in columns[:_MAX_PLACES])
    rest = len(columns) - _MAX_PLACES
    return f"{text} and {rest} more columns" if rest > 0 else text


def _encoding(table: PageTable | None) -> Iterator[ChangeEntry]:
    inputs = [] if table is None else [c for c in table.columns if c.role == INPUT]
    words = [column for column in inputs if column.use == "category"]
    numbers = [column for column in inputs if column.use == "number"]
    if words:
        yield ChangeEntry(
            "wrench",
            f"{len(words)} column{'' if len(words) == 1 else 's'} of words became 0 and 1, one "
            "for each word",
            " · ".join(f"{c.name} {c.distinct}" for c in words[: 2 * _MAX_PLACES]),
            (ShowPlace(columns=tuple(column.name for column in words)),),
        )
    if numbers:
        yield ChangeEntry(
            "wrench",
            "Numbers are standardised",
            "mean 0 and standard deviation 1 in the training rows",
        )


def _notes(contents: PageContents) -> Iterator[ChangeEntry]:
    table, summary = contents.table, contents.summary
    shown = () if table is None else table.filling_notes
    notes = [note for note in (summary.notes if summary else ()) if note not in shown]
    for note in notes[:_MAX_NOTES]:
        yield ChangeEntry("info", note, actions=_note_actions(note, table))
    if len(notes) > _MAX_NOTES:
        yield ChangeEntry("info", f"{len(notes) - _MAX_NOTES} more notes; see the log")


def _note_actions(note: str, table: PageTable | None) -> tuple[ChangeAction, ...]:
    names = names_in(note, table)
    if table is None or not names:
        return ()
    place = ShowPlace(columns=names)
    column = next(column for column in table.columns if column.name == names[0])
    is_about_date = column.type == "date" and len(names) == 1 and column.role == INPUT
    return (place, *calendar_actions(column)) if is_about_date else (place,)


def inputs_text(table: PageTable | None) -> str:
    """Return what the inputs are: `6 numbers, 2 categories`; empty without a table."""
    uses = [] if table is None else [c.use for c in table.columns if c.role == INPUT]
    uses = ["date" if use in DATE_USES else use for use in uses]
    nouns = (
        ("number", "number", "numbers"),
        ("category", "category", "categories"),
        ("ordinal", "ordered category", "ordered categories"),
        ("date", "date", "dates"),
    )
    counts = [(uses.count(use), one, several) for use, one, several in nouns]
    return ", ".join(f"{n:,} {one if n == 1 else several}" for n, one, several in counts if n)
