"""Helpers of tests that train with the buttons of a window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.window.main_window import MainWindow

SECONDS = 60_000
EPOCHS = 4


def click_train(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.run_bar.buttons["train"], Qt.MouseButton.LeftButton)
    wait_until_over(window, qtbot)


def wait_until_over(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.session.state == IDLE, timeout=SECONDS)


def menu_texts(window: MainWindow) -> list[str]:
    window.run_bar.train_button.popup_menu.aboutToShow.emit()
    actions = window.run_bar.train_button.popup_menu.actions()
    return [action.text().replace("&", "") for action in actions if action.text()]
