from __future__ import annotations

from pytestqt.qtbot import QtBot

from dlstudio.gui.window.main_window import MainWindow


def test_parameters_are_shown_only_after_the_check(window: MainWindow, qtbot: QtBot) -> None:
    assert "<b>0</b>" in window.status_bar.parameters.text()
    window.files.open_example("digits-mlp")
    assert "…" in window.status_bar.parameters.text()
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=60_000)
    assert "0 parameters" not in window.status_bar.parameters.text()
    assert "…" not in window.status_bar.parameters.text()
