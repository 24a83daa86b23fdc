from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data
from dlstudio.gui.data.columns_editor import ColumnsEditor
from dlstudio.gui.data.data_dialogs import open_columns
from tests.gui.panel_designs import checked_document, small_network, table_document


def test_column_use_can_be_changed(qtbot: QtBot, tmp_path: Path) -> None:
    document = table_document(tmp_path)
    host = QWidget()
    qtbot.addWidget(host)
    dialog = open_columns(document, host)
    assert isinstance(dialog, ColumnsEditor)
    with qtbot.waitSignal(dialog.load_finished, timeout=30_000):
        pass
    assert dialog.use_combo("buys").currentData() == "class"
    combo = dialog.use_combo("visits")
    combo.setFocus()
    while combo.currentData() != "value":
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentData() == "value"
    assert dialog.use_combo("buys").currentData() != "class"
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    qtbot.mouseClick(box.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    assert document.project.data.options["columns"] == {"visits": "value"}


def test_missing_table_shows_a_message(qtbot: QtBot) -> None:
    document = checked_document(small_network())
    data = replace(document.project.data, source="csv", options={})
    document.apply(set_data(document.project, data), "Use a table")
    host = QWidget()
    qtbot.addWidget(host)
    with qtbot.waitSignal(document.message) as message:
        assert open_columns(document, host) is None
    assert message.args == ["Choose the table's file first."]


def test_unreadable_table_shows_an_error_in_the_dialog(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ColumnsEditor({"path": str(tmp_path / "gone.csv")}, "")
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.load_finished, timeout=30_000):
        pass
    texts = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert any("gone.csv" in text for text in texts)
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    assert not box.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_opening_a_long_table_does_not_block_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    rows = "\n".join(
        f"{number},{number % 7},{number % 13},{'yes' if number % 7 > 3 else 'no'}"
        for number in range(60_000)
    )
    (tmp_path / "long.csv").write_text(f"id,visits,items,buys\n{rows}\n")
    start = time.perf_counter()
    dialog = ColumnsEditor({"path": "long.csv"}, str(tmp_path))
    qtbot.addWidget(dialog)
    dialog.show()
    assert time.perf_counter() - start < 0.1
    with qtbot.waitSignal(dialog.load_finished, timeout=30_000):
        pass
    assert dialog.use_combo("buys").currentData() == "class"
