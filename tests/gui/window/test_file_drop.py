"""Files dropped on the window: designs are opened, data is imported."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDialog
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


def test_dropping_a_table_imports_it(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
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


def test_dropping_a_text_file_imports_it(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    text = tmp_path / "story.TXT"
    text.write_text("Once upon a time, a line had no commas in it, or some.\n" * 60)
    drop(window, text)
    qtbot.waitUntil(lambda: window.document.project.data.source == "text")
    assert Path(str(window.document.project.data.options["path"])) == text
    qtbot.waitUntil(lambda: window.document.project.data.facts is not None, timeout=60_000)
    info = window.document.project.data.facts
    assert info is not None
    assert info.inputs["tokens"].meaning == "tokens"
    for dialog in window.findChildren(QDialog):
        dialog.close()


@pytest.mark.parametrize(
    ("answer", "source"), [("series-csv", "series-csv"), ("csv", "csv"), ("", "digits")]
)
def test_table_that_looks_like_a_series_prompts(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, answer: str, source: str
) -> None:
    table = tmp_path / "sunspots.csv"
    rows = [f"{1700 + index},{index * index % 83}" for index in range(60)]
    table.write_text("year,sunspots\n" + "\n".join(rows), encoding="utf-8")
    window.prompts.source = answer

    drop(window, table)
    qtbot.waitUntil(lambda: window.prompts.calls == ["read sunspots.csv: series-csv, csv"])

    data = window.document.project.data
    assert data.source == source
    assert ("path" in data.options) == bool(answer)
    for dialog in window.findChildren(QDialog):
        dialog.close()
