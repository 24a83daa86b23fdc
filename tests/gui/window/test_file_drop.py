"""Files dropped on the window: designs are opened, data is imported."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from pytestqt.qtbot import QtBot

from dlstudio.design.library.examples import example_path
from dlstudio.gui.window.main_window import MainWindow


def drop(
    window: MainWindow, path: Path, action: Qt.DropAction = Qt.DropAction.CopyAction
) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction | action,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.setDropAction(action)
    window.dropEvent(event)
    assert event.isAccepted()
    return event


def test_dropping_a_design_opens_it(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "dropped.dlstudio"
    shutil.copy(example_path("xor-mlp"), path)
    drop(window, path)
    assert window.document.path is None, "the file is opened after the drop event"
    qtbot.waitUntil(lambda: window.document.path == path)


def test_drop_is_always_a_copy(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "dropped.dlstudio"
    shutil.copy(example_path("xor-mlp"), path)
    event = drop(window, path, Qt.DropAction.MoveAction)
    assert event.dropAction() == Qt.DropAction.CopyAction
    qtbot.waitUntil(lambda: window.document.path == path)


def test_dropping_a_table_shows_it_on_the_page(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    table = tmp_path / "flowers.csv"
    rows = [f"{a},{a * 2},{'red' if a % 2 else 'blue'}" for a in range(40)]
    table.write_text("height,width,colour\n" + "\n".join(rows), encoding="utf-8")
    before = window.document.project

    drop(window, table)
    page = window.data_importer.page
    qtbot.waitUntil(lambda: page.contents is not None, timeout=60_000)

    assert window.pages.current is page
    assert page.settings.source == "csv"
    assert Path(str(page.settings.options["path"])) == table
    assert window.document.project is before, "the design changes only when the user decides"
    page.close_page()
    assert window.pages.current is None


def test_dropping_a_text_file_shows_it_on_the_page(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    text = tmp_path / "story.TXT"
    text.write_text("Once upon a time, a line had no commas in it, or some.\n" * 60)
    drop(window, text)
    page = window.data_importer.page
    qtbot.waitUntil(lambda: page.contents is not None, timeout=60_000)
    assert page.settings.source == "text"
    assert page.network is not None
    assert page.network.project.training.task == "next-token"
    page.close_page()


def test_table_that_may_be_a_series_can_be_read_as_one(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    table = tmp_path / "sunspots.csv"
    rows = [f"{1700 + index},{index * index % 83}" for index in range(60)]
    table.write_text("year,sunspots\n" + "\n".join(rows), encoding="utf-8")

    drop(window, table)
    page = window.data_importer.page
    qtbot.waitUntil(lambda: page.contents is not None, timeout=60_000)
    assert page.settings.source == "series-csv"

    page.set_source("csv")
    qtbot.waitUntil(lambda: page.contents is not None, timeout=60_000)
    assert page.contents is not None
    assert page.contents.table is not None
    page.close_page()


@pytest.mark.parametrize(
    ("name", "text"),
    [("dragged.dlstudio", "Drop to open the design"), ("dragged.csv", "Drop to open as data")],
)
def test_frame_shows_what_a_drop_does_until_the_pointer_leaves(
    window: MainWindow, tmp_path: Path, name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDragEnterEvent(
        QPoint(50, 50),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dragEnterEvent(event)
    frame = window.drop_frame
    assert (frame.isHidden(), frame.text) == (False, text)
    assert frame.geometry() == window.rect()
    window.dragLeaveEvent(QDragLeaveEvent())
    assert frame.isHidden()
    window.dragEnterEvent(event)
    nothing = QMimeData()
    window.dropEvent(
        QDropEvent(
            QPointF(50, 50),
            Qt.DropAction.CopyAction,
            nothing,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert frame.isHidden()
