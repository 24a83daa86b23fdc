from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.gui.window.bottom_panel import TABS
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import wait_until_checked


def open_trained(window: MainWindow, qtbot: QtBot, name: str) -> None:
    window.files.open_example(name)
    qtbot.waitUntil(lambda: window.panels.trained_network.is_restored, timeout=60_000)


@pytest.mark.parametrize(
    ("name", "shown"), [("segment-shapes", "samples"), ("adding-lstm", "curves")]
)
def test_initial_tab_depends_on_the_task(
    window: MainWindow, qtbot: QtBot, name: str, shown: str
) -> None:
    open_trained(window, qtbot, name)
    assert window.bottom.current == shown


def test_tab_chosen_by_the_user_stays(window: MainWindow, qtbot: QtBot) -> None:
    window.bottom.bar.setCurrentIndex(TABS.index("log"))
    open_trained(window, qtbot, "segment-shapes")
    assert window.bottom.current == "log"


def test_hidden_bottom_panels_stay_hidden(window: MainWindow, qtbot: QtBot) -> None:
    window.panel_layout.toggle_bottom()
    open_trained(window, qtbot, "segment-shapes")
    assert not window.panel_layout.bottom_visible


def test_saved_design_reopens_on_the_curves_tab(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_trained(window, qtbot, "segment-shapes")
    window.prompts.path = tmp_path / "mine.dlstudio"
    assert window.files.save()
    window.bottom.bar.setCurrentIndex(TABS.index("curves"))
    assert window.files.open_path(tmp_path / "mine.dlstudio")
    qtbot.waitUntil(lambda: not window.panels.trained_network.is_restored, timeout=60_000)
    qtbot.waitUntil(lambda: window.panels.trained_network.is_restored, timeout=60_000)
    assert window.bottom.current == "curves"


@pytest.mark.parametrize(("before", "after"), [("problems", "curves"), ("log", "log")])
def test_curves_replace_the_problems_when_a_run_starts(
    window: MainWindow, qtbot: QtBot, before: str, after: str
) -> None:
    window.files.open_example("digits-mlp")
    wait_until_checked(window, qtbot)
    window.bottom.show_tab(before)
    with qtbot.waitSignal(window.session.started, timeout=60_000):
        window.session.train()
    assert window.bottom.current == after
    window.session.stop()
