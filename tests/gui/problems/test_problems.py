from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import add_node
from dlstudio.design.model.report import Report
from dlstudio.gui.canvas.model.card_content import CardStatus
from dlstudio.gui.problems.problems import ProblemsPanel
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import wait_until_checked
from tests.gui.panel_designs import (
    broken_network,
    checked_document,
    small_network,
)


def test_listed_problem_activates_its_node_and_can_be_fixed(qtbot: QtBot) -> None:
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


def test_half_built_network_shows_no_red(window: MainWindow, qtbot: QtBot) -> None:
    for kind in ("input", "flatten"):
        window.editor.add_kind(kind)
        wait_until_checked(window, qtbot)
    window.document.try_edit(lambda project: add_node(project, "add", (0, 300))[0], "Add")
    wait_until_checked(window, qtbot)
    content = window.editor.context.scene.content
    assert content.status("add_1") is CardStatus.INCOMPLETE
    assert content.card("add_1").output_text == "needs an input"
    assert content.status("flatten_1") is CardStatus.INCOMPLETE
    assert content.card("flatten_1").output_text == "64"
    status_bar = window.status_bar
    assert status_bar.missing.text().endswith("to complete")
    assert not status_bar.problems.isVisible()
