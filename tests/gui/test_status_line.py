from __future__ import annotations

from pytestqt.qtbot import QtBot

from dlstudio.gui.main_window import MainWindow


def test_parameters_are_not_told_before_they_are_counted(window: MainWindow, qtbot: QtBot) -> None:
    assert "<b>0</b>" in window.status_line.parameters.text()
    window.files.open_example("digits-mlp")
    assert "…" in window.status_line.parameters.text()
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=60_000)
    assert "0 parameters" not in window.status_line.parameters.text()
    assert "…" not in window.status_line.parameters.text()
