from __future__ import annotations

from pytestqt.qtbot import QtBot

from dlstudio.gui.main_window import MainWindow


def test_reset_in_the_middle_of_a_run_leaves_an_untrained_design(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.files.open_example("xor-mlp")
    session = window.session
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=20_000)
    session.step()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=60_000)
    window.menus.trigger("reset")
    qtbot.waitUntil(lambda: session.state == "idle", timeout=60_000)
    assert window.run_control.weights is None
    assert window.status_line.weights.text() == ""
    assert not window.run_control.unsaved_weights
