from __future__ import annotations

from random import Random

from PySide6.QtWidgets import (
    QApplication,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from dlstudio.gui.widgets.collapsible_text import CollapsibleText


def test_text_survives_any_resize(qtbot: QtBot) -> None:
    rng = Random(6)
    for number in range(120):
        area, page = QScrollArea(), QWidget()
        area.setWidgetResizable(True)
        qtbot.addWidget(area)
        column = QVBoxLayout(page)
        text = CollapsibleText("word and " * (number + 1))
        column.addWidget(text)
        area.setWidget(page)
        area.show()
        for _ in range(3):
            area.resize(rng.randint(0, 400), rng.randint(0, 200))
            QApplication.processEvents()
        assert text.text().startswith("word and")
        area.hide()
