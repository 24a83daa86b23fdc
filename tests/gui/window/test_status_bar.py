from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QStatusTipEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_settings
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import wait_until_checked


def test_parameters_are_shown_only_after_the_check(window: MainWindow, qtbot: QtBot) -> None:
    assert "<b>0</b>" in window.status_bar.parameters.text()
    example = load(example_path("digits-mlp"))
    window.document.load(set_settings(example, ["linear_1"], {"out_features": 65}), None)
    assert "…" in window.status_bar.parameters.text()
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=60_000)
    assert "0 parameters" not in window.status_bar.parameters.text()
    assert "…" not in window.status_bar.parameters.text()


def test_facts_of_a_page_replace_everything_about_the_design(window: MainWindow) -> None:
    bar = window.status_bar
    labels = (bar.layers, bar.parameters, bar.problems, bar.missing, bar.saved, bar.weights)
    bar.show_facts(["68 examples"])
    assert all(label.isHidden() for label in labels)
    bar.show_design()
    assert not bar.layers.isHidden()


def shown_labels(window: MainWindow) -> list[QLabel]:
    labels = window.status_bar.findChildren(QLabel)
    return [label for label in labels if label.isVisible() and label.text()]


def overlaps(window: MainWindow) -> list[tuple[str, str]]:
    """Return the texts of labels that lie over each other."""
    bar = window.status_bar
    rects = [
        (label.text(), QRect(label.mapTo(bar, QPoint()), label.size()))
        for label in shown_labels(window)
    ]
    return [
        (text, other)
        for index, (text, rect) in enumerate(rects)
        for other, other_rect in rects[:index]
        if rect.intersects(other_rect)
    ]


@pytest.mark.parametrize("width", [1000, 1440])
@pytest.mark.parametrize(
    "text", ["Saved", "The run was moved beside the design and can be continued there; " * 3]
)
def test_message_lies_over_nothing(window: MainWindow, qtbot: QtBot, width: int, text: str) -> None:
    window.resize(width, 800)
    window.files.open_example("digits-mlp")
    window.document.message.emit(text)
    wait_until_checked(window, qtbot)  # its result shows labels beside the message
    qtbot.wait(20)
    assert window.status_bar.message.isVisible()
    assert window.status_bar.message.text() == text
    assert overlaps(window) == []
    assert window.status_bar.layers.isVisible() == (text == "Saved")
    window.status_bar.clearMessage()
    assert window.status_bar.layers.isVisible()


def test_tips_of_menus_are_shown_beside_the_state(window: MainWindow) -> None:
    QApplication.sendEvent(window, QStatusTipEvent("Open a design"))
    assert window.status_bar.message.text() == "Open a design"
    assert overlaps(window) == []
    QApplication.sendEvent(window, QStatusTipEvent(""))
    assert window.status_bar.message.text() == ""
