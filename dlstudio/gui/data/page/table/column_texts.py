"""What the head of a column says about it in words. Imports no Qt."""

from __future__ import annotations

from dlstudio.gui.data.page.contents.page_contents import LEFT_OUT, PageColumn
from dlstudio.gui.widgets.number_format import format_integer

SEE_BELOW = "see below"
"""Stands for a reason that is too long; the list below the table has it in full."""


def gap_text(column: PageColumn) -> str:
    """Return how complete a column is, or why it is left out."""
    if column.role == LEFT_OUT:
        return column.reason or "not used"
    parts = [f"{format_integer(column.missing)} empty"] if column.missing else []
    if column.not_numbers:
        noun = "dates" if column.type == "date" else "numbers"
        parts.append(f"{format_integer(column.not_numbers)} not {noun}")
    return ", ".join(parts) or "complete"


def column_tip(column: PageColumn) -> str:
    """Return all facts about a column, a line each."""
    lines = [column.name, type_text(column), column.exact_range or column.range_text]
    return "\n".join(line for line in (*lines, gap_text(column)) if line)


def type_text(column: PageColumn) -> str:
    """Return the type of a column, with the number of its categories."""
    if column.type == "category":
        return f"category · {format_integer(column.distinct)}"
    return column.type
