"""What panels say while they have nothing to show."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import remove_nodes
from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.design.model import Project
from dlstudio.gui.main_window import MainWindow
from dlstudio.gui.plots.next_step import BEGINNING, CHECKING, EMPTY, READING

LONG = 60_000


def said(panel: QWidget) -> str:
    """Return all words of a panel, whether its tab is in front or not."""
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if not label.isHidden())


def checked(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=LONG)


@pytest.fixture
def digits(window: MainWindow, qtbot: QtBot) -> MainWindow:
    window.files.open_example("digits-mlp")
    checked(qtbot, window)
    return window


def test_panels_ask_for_train_only_where_it_can_begin(digits: MainWindow, qtbot: QtBot) -> None:
    panels = (digits.curves, digits.activations, digits.samples)
    assert all("Press Train" in said(panel) for panel in panels)
    digits.document.try_edit(lambda project: remove_nodes(project, ["linear_2"]), "Remove")
    qtbot.waitUntil(lambda: not digits.run_bar.buttons["train"].isEnabled(), timeout=LONG)
    for panel in panels:
        assert "Press Train" not in said(panel)
        assert "in the way of training: see Problems" in said(panel)
    digits.document.undo_stack.undo()
    qtbot.waitUntil(digits.run_bar.buttons["train"].isEnabled, timeout=LONG)
    assert all("Press Train" in said(panel) for panel in panels)


def test_an_empty_canvas_wants_layers_first(digits: MainWindow, qtbot: QtBot) -> None:
    digits.document.load(Project(), None)
    assert EMPTY in said(digits.curves)
    digits.document.load(load(example_path("digits-mlp")), None)
    assert CHECKING in said(digits.curves)
    checked(qtbot, digits)
    assert CHECKING not in said(digits.curves)


def test_a_run_that_begins_is_not_asked_for(digits: MainWindow, qtbot: QtBot) -> None:
    panels = (digits.curves, digits.activations, digits.samples)
    digits.session.step()
    assert all(BEGINNING in said(panel) for panel in panels)
    qtbot.waitUntil(lambda: digits.session.state == "paused", timeout=LONG)
    digits.run_control.reset()
    qtbot.waitUntil(lambda: digits.session.state == "idle", timeout=LONG)
    assert all("Press Train" in said(panel) for panel in panels)


def test_weights_are_said_to_be_read_and_samples_to_be_made(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.bottom.show_tab("samples")
    lines: list[str] = []
    window.next_step.told.connect(lambda _goes_on, _obstacle: lines.append(said(window.samples)))
    window.samples.source.busy_changed.connect(lambda _busy: lines.append(said(window.samples)))
    window.files.open_example("reverse-words")
    qtbot.waitUntil(lambda: window.samples.view is not None, timeout=LONG)
    assert any(READING in line for line in lines)
    assert any("Making samples…" in line for line in lines)
    assert not any("Press Train" in line for line in lines if READING in line)
