"""Files dropped on the window: designs are opened, data is learnt from."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from dlstudio.design.examples import example_path
from dlstudio.gui.main_window import MainWindow


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
    assert window.document.path is None, "the drop itself asks nothing"
    qtbot.waitUntil(lambda: window.document.path == path)


def test_a_dropped_file_is_never_taken_away_from_where_it_lies(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "dropped.dlstudio"
    shutil.copy(example_path("xor-mlp"), path)
    event = drop(window, path, Qt.DropAction.MoveAction)
    assert event.dropAction() == Qt.DropAction.CopyAction
    qtbot.waitUntil(lambda: window.document.path == path)


def test_dropping_a_table_learns_from_it(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    table = tmp_path / "flowers.csv"
    rows = [f"{a},{a * 2},{'red' if a % 2 else 'blue'}" for a in range(40)]
    table.write_text("height,width,colour\n" + "\n".join(rows), encoding="utf-8")

    drop(window, table)
    qtbot.waitUntil(lambda: window.document.project.data.source == "csv")

    data = window.document.project.data
    assert Path(str(data.options["path"])) == table
    qtbot.waitUntil(lambda: window.document.project.data.facts is not None, timeout=60_000)
    for dialog in window.findChildren(QDialog):
        dialog.close()


def test_a_dropped_text_is_read_as_a_text(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    text = tmp_path / "story.TXT"
    text.write_text("Once upon a time, a line had no commas in it, or some.\n" * 60)
    drop(window, text)
    qtbot.waitUntil(lambda: window.document.project.data.source == "text")
    assert Path(str(window.document.project.data.options["path"])) == text
    qtbot.waitUntil(lambda: window.document.project.data.facts is not None, timeout=60_000)
    facts = window.document.project.data.facts
    assert facts is not None
    assert facts.inputs["tokens"].meaning == "tokens"
    for dialog in window.findChildren(QDialog):
        dialog.close()
