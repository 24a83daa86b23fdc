from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from dlstudio.design.blocks import group
from dlstudio.design.editing.settings import set_project_title, set_training
from dlstudio.design.edits import remove_nodes
from dlstudio.design.model.problems import Problem, Repair, Severity
from dlstudio.design.model.report import Report
from dlstudio.design.model.training_settings import Optimiser
from dlstudio.gui.inspector.network_page import NetworkPage
from dlstudio.gui.inspector.node_page import NodePage
from tests.gui.inspector.inspectors import create_inspector
from tests.gui.panel_designs import (
    broken_network,
    small_network,
)


class WindowRecorder(QObject):
    """An event filter that records the widgets shown as windows."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            self.names += [type(watched).__name__] if watched.isWindow() else []
        return False


def test_no_page_widget_is_shown_as_a_window(qtbot: QtBot) -> None:
    _, document = create_inspector(qtbot, group(small_network(), ["linear_1"], "Stage")[0])
    recorder, application = WindowRecorder(), QApplication.instance()
    assert application is not None
    application.installEventFilter(recorder)
    nodes = list(document.project.graph.nodes)
    for selection in (*([node_id] for node_id in nodes), nodes, []):
        document.set_selection(selection)
        QApplication.processEvents()
    application.removeEventFilter(recorder)
    assert recorder.names == []


def test_replaced_page_keeps_its_parent_until_it_is_deleted(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    inspector.show()
    document.set_selection(["linear_1"])
    page = inspector.page
    parent = page.parentWidget()
    document.set_selection(["conv2d_1"])
    assert page.parentWidget() is parent is inspector.page.parentWidget()
    assert page.isHidden()
    assert inspector.page.isVisible()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(page)


def test_network_page_is_kept_and_shows_what_changed_meanwhile(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    page = inspector.page
    assert isinstance(page, NetworkPage)
    document.set_selection(["conv2d_1"])
    assert page.isHidden()
    project = set_project_title(document.project, "Renamed")
    optimiser = Optimiser("sgd", 0.25)
    group = replace(project.training.groups[0], optimiser=optimiser)
    document.apply(
        set_training(project, replace(project.training, epochs=77, groups=(group,))), "Change"
    )
    document.set_selection([])
    assert inspector.page is page
    assert page.isVisible() == inspector.isVisible()
    fresh = NetworkPage(document)
    qtbot.addWidget(fresh)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert shown_values(page) == shown_values(fresh)
    assert "77" in " ".join(shown_values(page))


def test_hidden_network_page_ignores_the_state_of_a_run(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    page = inspector.page
    assert isinstance(page, NetworkPage)
    document.set_selection(["conv2d_1"])
    group = replace(document.project.training.groups[0], optimiser=Optimiser("rmsprop"))
    document.apply(
        set_training(document.project, replace(document.project.training, groups=(group,))), "L"
    )
    page.training._show_actions()
    document.set_selection([])
    assert inspector.page is page


def test_new_page_is_shown_from_its_top(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    inspector.resize(300, 200)
    inspector.show_page()
    document.set_selection(["conv2d_1"])
    bar = inspector.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    document.set_selection(["conv2d_1", "linear_1"])
    document.set_selection([])
    assert bar.value() == 0
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert bar.value() == 0


def test_loading_a_design_creates_one_new_page(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    old, at_reset = inspector.page, list[object]()
    document.reset.connect(lambda: at_reset.append(inspector.page))
    document.load(broken_network(), None)
    assert at_reset == [inspector.page]
    assert inspector.page is not old


@pytest.mark.parametrize("node_id", ["conv2d_1", "linear_1", "input_1", "output_1", "flatten_1"])
def test_removing_the_selected_card_shows_the_network_page(qtbot: QtBot, node_id: str) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    document.set_selection([node_id])
    assert isinstance(inspector.page, NodePage)
    document.apply(remove_nodes(document.project, [node_id]), "Remove")
    assert isinstance(inspector.page, NetworkPage)


def shown_values(page: QWidget) -> list[str]:
    labels = [item.text() for item in page.findChildren(QLabel) if not item.isHidden()]
    return labels + [item.text() for item in page.findChildren(QLineEdit)]


def right_edge(widget: QWidget, ancestor: QWidget) -> int:
    return widget.mapTo(ancestor, widget.rect().topRight()).x()


@pytest.mark.parametrize("selection", [(), ("conv2d_2",), ("conv2d_1", "linear_1")])
def test_page_is_never_wider_than_its_panel(qtbot: QtBot, selection: tuple[str, ...]) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    repair = Repair("Remove this layer and join its neighbours to one another again", "remove")
    problem = Problem(Severity.ERROR, "conv2d_2", "code", "Too much.", repairs=(repair,))
    document.set_selection(list(selection))
    document.set_report(replace(document.report, problems=(problem,)))
    inspector.resize(180, 800)
    qtbot.waitUntil(lambda: inspector.page.width() == inspector.viewport().width())
    buttons = inspector.page.findChildren(QPushButton, "repair")
    assert bool(buttons) is (selection == ("conv2d_2",))
    for button in buttons:
        qtbot.waitUntil(lambda button=button: right_edge(button, inspector) < inspector.width())
        assert button.sizeHint().width() > button.width(), "the text is elided"
        assert button.toolTip() == repair.title


def test_long_repair_title_does_not_truncate_the_problem_text(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    repair = Repair("Remove this layer and join its neighbours at once", "remove", {})
    text = "MaxPool2d summarises patches of 2×2 positions, but the input is only 1×1. Use less. "
    problem = Problem(Severity.ERROR, "conv2d_1", "test", 2 * text, "Too large", repairs=(repair,))
    document.set_selection(["conv2d_1"])
    document.set_report(Report({}, (problem,)))
    (text_label,) = (
        label for label in inspector.page.findChildren(QLabel) if label.text() == 2 * text
    )
    qtbot.waitUntil(
        lambda: text_label.height() >= text_label.heightForWidth(text_label.width()) > 60,
        timeout=2000,
    )
