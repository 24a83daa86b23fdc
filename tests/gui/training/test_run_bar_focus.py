"""The keyboard focus of the run's buttons while a run starts, pauses and ends."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.gui.runs.session import IDLE, PAUSED, RUNNING, TrainingSession
from dlstudio.gui.training.run_bar import RunBar
from dlstudio.gui.training.runs import RunsPanel


@pytest.fixture
def slow_bar(bar: RunBar) -> RunBar:
    """Return the bar of a run of one step a second, so that it does not end by itself."""
    bar.session.set_speed("1")
    return bar


def press(bar: RunBar, qtbot: QtBot, name: str, state: str = "") -> None:
    """Press a button by the space bar and wait for the state that follows."""
    button = bar.buttons[name]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    if state:
        qtbot.waitUntil(lambda: bar.session.state == state, timeout=60_000)


def focused(bar: RunBar) -> str:
    widgets = {**bar.buttons, "arrow": bar.train_button.arrow, "advice": bar.advice_button}
    return next((name for name, widget in widgets.items() if widget.hasFocus()), "")


def test_train_passes_the_focus_to_pause_and_back(slow_bar: RunBar, qtbot: QtBot) -> None:
    press(slow_bar, qtbot, "train", RUNNING)
    assert focused(slow_bar) == "pause"
    press(slow_bar, qtbot, "pause", PAUSED)
    assert focused(slow_bar) == "train"
    press(slow_bar, qtbot, "train", RUNNING)
    assert focused(slow_bar) == "pause"


@pytest.mark.parametrize("name", ["train", "pause", "step", "step-epoch", "stop"])
def test_no_button_passes_the_focus_to_reset(
    slow_bar: RunBar, qtbot: QtBot, qapp: QApplication, name: str
) -> None:
    seen: set[QWidget | None] = set()
    connection = qapp.focusChanged.connect(lambda _old, new: seen.add(new))
    if name in {"pause", "stop"}:
        press(slow_bar, qtbot, "train", RUNNING)
    press(slow_bar, qtbot, name)
    slow_bar.session.stop()
    qtbot.waitUntil(lambda: slow_bar.session.state == IDLE, timeout=60_000)
    qapp.focusChanged.disconnect(connection)
    assert slow_bar.buttons["reset"] not in seen
    assert focused(slow_bar) in {"train", "step", "step-epoch"}


def test_step_can_be_pressed_again_and_again(bar: RunBar, qtbot: QtBot) -> None:
    press(bar, qtbot, "step", PAUSED)
    assert focused(bar) == "step"
    qtbot.keyClick(bar.buttons["step"], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bar.session.run.history.step == 2, timeout=60_000)
    qtbot.waitUntil(lambda: bar.session.state == PAUSED)
    assert focused(bar) == "step"


def test_focus_elsewhere_stays(slow_bar: RunBar, qtbot: QtBot) -> None:
    data = slow_bar.menu_buttons["data"]
    data.setFocus()
    slow_bar.session.train()
    qtbot.waitUntil(lambda: slow_bar.session.state == RUNNING, timeout=60_000)
    assert data.hasFocus()


def test_hidden_button_passes_the_focus_to_the_arrow(bar: RunBar) -> None:
    bar.buttons["step"].setFocus()
    bar.resize(400, 48)
    assert bar.buttons["step"].isHidden()
    assert focused(bar) == "arrow"


def test_resume_passes_the_focus_to_the_list_of_runs(
    bar: RunBar, session: TrainingSession, qtbot: QtBot
) -> None:
    panel = RunsPanel(bar._document, session)
    qtbot.addWidget(panel)
    panel.show()
    panel.resume_button.setEnabled(True)
    panel.resume_button.setFocus()
    session.set_speed("1")
    session.train()
    qtbot.waitUntil(lambda: session.state == RUNNING, timeout=60_000)
    focus: QWidget | None = panel.focusWidget()
    assert focus is panel.tree
