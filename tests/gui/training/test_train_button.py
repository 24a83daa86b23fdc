"""The Train button with its arrow, and the speed of training, in the run bar."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.session import IDLE, PAUSED, RUNNING
from dlstudio.gui.training.run_bar import RunBar
from dlstudio.gui.widgets.split_button import SplitButton
from dlstudio.training.options.speeds import FASTEST, SPEEDS


def open_menu(bar: RunBar, qtbot: QtBot) -> QMenu:
    """Open the menu of the arrow by a click."""
    arrow = bar.train_button.arrow
    qtbot.mouseClick(arrow, Qt.MouseButton.LeftButton)
    menu = bar.train_button.popup_menu
    qtbot.waitUntil(menu.isVisible)
    return menu


def speed_actions(menu: QMenu) -> dict[str, QAction]:
    submenu = menu.actions()[-1].menu()
    assert isinstance(submenu, QMenu)
    return {action.text(): action for action in submenu.actions()}


def choose_speed(bar: RunBar, qtbot: QtBot, name: str) -> None:
    menu = open_menu(bar, qtbot)
    speed_actions(menu)[SPEEDS[name].title].trigger()
    menu.close()


def click(bar: RunBar, qtbot: QtBot, name: str, state: str) -> None:
    qtbot.mouseClick(bar.buttons[name], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bar.session.state == state, timeout=60_000)


def test_both_halves_are_named_and_reached_by_keyboard(bar: RunBar, qtbot: QtBot) -> None:
    button = bar.train_button
    assert isinstance(button, SplitButton)
    assert button.main.accessibleName() == "Train"
    assert button.arrow.accessibleName() == "More ways to train"
    assert button.main.geometry().right() + 1 == button.arrow.geometry().left()
    for half in (button.main, button.arrow):
        assert half.focusPolicy() & Qt.FocusPolicy.TabFocus
    button.arrow.setFocus()
    qtbot.keyClick(button.arrow, Qt.Key.Key_Space)
    qtbot.waitUntil(button.popup_menu.isVisible)
    button.popup_menu.close()


def test_untrained_design_offers_only_train_and_speed(bar: RunBar, qtbot: QtBot) -> None:
    menu = open_menu(bar, qtbot)
    assert [action.text() for action in menu.actions() if action.text()] == ["train", "Speed"]
    menu.close()


def test_fastest_speed_is_checked_at_first(bar: RunBar, qtbot: QtBot) -> None:
    menu = open_menu(bar, qtbot)
    checked = [text for text, action in speed_actions(menu).items() if action.isChecked()]
    assert checked == [SPEEDS[FASTEST].title]
    menu.close()


def test_one_step_a_second_is_slow_shown_and_can_be_stopped_at_once(
    bar: RunBar, qtbot: QtBot
) -> None:
    choose_speed(bar, qtbot, "1")
    assert bar.menu_buttons["speed"].value == "1/s"
    history = bar.session.run.history
    click(bar, qtbot, "train", RUNNING)
    qtbot.waitUntil(lambda: history.step == 1, timeout=60_000)
    began = time.monotonic()
    qtbot.waitUntil(lambda: history.step == 3, timeout=10_000)
    assert time.monotonic() - began > 1.5
    assert "samples/s" in bar.status.chips["speed"].text()
    began, step = time.monotonic(), history.step
    click(bar, qtbot, "pause", PAUSED)
    assert history.step <= step + 1
    click(bar, qtbot, "stop", IDLE)


def test_speed_can_be_raised_while_the_run_is_live(
    bar: RunBar, document: Document, qtbot: QtBot
) -> None:
    project = document.project
    choose_speed(bar, qtbot, "1")
    click(bar, qtbot, "step-epoch", RUNNING)
    choose_speed(bar, qtbot, FASTEST)
    qtbot.waitUntil(lambda: bar.session.state == PAUSED, timeout=60_000)
    assert bar.session.run.history.epoch == 1
    assert document.project is project
    click(bar, qtbot, "stop", IDLE)


@pytest.mark.parametrize("width", [1280, 1440])
def test_speed_of_a_slowed_run_stays_visible(bar: RunBar, qtbot: QtBot, width: int) -> None:
    bar.resize(width, 48)
    choose_speed(bar, qtbot, "3")
    click(bar, qtbot, "train", RUNNING)
    qtbot.waitUntil(lambda: bar.status.chips["left"].text() != "", timeout=60_000)
    shown = bar.menu_buttons["speed"]
    assert shown.isVisible()
    assert shown.width() >= shown.sizeHint().width()
    visible = [chip for chip in bar.status.chips.values() if chip.isVisible()]
    assert max(chip.geometry().right() for chip in visible) <= width
    click(bar, qtbot, "stop", IDLE)


def test_positions_stay_when_train_becomes_continue(bar: RunBar, qtbot: QtBot) -> None:
    def lefts() -> list[int]:
        qtbot.wait(1)
        return [bar.buttons[name].mapTo(bar, bar.rect().topLeft()).x() for name in bar.buttons]

    bar.resize(1280, 48)
    before = lefts()
    click(bar, qtbot, "step-epoch", PAUSED)
    click(bar, qtbot, "stop", IDLE)
    assert bar.buttons["train"].text().startswith("Continue +")
    assert lefts() == before
    text_width = bar.buttons["train"].fontMetrics().horizontalAdvance(bar.buttons["train"].text())
    assert text_width + 30 <= bar.buttons["train"].width()
