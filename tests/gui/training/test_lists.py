from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from dlstudio.design.model.report import Report
from dlstudio.gui.document.document import Document
from dlstudio.gui.problems.problems import ProblemsPanel
from dlstudio.gui.runs.run_history import RunHistory
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import DARK, apply_theme, load_fonts
from dlstudio.gui.training.log import LogPanel
from dlstudio.gui.training.runs import RunsPanel
from dlstudio.gui.widgets.basic_widgets import ShrinkingButton
from dlstudio.training.protocol.events import Failed, Paused
from tests.gui.panel_designs import (
    broken_network,
    checked_document,
    example_document,
    small_network,
)


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return example_document("xor-mlp", tmp_path)


def run_an_epoch(qtbot: QtBot, session: TrainingSession) -> None:
    session.step_epoch()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=60_000)
    session.stop()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=60_000)


def test_problem_is_listed_activates_its_node_and_is_fixed(qtbot: QtBot) -> None:
    document = checked_document(broken_network())
    panel = ProblemsPanel(document)
    qtbot.addWidget(panel)
    panel.resize(700, 300)
    panel.show()
    card = panel.cards[0]
    assert card.problem.code == "missing-flatten"
    with qtbot.waitSignal(panel.problem_activated) as activated:
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert activated.args == ["linear_1"]
    repair = card.findChild(QPushButton, "repair")
    assert repair is not None
    with qtbot.waitSignal(panel.count_changed) as count_signal:
        qtbot.mouseClick(repair, Qt.MouseButton.LeftButton)
    assert count_signal.args == [0]
    assert panel.cards == []
    document.undo_stack.undo()
    assert panel.cards[0].problem.code == "missing-flatten"


def test_valid_design_shows_that_it_can_be_trained(qtbot: QtBot) -> None:
    panel = ProblemsPanel(checked_document(small_network()))
    qtbot.addWidget(panel)
    texts = [label.text() for label in panel.findChildren(QLabel)]
    assert "No problems. This network can be trained." in texts


def test_valid_design_after_an_empty_one_shows_that_it_can_be_trained(qtbot: QtBot) -> None:
    document = checked_document(small_network())
    report = document.report
    document.set_report(Report())
    panel = ProblemsPanel(document)
    qtbot.addWidget(panel)
    document.set_report(report)
    texts = [label.text() for label in panel.findChildren(QLabel)]
    assert texts[-1] == "No problems. This network can be trained."


def test_log_records_a_run_from_start_to_end(qtbot: QtBot, session: TrainingSession) -> None:
    log = LogPanel()
    qtbot.addWidget(log)
    log.follow(session)
    run_an_epoch(qtbot, session)
    text = log.text()
    assert "Training started on cpu" in text
    assert "Paused at step" in text
    assert "Training stopped" in text


def test_error_details_are_a_child_item(qtbot: QtBot, session: TrainingSession) -> None:
    log = LogPanel()
    qtbot.addWidget(log)
    log.follow(session)
    session.failed.emit(Failed("Out of memory.", node="linear_1", details="Traceback: x"))
    session.paused.emit(Paused(3, 1, reason="The loss is not a number", node="relu_1"))
    item = log.tree.topLevelItem(0)
    assert item is not None
    assert item.text(1) == "Out of memory. (linear_1)"
    assert item.child(0).text(1) == "Traceback: x"
    assert "The loss is not a number (relu_1)" in log.text()
    log.copy()
    buttons = {button.text(): button for button in log.findChildren(QPushButton)}
    qtbot.mouseClick(buttons["Clear"], Qt.MouseButton.LeftButton)
    assert log.text() == ""


def test_log_lines_and_icons_follow_the_theme(qtbot: QtBot) -> None:
    apply_theme("light")
    log = LogPanel()
    qtbot.addWidget(log)
    log.add_line("All is well")
    log.add_error("All is lost")
    copy = next(button for button in log.findChildren(QPushButton) if button.text() == "Copy")
    apply_theme("dark")
    lines = [log.tree.topLevelItem(index).foreground(1).color().name() for index in (0, 1)]
    assert lines == [DARK.text, DARK.error]
    assert copy.icon().pixmap(16).toImage() == icon("copy").pixmap(16).toImage()


def test_runs_are_listed_overlaid_resumed_and_opened(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    panel = RunsPanel(document, session)
    qtbot.addWidget(panel)
    panel.resize(900, 300)
    run_an_epoch(qtbot, session)
    panel.show()
    qtbot.waitUntil(lambda: panel.tree.topLevelItemCount() == 1)
    item = panel.tree.topLevelItem(0)
    assert item is not None
    assert item.text(2).startswith("1 of ")
    with qtbot.waitSignal(panel.overlay_changed) as overlay:
        item.setCheckState(0, Qt.CheckState.Checked)
    assert overlay.args is not None
    history = overlay.args[0][0]
    assert isinstance(history, RunHistory)
    assert history.step == session.history.step
    panel.tree.setCurrentItem(item)
    with qtbot.waitSignal(panel.design_requested) as requested:
        qtbot.mouseClick(panel.open_button, Qt.MouseButton.LeftButton)
    assert requested.args is not None
    assert requested.args[0].is_file()
    step = session.history.step
    qtbot.mouseClick(panel.resume_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.history.step > step, timeout=60_000)


def test_shrinking_button_at_its_size_hint_shows_its_full_text(qtbot: QtBot) -> None:
    load_fonts()
    apply_theme("dark")
    for text in ("Wire linear_1 to relu_1", "Use the handwritten digits", "Give it 2 outputs"):
        shrinking, plain = ShrinkingButton(text), QPushButton(text)
        for widget in (shrinking, plain):
            widget.setProperty("look", "primary")
            qtbot.addWidget(widget)
            widget.show()
            widget.resize(widget.sizeHint())
        assert shrinking.grab().toImage() == plain.grab().toImage()
