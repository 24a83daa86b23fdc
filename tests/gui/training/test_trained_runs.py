"""Actions on a trained run in the list of runs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.run_history import RunHistory
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.training.runs import RunsPanel
from tests.gui.training.run_controls import run_epoch


def test_runs_are_listed_overlaid_resumed_and_opened(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    panel = RunsPanel(document, session)
    qtbot.addWidget(panel)
    panel.resize(900, 300)
    run_epoch(qtbot, session)
    panel.show()
    qtbot.waitUntil(lambda: panel.tree.topLevelItemCount() == 1)
    item = panel.tree.topLevelItem(0)
    assert item is not None
    assert item.text(3).startswith("1 of ")
    with qtbot.waitSignal(panel.overlay_changed) as overlay:
        item.setCheckState(0, Qt.CheckState.Checked)
    assert overlay.args is not None
    history = overlay.args[0][0]
    assert isinstance(history, RunHistory)
    assert history.step == session.run.history.step
    panel.tree.setCurrentItem(item)
    with qtbot.waitSignal(panel.design_requested) as requested:
        qtbot.mouseClick(panel.open_button, Qt.MouseButton.LeftButton)
    assert requested.args is not None
    assert requested.args[0].is_file()
    step = session.run.history.step
    qtbot.mouseClick(panel.resume_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.run.history.step > step, timeout=60_000)
