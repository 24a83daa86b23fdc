from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.data.columns_editor import ColumnsEditor
from dlstudio.gui.data.data_dialogs import open_columns, open_points, open_preview
from dlstudio.gui.data.data_plots import BalanceBars, ImageGrid, ScatterPlot
from dlstudio.gui.data.data_preview import DataPreview
from dlstudio.gui.data.point_editor import PointsDialog
from dlstudio.gui.document.document import Document
from tests.gui.panel_designs import checked_document, small_network


@pytest.mark.parametrize(
    ("source", "form"), [("digits", ImageGrid), ("moons", ScatterPlot), ("wine", QTableWidget)]
)
def test_the_preview_shows_samples_balance_and_sizes(
    qtbot: QtBot, source: str, form: type[QWidget]
) -> None:
    dialog = DataPreview(DataSettings(source=source))
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.load_finished, timeout=30_000):
        pass
    assert dialog.findChild(form) is not None
    assert dialog.findChild(BalanceBars) is not None
    assert "for training" in dialog.status.text()
    assert dialog.close_button.text() == "Close"
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


def test_the_preview_of_a_text_shows_text(qtbot: QtBot) -> None:
    dialog = DataPreview(DataSettings("text", {"window": 20}))
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.load_finished, timeout=30_000):
        pass
    table = dialog.findChild(QTableWidget)
    assert isinstance(table, QTableWidget)
    sample, target = table.item(0, 0), table.item(0, 1)
    assert sample is not None
    assert target is not None
    assert sample.text()[1:] == target.text()[:-1]
    assert "20 tokens" in dialog.status.text()


def test_preview_of_arrays_shows_a_header_for_every_column(qtbot: QtBot, tmp_path: Path) -> None:
    x = np.arange(120, dtype=np.float32).reshape(40, 3)
    np.savez(tmp_path / "arrays.npz", x=x, y=np.arange(40) % 2)
    dialog = DataPreview(DataSettings("npz", {"path": str(tmp_path / "arrays.npz")}))
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.load_finished, timeout=30_000):
        pass
    table = dialog.findChild(QTableWidget)
    assert isinstance(table, QTableWidget)
    model = table.model()
    headers = [
        model.headerData(index, Qt.Orientation.Horizontal) for index in range(table.columnCount())
    ]
    assert headers == ["x0", "x1", "x2", "target"]
    row = [float(model.index(0, index).data()) for index in range(4)]
    assert row[1:3] == [row[0] + 1, row[0] + 2]
    assert row[3] == (row[0] / 3) % 2


def test_unreadable_data_shows_an_error(qtbot: QtBot, tmp_path: Path) -> None:
    options = {"path": str(tmp_path / "gone.csv")}
    dialog = DataPreview(DataSettings(source="csv", options=options))
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.load_finished, timeout=30_000):
        pass
    assert "gone.csv" in dialog.status.text()
    assert not dialog.progress_bar.isVisible()
    assert dialog.close_button.width() < dialog.width() / 3
    assert dialog.close_button.y() > dialog.height() / 2


def test_closing_the_dialog_early_cancels_the_task(qtbot: QtBot) -> None:
    dialog = DataPreview(DataSettings(source="digits"))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    assert dialog.task.is_cancelled()
    assert dialog.task.wait(30)


def table_document(folder: Path) -> Document:
    rows = "\n".join(
        f"{number},{number % 7},{'yes' if number % 7 > 3 else 'no'}" for number in range(60)
    )
    (folder / "shop.csv").write_text(f"id,visits,buys\n{rows}\n")
    document = checked_document(small_network())
    data = DataSettings(source="csv", options={"path": str(folder / "shop.csv")})
    document.apply(set_data(document.project, data), "Use a table")
    return document


def test_preview_stores_the_dataset_info_of_user_data(qtbot: QtBot, tmp_path: Path) -> None:
    document = table_document(tmp_path)
    host = QWidget()
    qtbot.addWidget(host)
    dialog = open_preview(document, host)
    with qtbot.waitSignal(dialog.load_finished, timeout=30_000):
        pass
    facts = document.project.data.facts
    assert facts is not None
    assert facts.class_names == ("no", "yes")
    dialog.reject()


def test_columns_get_another_use(qtbot: QtBot, tmp_path: Path) -> None:
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


def test_long_table_does_not_block_the_window(qtbot: QtBot, tmp_path: Path) -> None:
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


def test_task_whose_owner_is_deleted_ends_silently(qtbot: QtBot) -> None:
    owner, release = QObject(), threading.Event()
    results: list[object] = []
    reading = BackgroundTask(lambda _reading: release.wait(10), owner)
    reading.done.connect(results.append)
    reading.start()
    owner.deleteLater()
    qtbot.waitUntil(reading.is_cancelled)
    release.set()
    assert reading.wait()
    qtbot.wait(20)
    assert not results


def press_and_release(
    qtbot: QtBot, editor: QWidget, button: Qt.MouseButton, position: QPoint
) -> None:
    qtbot.mousePress(editor, button, pos=position)
    qtbot.mouseRelease(editor, button, pos=position)


def test_points_are_drawn_erased_and_saved(qtbot: QtBot) -> None:
    document = checked_document(small_network())
    data = DataSettings(source="points")
    document.apply(set_data(document.project, data), "Draw points")
    host = QWidget()
    qtbot.addWidget(host)
    dialog = open_points(document, host)
    assert isinstance(dialog, PointsDialog)
    editor = dialog.editor
    press_and_release(qtbot, editor, Qt.MouseButton.LeftButton, QPoint(50, 50))
    press_and_release(qtbot, editor, Qt.MouseButton.LeftButton, QPoint(120, 50))
    qtbot.mouseClick(dialog.classes.button(1), Qt.MouseButton.LeftButton)
    press_and_release(qtbot, editor, Qt.MouseButton.LeftButton, QPoint(200, 200))
    assert [label for _, _, label in editor.points] == [0, 0, 1]
    press_and_release(qtbot, editor, Qt.MouseButton.RightButton, QPoint(50, 50))
    assert [label for _, _, label in editor.points] == [0, 1]
    editor.undo()
    assert len(editor.points) == 3
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    qtbot.mouseClick(box.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    assert document.project.data.options["points"] == editor.points


def test_single_feature_is_shown_in_the_singular(qtbot: QtBot, tmp_path: Path) -> None:
    table = tmp_path / "one.csv"
    table.write_text(
        "size,kind\n" + "\n".join(f"{number},{'ab'[number % 2]}" for number in range(40))
    )
    dialog = DataPreview(DataSettings(source="csv", options={"path": str(table)}))
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.load_finished, timeout=20_000):
        pass
    assert "Each sample: 1 feature · 2 classes" in dialog.status.text()
