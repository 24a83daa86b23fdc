"""The row of the inspector that shares weights between layers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dlstudio.design import edits
from dlstudio.design.model.model import Project
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.settings_form import FormGrid
from dlstudio.gui.inspector.inspector import Inspector
from dlstudio.gui.inspector.node_page import NodePage
from dlstudio.gui.inspector.weight_sharing_row import WeightSharingRow


def show_inspector(qtbot: QtBot, node_id: str) -> tuple[Document, Inspector]:
    project, last = Project(), None
    for kind in ("input", "linear", "linear", "embedding", "conv2d", "relu", "output"):
        project, last = edits.append_after(project, last, kind)
    document = Document(edits.set_title(project, "linear_2", "Head"))
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    inspector.resize(300, 1000)
    inspector.show()
    inspector.show_page()
    document.set_selection([node_id])
    return document, inspector


def row_of(inspector: Inspector) -> WeightSharingRow:
    assert isinstance(inspector.page, NodePage)
    return inspector.page.weights_row


def combo_texts(inspector: Inspector) -> list[str]:
    combo = row_of(inspector).combo
    return [combo.itemText(index) for index in range(combo.count())]


def test_layers_with_compatible_weights_are_listed(qtbot: QtBot) -> None:
    _, inspector = show_inspector(qtbot, "linear_1")
    assert combo_texts(inspector) == ["its own", "of linear_2 · Head", "of embedding_1"]
    assert row_of(inspector).combo.currentText() == "its own"


def test_row_is_hidden_without_compatible_weights(qtbot: QtBot) -> None:
    document, inspector = show_inspector(qtbot, "conv2d_1")
    assert row_of(inspector).isHidden()
    document.set_selection(["relu_1"])
    assert row_of(inspector).isHidden()


def test_weights_are_shared_and_unshared(qtbot: QtBot) -> None:
    document, inspector = show_inspector(qtbot, "linear_1")
    combo = row_of(inspector).combo
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert document.project.graph.nodes["linear_1"].weights_from == "linear_2"
    document.undo_stack.undo()
    assert row_of(inspector).combo.currentText() == "its own"
    document.undo_stack.redo()
    assert row_of(inspector).combo.currentText() == "of linear_2 · Head"
    combo = row_of(inspector).combo
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Up)
    assert document.project.graph.nodes["linear_1"].weights_from is None


def test_layers_that_would_form_a_cycle_are_not_listed(qtbot: QtBot) -> None:
    document, inspector = show_inspector(qtbot, "linear_2")
    document.try_edit(
        lambda project: edits.set_weights_from(project, "embedding_1", "linear_1"), "Tie"
    )
    document.try_edit(
        lambda project: edits.set_weights_from(project, "linear_1", "linear_2"), "Tie"
    )
    assert combo_texts(inspector) == ["its own"]
    assert row_of(inspector).isHidden()


def test_weights_inside_a_block_stay_selected(qtbot: QtBot) -> None:
    document, inspector = show_inspector(qtbot, "linear_1")
    document.try_edit(
        lambda project: edits.set_weights_from(project, "linear_1", "block_1.linear_1"), "Tie"
    )
    assert row_of(inspector).combo.currentText() == "of block_1.linear_1"


def test_no_form_is_shown_as_a_window_while_a_page_is_built(qtbot: QtBot) -> None:
    window_flags: list[object] = []
    application = QApplication.instance()
    assert isinstance(application, QApplication)

    class FormWindowRecorder(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, FormGrid):
                window_flags.append(watched.isWindow())
            return False

    recorder = FormWindowRecorder()
    application.installEventFilter(recorder)
    document, _ = show_inspector(qtbot, "linear_1")
    document.set_selection(["linear_1", "linear_2"])
    qtbot.waitUntil(lambda: len(window_flags) > 2)
    application.removeEventFilter(recorder)
    assert not any(window_flags)
