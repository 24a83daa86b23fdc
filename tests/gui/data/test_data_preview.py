from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.data.data_dialogs import open_preview
from dlstudio.gui.data.data_preview import DataPreview
from dlstudio.gui.data.drawings.data_plots import BalanceBars, ImageGrid
from dlstudio.gui.data.drawings.scatter_plot import ScatterPlot
from tests.gui.panel_designs import table_document


@pytest.mark.parametrize(
    ("source", "form"), [("digits", ImageGrid), ("moons", ScatterPlot), ("wine", QTableWidget)]
)
def test_preview_shows_samples_class_balance_and_sizes(
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


def test_preview_of_text_shows_text(qtbot: QtBot) -> None:
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


def test_closing_the_dialog_cancels_loading(qtbot: QtBot) -> None:
    dialog = DataPreview(DataSettings(source="digits"))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    assert dialog.task.is_cancelled()
    assert dialog.task.wait(30)


def test_preview_stores_the_dataset_info_of_user_data(qtbot: QtBot, tmp_path: Path) -> None:
    document = table_document(tmp_path)
    host = QWidget()
    qtbot.addWidget(host)
    dialog = open_preview(document, host)
    with qtbot.waitSignal(dialog.load_finished, timeout=30_000):
        pass
    info = document.project.data.facts
    assert info is not None
    assert info.class_names == ("no", "yes")
    dialog.reject()


def test_preview_of_one_feature_uses_the_singular(qtbot: QtBot, tmp_path: Path) -> None:
    table = tmp_path / "one.csv"
    table.write_text(
        "size,kind\n" + "\n".join(f"{number},{'ab'[number % 2]}" for number in range(40))
    )
    dialog = DataPreview(DataSettings(source="csv", options={"path": str(table)}))
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.load_finished, timeout=20_000):
        pass
    assert "Each sample: 1 feature · 2 classes" in dialog.status.text()
