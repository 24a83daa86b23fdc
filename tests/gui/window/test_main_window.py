from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import append_after
from dlstudio.design.library.files import save
from dlstudio.design.model.model import Project, WeightsRef
from dlstudio.gui.forms.setting_editors import TextEditor
from dlstudio.gui.inspector.node_page import NodePage
from dlstudio.gui.prompts.prompts import Answer
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.runs.weights_store import fingerprint_of
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import wait_until_checked


def test_kinds_activated_in_the_palette_are_added_and_wired(window: MainWindow) -> None:
    window.palette_panel.kind_activated.emit("input")
    window.palette_panel.kind_activated.emit("linear")
    graph = window.document.project.graph
    assert [node.kind for node in graph.nodes.values()] == ["input", "linear"]
    assert len(graph.edges) == 1


def test_undo_in_a_setting_field_undoes_document_edits(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-cnn")
    window.activateWindow()
    window.document.set_selection(["conv2d_1"])
    page = window.inspector.page
    assert isinstance(page, NodePage)
    editor = page.form.editors["out_channels"]
    assert isinstance(editor, TextEditor)
    field, control = editor.field, Qt.KeyboardModifier.ControlModifier
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)

    def filters() -> object:
        return window.document.project.graph.nodes["conv2d_1"].settings["out_channels"]

    before = filters()
    field.selectAll()
    QTest.keyClicks(field, "77")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert filters() == 77
    wait_until_checked(window, qtbot)
    QTest.keyClick(field, Qt.Key.Key_Z, control)
    assert filters() == before
    assert field.text() == str(before)
    wait_until_checked(window, qtbot)
    QTest.keyClick(field, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert filters() == 77
    wait_until_checked(window, qtbot)

    QTest.keyClicks(field, "5")
    QTest.keyClick(field, Qt.Key.Key_Z, control)
    assert filters() == 77, "undo first reverts the typed text"
    assert field.text() == "77"
    QTest.keyClick(field, Qt.Key.Key_Z, control)
    assert filters() == before


def test_reopened_trained_design_is_marked_trained(window: MainWindow, tmp_path: Path) -> None:
    weights = tmp_path / "net.12345678.safetensors"
    weights.write_bytes(b"weights")
    design = tmp_path / "net.dlstudio"
    save(Project(weights=WeightsRef(weights.name, fingerprint_of(weights))), design)

    assert window.files.open_path(design)

    assert window.status_bar.weights.text() == ""  # a design without layers has no weights
    assert weights.name in window.status_bar.weights.toolTip()
    assert weights.name in window.status_bar.currentMessage()
    window.run_controller.reset()
    assert window.status_bar.weights.text() == ""


def test_closing_with_unsaved_changes_prompts(window: MainWindow) -> None:
    window.document.try_edit(lambda project: append_after(project, None, "input"), "Add Input")
    window.prompts.save = Answer.CANCEL
    assert not window.close()
    window.prompts.save = Answer.DISCARD
    assert window.close()


@pytest.mark.slow
def test_closing_during_a_run_prompts(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    wait_until_checked(window, qtbot)
    window.session.train_more(10_000)
    qtbot.waitUntil(lambda: window.session.state == "running", timeout=60_000)

    window.prompts.stop_training = Answer.CANCEL
    assert not window.close()
    assert window.session.state == "running"

    window.prompts.stop_training = Answer.CONTINUE
    assert not window.close()
    assert window.session.state == "running"

    window.prompts.stop_training = Answer.STOP
    window.prompts.save = Answer.DISCARD
    assert window.close()
    assert window.session.state == IDLE
    assert window.prompts.calls[-1] == "training, closing True"


@pytest.mark.slow
def test_weights_are_saved_and_restored_on_reopening(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.files.open_example("xor-mlp")
    wait_until_checked(window, qtbot)
    window.session.train_more(2)
    qtbot.waitUntil(lambda: window.session.state == IDLE, timeout=120_000)
    assert window.run_controller.weights is not None
    window.prompts.path = tmp_path / "trained.dlstudio"

    assert window.files.save(), window.prompts.messages

    reference = window.document.project.weights
    assert reference is not None
    window.files.new()
    assert window.run_controller.weights is None
    window.files.open_path(tmp_path / "trained.dlstudio")
    assert window.run_controller.weights == tmp_path / reference.file


@pytest.mark.slow
def test_opening_another_design_during_a_run_prompts(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    wait_until_checked(window, qtbot)
    window.session.train_more(10_000)
    qtbot.waitUntil(lambda: window.session.state == "running", timeout=60_000)

    window.prompts.stop_training = Answer.CANCEL
    assert not window.files.open_example("xor-mlp")
    assert window.document.name == "digits-mlp.dlstudio"

    window.prompts.stop_training = Answer.STOP
    window.prompts.save = Answer.DISCARD
    assert window.files.open_example("xor-mlp")
    assert window.session.state == IDLE
    assert window.session.run.history.is_empty
    assert window.run_controller.weights is None, "the weights belong to the other design"


def test_shortcuts_edit_the_canvas(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    window.activateWindow()
    view = window.editor.view
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    count = len(window.document.project.graph.nodes)

    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(window.document.selection) >= count
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(window.document.project.graph.nodes) == 2 * count
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert len(window.document.project.graph.nodes) == count
    QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(window.document.project.graph.nodes) == 2 * count

    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert window.editor.overlays.search.isVisible()
    QTest.keyClick(window.editor.overlays.search, Qt.Key.Key_Escape)


def test_typing_in_a_field_does_not_edit_the_canvas(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    window.editor.select_all()
    count = len(window.document.project.graph.nodes)
    window.activateWindow()
    line = window.palette_panel.search
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)

    QTest.keyClicks(line, "conv")
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    QTest.keyClick(line, Qt.Key.Key_Delete)

    assert line.text() == "con"
    assert len(window.document.project.graph.nodes) == count


def test_disposed_window_ignores_its_undo_stack(window: MainWindow, qtbot: QtBot) -> None:
    window.editor.add_kind("input")
    window.dispose()
    stack = window.document.undo_stack
    with qtbot.assertNotEmitted(stack.canUndoChanged):
        stack.clear()
