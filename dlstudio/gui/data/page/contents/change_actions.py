"""What can be done about an entry in the list of changes. Imports no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.data.sources.framework.source_setting_types import DATE_USES
from dlstudio.gui.data.page.contents.page_contents import LEFT_OUT, PageColumn, PageTable

ALL_ROWS, LEFT_OUT_ROWS, GAP_ROWS = "all", "left out", "gaps"


@dataclass(frozen=True, slots=True)
class ShowPlace:
    """Show the rows and columns that an entry is about, and mark them.

    Attributes:
        rows: `left out`, `gaps`, or `all` to mark whole columns.
        reason: Why the marked rows are left out; empty for all of them.
        columns: Names of the marked columns; empty to mark whole rows.
    """

    title: str = "Show"
    rows: str = ALL_ROWS
    reason: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UseColumn:
    """Use a column in another way: its opposite."""

    title: str
    column: str
    use: str


@dataclass(frozen=True, slots=True)
class SetOption:
    """Read the data with another option."""

    title: str
    option: str
    value: str


ChangeAction = ShowPlace | UseColumn | SetOption
LEAVE_OUT_GAPS = SetOption("Leave out rows", "gaps", "leave out")
FILL_GAPS = SetOption("Fill instead", "gaps", "fill")


def names_in(text: str, table: PageTable | None) -> tuple[str, ...]:
    """Return the columns whose quoted name stands in a text."""
    columns = () if table is None or table.is_fixed else table.columns
    return tuple(column.name for column in columns if repr(column.name) in text)


def row_actions(why: str, table: PageTable) -> tuple[ChangeAction, ...]:
    """Return the actions for rows that are left out for one reason."""
    columns = names_in(why, table)
    show = ShowPlace(rows=LEFT_OUT_ROWS, reason=why, columns=columns)
    return (show, FILL_GAPS) if why.startswith("the input column ") else (show,)


def column_actions(column: PageColumn) -> tuple[ChangeAction, ...]:
    """Return the actions for a column that is left out."""
    anyway = UseColumn("Use anyway", column.name, column.input_use)
    return (anyway, *calendar_actions(column))


def calendar_actions(column: PageColumn) -> tuple[ChangeAction, ...]:
    """Return the other way to use a column of dates; nothing for other columns and for times."""
    if column.type != "date" or "-" not in column.exact_range:
        return ()
    calendar = UseColumn("Month and weekday only", column.name, "calendar")
    if column.role == LEFT_OUT or column.use not in DATE_USES:
        return (calendar,)
    return (calendar,) if column.use == "date" else (UseColumn("Whole date", column.name, "date"),)
