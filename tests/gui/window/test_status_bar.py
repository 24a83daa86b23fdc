from __future__ import annotations

from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_settings
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.gui.window.main_window import MainWindow


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
