"""The buttons beside what was changed: each shows its place or does the opposite."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.gui.data.page.contents.change_actions import (
    FILL_GAPS,
    GAP_ROWS,
    LEAVE_OUT_GAPS,
    LEFT_OUT_ROWS,
    ChangeAction,
    ShowPlace,
    UseColumn,
)
from dlstudio.gui.data.page.data_page import DataPage
from dlstudio.gui.data.page.table.table_model import RowFilter
from tests.gui.data.page.page_helpers import actions, read


def run(page: DataPage, action: ChangeAction, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.read_finished, timeout=120_000):
        page.changes.action_requested.emit(action)


def test_show_marks_the_cells_that_a_reason_is_about(
    page: DataPage, flats: Path, qtbot: QtBot
) -> None:
    read(page, flats, qtbot)
    place = next(
        action
        for action in actions(page)
        if isinstance(action, ShowPlace) and "on request" in action.reason
    )
    assert place.columns == ("area",)
    page.changes.action_requested.emit(place)
    model = page.table.model
    first = model.first_marked()
    assert model.row(first.row()).cells[first.column()] == "on request"
    assert first.column() == 2
    assert page.table.header.marked == ("area",)
    assert (
        sum(
            model.is_marked(model.row(row), model.column(column), "")
            for row in range(model.rowCount())
            for column in range(5)
        )
        == 1
    )
    page.table.show_rows(RowFilter.ALL)
    assert model.marked is None


def test_show_marks_the_gaps(page: DataPage, flats: Path, qtbot: QtBot) -> None:
    read(page, flats, qtbot)
    place = ShowPlace(rows=GAP_ROWS, columns=("area",))
    assert place in actions(page)
    page.changes.action_requested.emit(place)
    assert page.table.model.row_filter is RowFilter.GAPS
    assert page.table.model.first_marked().column() == 2


def test_rows_with_gaps_are_left_out_and_filled_again(
    page: DataPage, flats: Path, qtbot: QtBot
) -> None:
    read(page, flats, qtbot)
    page.changes.action_requested.emit(ShowPlace(rows=GAP_ROWS, columns=("area",)))
    run(page, LEAVE_OUT_GAPS, qtbot)
    assert page.table.model.row_filter is RowFilter.ALL
    contents = page.contents
    assert contents is not None
    assert contents.summary is not None
    assert sum(contents.summary.samples.values()) == 115
    reasons = [item.why for item in contents.summary.left_out if item.what == "row"]
    assert reasons.count("the input column 'area' is empty") == 2
    assert page.network is not None
    assert page.network.project.data.options["gaps"] == "leave out"
    shown = [a for a in actions(page) if isinstance(a, ShowPlace) and a.rows == LEFT_OUT_ROWS]
    assert (
        ShowPlace(rows=LEFT_OUT_ROWS, reason="the input column 'area' is empty", columns=("area",))
        in shown
    )
    run(page, FILL_GAPS, qtbot)
    assert LEAVE_OUT_GAPS in actions(page)


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    """Return a table with a date for each of 90 rows."""
    lines = ["when,count,busy"]
    for index in range(90):
        month, day = divmod(index, 28)
        lines.append(f"2026-{month + 1:02}-{day + 1:02},{index % 7},{('yes', 'no')[index % 2]}")
    path = tmp_path / "visits.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_date_becomes_month_and_weekday_and_a_date_again(
    page: DataPage, visits: Path, qtbot: QtBot
) -> None:
    read(page, visits, qtbot)
    calendar = UseColumn("Month and weekday only", "when", "calendar")
    assert calendar in actions(page)
    with qtbot.waitSignal(page.read_finished, timeout=120_000):
        page.choose_use("when", "ignore")
    assert calendar in actions(page)
    run(page, calendar, qtbot)
    contents = page.contents
    assert contents is not None
    assert contents.preview is not None
    assert contents.preview.columns[:4] == (
        "when: month sin", "when: month cos", "when: weekday sin", "when: weekday cos",
    )  # fmt: skip
    assert UseColumn("Whole date", "when", "date") in actions(page)
