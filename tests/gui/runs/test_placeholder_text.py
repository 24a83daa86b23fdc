"""The placeholder text of empty panels."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import remove_nodes, set_settings
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.gui.runs.placeholder_text import (
    CHECKING_DESIGN,
    EMPTY_CANVAS,
    LOADING_WEIGHTS,
    STARTING_RUN,
)
from dlstudio.gui.window.main_window import MainWindow

LONG = 60_000


def visible_text(panel: QWidget) -> str:
    """Return the texts of a panel, also if its tab is not selected."""
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if not label.isHidden())


def wait_for_check(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=LONG)


@pytest.fixture
def digits_window(window: MainWindow, qtbot: QtBot) -> MainWindow:
    window.files.open_example("digits-mlp")
    wait_for_check(qtbot, window)
    return window


def test_train_hint_is_shown_only_if_training_can_start(
    digits_window: MainWindow, qtbot: QtBot
) -> None:
    panels = (
        digits_window.panels.curves,
        digits_window.panels.activations,
        digits_window.panels.samples,
    )
    assert all("Press Train" in visible_text(panel) for panel in panels)
    digits_window.document.try_edit(lambda project: remove_nodes(project, ["linear_2"]), "Remove")
    qtbot.waitUntil(lambda: not digits_window.run_bar.buttons["train"].isEnabled(), timeout=LONG)
    for panel in panels:
        assert "Press Train" not in visible_text(panel)
        assert "not complete yet: see Problems" in visible_text(panel)
    digits_window.document.undo_stack.undo()
    qtbot.waitUntil(digits_window.run_bar.buttons["train"].isEnabled, timeout=LONG)
    assert all("Press Train" in visible_text(panel) for panel in panels)


def test_empty_canvas_has_its_own_placeholder(digits_window: MainWindow, qtbot: QtBot) -> None:
    digits_window.document.load(Project(), None)
    assert EMPTY_CANVAS in visible_text(digits_window.panels.curves)
    example = load(example_path("digits-mlp"))
    digits_window.document.load(set_settings(example, ["linear_1"], {"out_features": 65}), None)
    assert CHECKING_DESIGN in visible_text(digits_window.panels.curves)
    wait_for_check(qtbot, digits_window)
    assert CHECKING_DESIGN not in visible_text(digits_window.panels.curves)


def test_train_hint_is_hidden_while_a_run_starts(digits_window: MainWindow, qtbot: QtBot) -> None:
    panels = (
        digits_window.panels.curves,
        digits_window.panels.activations,
        digits_window.panels.samples,
    )
    digits_window.session.step()
    assert all(STARTING_RUN in visible_text(panel) for panel in panels)
    qtbot.waitUntil(lambda: digits_window.session.state == "paused", timeout=LONG)
    digits_window.run_controller.reset()
    qtbot.waitUntil(lambda: digits_window.session.state == "idle", timeout=LONG)
    assert all("Press Train" in visible_text(panel) for panel in panels)


def test_loading_weights_and_generating_samples_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    window.bottom.show_tab("samples")
    texts: list[str] = []
    window.panels.placeholder_text.changed.connect(
        lambda _activity, _reason: texts.append(visible_text(window.panels.samples))
    )
    window.panels.samples.source.busy_changed.connect(
        lambda _busy: texts.append(visible_text(window.panels.samples))
    )
    window.files.open_example("reverse-words")
    qtbot.waitUntil(lambda: window.panels.samples.view is not None, timeout=LONG)
    assert any(LOADING_WEIGHTS in text for text in texts)
    assert any("Generating samples…" in text for text in texts)
    assert not any("Press Train" in text for text in texts if LOADING_WEIGHTS in text)
