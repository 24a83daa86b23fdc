from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from studio import Answers

from dlstudio.design.edits import add_node, append_after, remove_nodes
from dlstudio.design.files import save
from dlstudio.design.model import Project, WeightsRef
from dlstudio.gui.exception_net import ExceptionNet
from dlstudio.gui.main_window import MainWindow
from dlstudio.gui.panels.inspector.explanation import Explanation
from dlstudio.gui.panels.inspector.node_page import NodePage
from dlstudio.gui.panels.setting_editors import TextEditor
from dlstudio.gui.questions import Answer
from dlstudio.gui.session import IDLE
from dlstudio.gui.theme import DARK, LIGHT, apply_theme, current
from dlstudio.gui.weights_store import fingerprint_of


def ready(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=60_000)


def test_the_title_says_what_is_open_and_whether_it_is_saved(window: MainWindow) -> None:
    window.files.open_example("digits-mlp")
    assert "digits-mlp" in window.windowTitle()
    assert not window.isWindowModified()

    window.document.try_edit(lambda project: add_node(project, "relu"), "Add ReLU")
    assert window.isWindowModified()
    assert "not saved" in window.title_label.text()

    window.document.undo_stack.undo()
    assert not window.isWindowModified()


def test_the_design_is_checked_and_problems_are_counted(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    ready(window, qtbot)
    assert window.document.report.ok
    assert "no problems" in window.status_line.problems.text()

    linear = next(e for e, n in window.document.project.graph.nodes.items() if n.kind == "linear")
    window.document.apply(remove_nodes(window.document.project, (linear,)), "Remove")
    ready(window, qtbot)

    count = len(window.document.report.problems)
    assert count > 0
    assert window.bottom.problem_count == count
    errors = [each for each in window.document.report.problems if each.severity == "error"]
    assert window.status_line.problems.text().startswith(f"{len(errors)} problem")


def test_f8_goes_to_problems_and_shift_f8_mends_them(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-cnn")
    flatten = next(e for e, n in window.document.project.graph.nodes.items() if n.kind == "flatten")
    window.document.try_edit(
        lambda project: remove_nodes(project, (flatten,), rewire=True), "Remove"
    )
    ready(window, qtbot)
    assert not window.document.report.ok

    window.menus.trigger("next-problem")
    assert window.document.selection

    for _ in range(5):
        if window.document.report.ok:
            break
        window.menus.trigger("mend")
        ready(window, qtbot)
    assert window.document.report.ok


def test_a_message_about_a_problem_goes_when_it_is_mended(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-cnn")
    graph, said = window.document.project.graph, window.status_line.currentMessage
    flatten = next(each for each, node in graph.nodes.items() if node.kind == "flatten")
    window.document.set_selection([flatten])
    window.editor.setFocus()
    qtbot.keyClick(window.editor.view, Qt.Key.Key_Delete)
    for ask, before in (("next-problem", ""), ("train", "2 problems stand in the way")):
        ready(window, qtbot)
        problem = window.document.report.problems[0]
        window.menus.trigger(ask)
        assert said().startswith(before)
        assert problem.text in said() or problem.title in said()
        window.document.undo_stack.undo()
        ready(window, qtbot)
        assert said() == ""
        window.document.undo_stack.redo()
    window.document.message.emit("Something else")
    window.document.undo_stack.undo()
    ready(window, qtbot)
    assert said() == "Something else"


def test_enter_in_the_palette_appends_a_wired_layer(window: MainWindow) -> None:
    window.palette_panel.kind_activated.emit("input")
    window.palette_panel.kind_activated.emit("linear")
    graph = window.document.project.graph
    assert [node.kind for node in graph.nodes.values()] == ["input", "linear"]
    assert len(graph.edges) == 1


def test_curves_and_activations_share_a_wide_window(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1800, 1000)
    window.apply_first_sizes()
    window.bottom.show_tab("curves")
    qtbot.waitUntil(lambda: window.bottom.has_room_for_both)
    assert window.curves.isVisible()
    assert window.activations.isVisible()

    window.bottom.show_tab("runs")
    for tab in ("activations", "curves"):
        window.bottom.show_tab(tab)
        assert window.curves.isVisible()
        assert window.activations.isVisible()

    window.resize(840, 700)
    qtbot.waitUntil(lambda: not window.activations.isVisible())
    assert window.width() == 840
    assert window.curves.isVisible()

    window.bottom.show_tab("activations")
    assert not window.curves.isVisible()
    assert window.activations.isVisible()

    window.bottom.show_tab("log")
    assert window.log.isVisible()


def test_undo_in_a_setting_field_is_the_documents(window: MainWindow, qtbot: QtBot) -> None:
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
    ready(window, qtbot)
    QTest.keyClick(field, Qt.Key.Key_Z, control)
    assert filters() == before
    assert field.text() == str(before)
    ready(window, qtbot)
    QTest.keyClick(field, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert filters() == 77
    ready(window, qtbot)

    QTest.keyClicks(field, "5")
    QTest.keyClick(field, Qt.Key.Key_Z, control)
    assert filters() == 77, "the typing goes first"
    assert field.text() == "77"
    QTest.keyClick(field, Qt.Key.Key_Z, control)
    assert filters() == before


def test_panels_are_restored(window: MainWindow, qtbot: QtBot) -> None:
    window.views.toggle_inspector()
    window.resizeDocks([window.palette_dock], [300], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: window.palette_dock.width() == 300)
    window.views.store()

    other = MainWindow(questions=window.questions)
    qtbot.addWidget(other, before_close_func=MainWindow.shut)
    other.views.restore()
    other.show()

    assert not other.views.inspector_shown
    assert other.views.palette_shown
    assert abs(other.palette_dock.width() - 300) <= 2

    other.views.reset_panels()
    assert other.views.inspector_shown


def test_presentation_shows_canvas_and_curves_in_large_type(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.files.open_example("xor-mlp")
    stage = window.editor.stage
    small = window.font().pixelSize()
    stage.camera.zoom(0.8, QPointF())
    before = stage.camera.scale, stage.camera.offset
    window.menus.trigger("presentation")
    assert not window.menuBar().isVisible()
    assert not window.palette_dock.isVisible()
    assert not window.inspector_dock.isVisible()
    assert window.editor.isVisible()
    assert window.curves.isVisible()
    assert window.run_bar.buttons["train"].isVisible()
    assert window.run_bar.chips["epoch"].isVisible()
    assert window.font().pixelSize() > small
    assert stage.camera.visible(stage.size).contains(stage.scene.bounds())

    QTest.keyClick(window, Qt.Key.Key_Escape)

    assert not window.views.presenting
    assert window.menuBar().isVisible()
    assert window.palette_dock.isVisible()
    assert window.font().pixelSize() == small
    assert (stage.camera.scale, stage.camera.offset) == before


def test_the_whole_window_changes_theme(window: MainWindow) -> None:
    window.files.open_example("digits-cnn")
    apply_theme("light")
    assert current() is LIGHT
    light = window.grab().toImage().pixelColor(window.width() // 2, window.height() // 3)
    apply_theme("dark")
    assert current() is DARK
    dark = window.grab().toImage().pixelColor(window.width() // 2, window.height() // 3)
    assert light.lightness() > 200
    assert dark.lightness() < 60


def test_the_inspector_looks_as_if_made_in_the_new_theme(window: MainWindow, qtbot: QtBot) -> None:
    def select_in(theme: str) -> None:
        window.document.set_selection(())
        apply_theme(theme)
        window.document.set_selection(["conv2d_1"])
        qtbot.waitUntil(lambda: window.inspector.page.findChild(Explanation).is_cut)
        qtbot.wait(10)

    window.files.open_example("digits-cnn")
    ready(window, qtbot)
    select_in("dark")
    made = window.inspector.grab().toImage()
    select_in("light")
    page = window.inspector.page
    apply_theme("dark")
    assert window.inspector.page is page
    qtbot.waitUntil(lambda: window.inspector.grab().toImage() == made)


def test_own_data_take_an_examples_words_about_its_data_away(
    window: MainWindow, tmp_path: Path
) -> None:
    arrays = tmp_path / "arrays.npz"
    np.savez(arrays, x=np.zeros((4, 3), np.float32), y=np.zeros(4, np.int64))
    window.files.open_example("digits-mlp")
    before = window.document.project

    window.own_data.use(arrays)
    for dialog in window.findChildren(QDialog):
        dialog.close()

    assert window.document.project.data.source == "npz"
    assert (window.document.project.title, window.document.project.about) == ("", "")
    window.document.undo_stack.setIndex(0)
    assert window.document.project == before
    mine = replace(before, title="Mine", about="My own words.")
    window.document.load(mine, None)
    window.own_data.use(arrays)
    for dialog in window.findChildren(QDialog):
        dialog.close()
    assert (window.document.project.title, window.document.project.about) == (
        "Mine",
        "My own words.",
    )


def test_a_trained_design_that_is_opened_again_does_not_look_fresh(
    window: MainWindow, tmp_path: Path
) -> None:
    weights = tmp_path / "net.12345678.safetensors"
    weights.write_bytes(b"weights")
    design = tmp_path / "net.dlstudio"
    save(Project(weights=WeightsRef(weights.name, fingerprint_of(weights))), design)

    assert window.files.open_path(design)

    assert window.status_line.weights.text() == "trained"
    assert weights.name in window.status_line.weights.toolTip()
    assert weights.name in window.status_line.currentMessage()
    window.run_control.reset()
    assert window.status_line.weights.text() == ""


def test_a_long_name_keeps_its_beginning_in_the_title(window: MainWindow) -> None:
    window.document.load(Project(), None, "A very long name of a design " * 6)
    label = window.title_label
    assert label.text().startswith("A very long name")
    assert label.text().endswith("dlstudio")
    assert label.fontMetrics().horizontalAdvance(label.text()) <= label.minimumWidth()
    assert label.toolTip() == window.document.name


def test_data_that_moved_can_be_located(window: MainWindow, tmp_path: Path) -> None:
    arrays = tmp_path / "arrays.npz"
    np.savez(arrays, x=np.zeros((4, 3), np.float32), y=np.zeros(4, np.int64))
    window.own_data.use(arrays)
    for dialog in window.findChildren(QDialog):
        dialog.close()
    moved = tmp_path / "moved.npz"
    arrays.rename(moved)
    window.questions.locate = Answer.YES
    window.questions.path = moved

    window.own_data.look_for_lost_data()

    assert "data gone" in window.questions.asked
    assert Path(str(window.document.project.data.options["path"])) == moved


def test_an_exception_in_a_slot_goes_to_the_log(window: MainWindow, qtbot: QtBot) -> None:
    net = ExceptionNet(window)
    net.caught.connect(window.log.add_error)
    try:
        try:
            raise RuntimeError("the cable came loose")
        except RuntimeError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    finally:
        net.release()
    assert "the cable came loose" in window.log.text()
    assert window.isVisible()


def test_closing_asks_for_unsaved_work(window: MainWindow) -> None:
    window.document.try_edit(lambda project: append_after(project, None, "input"), "Add Input")
    window.questions.save = Answer.CANCEL
    assert not window.close()
    window.questions.save = Answer.DISCARD
    assert window.close()


@pytest.mark.slow
def test_closing_while_training_asks(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    ready(window, qtbot)
    window.session.continue_for(10_000)
    qtbot.waitUntil(lambda: window.session.state == "running", timeout=60_000)

    window.questions.training = Answer.CANCEL
    assert not window.close()
    assert window.session.state == "running"

    window.questions.training = Answer.GO_ON
    assert not window.close()
    assert window.session.state == "running"

    window.questions.training = Answer.STOP
    window.questions.save = Answer.DISCARD
    assert window.close()
    assert window.session.state == IDLE
    assert window.questions.asked[-1] == "save digits-mlp.dlstudio, learnt"


@pytest.mark.slow
def test_a_trained_network_is_saved_and_found_again(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.files.open_example("xor-mlp")
    ready(window, qtbot)
    window.session.continue_for(2)
    qtbot.waitUntil(lambda: window.session.state == IDLE, timeout=120_000)
    assert window.run_control.weights is not None
    assert window.isWindowModified()
    window.questions.path = tmp_path / "trained.dlstudio"

    assert window.files.save(), window.questions.told

    reference = window.document.project.weights
    assert reference is not None
    window.files.new()
    assert window.run_control.weights is None
    window.files.open_path(tmp_path / "trained.dlstudio")
    assert window.run_control.weights == tmp_path / reference.file


@pytest.mark.slow
def test_opening_another_design_while_training_asks(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits-mlp")
    ready(window, qtbot)
    window.session.continue_for(10_000)
    qtbot.waitUntil(lambda: window.session.state == "running", timeout=60_000)

    window.questions.training = Answer.CANCEL
    assert not window.files.open_example("xor-mlp")
    assert window.document.name == "digits-mlp.dlstudio"

    window.questions.training = Answer.GO_ON
    assert window.files.open_example("xor-mlp")
    assert window.session.state == "running"
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == IDLE, timeout=60_000)
    assert window.run_control.weights is None, "the weights belong to the other design"


def test_keys_on_the_canvas(window: MainWindow, qtbot: QtBot) -> None:
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


def test_typing_in_a_field_does_not_reach_the_canvas(window: MainWindow, qtbot: QtBot) -> None:
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


def test_the_first_window_is_no_larger_than_the_screen(qtbot: QtBot) -> None:
    made = MainWindow(questions=Answers())
    qtbot.addWidget(made, before_close_func=MainWindow.shut)
    made.views.restore()
    room = made.screen().availableGeometry()
    assert made.height() < room.height()
    assert made.width() <= max(room.width(), made.minimumSizeHint().width())


def test_a_window_that_was_shut_ignores_its_undo_steps(window: MainWindow, qtbot: QtBot) -> None:
    window.editor.add_kind("input")
    window.shut()
    stack = window.document.undo_stack
    with qtbot.assertNotEmitted(stack.canUndoChanged):
        stack.clear()


def test_train_says_what_stands_in_the_way(window: MainWindow, qtbot: QtBot) -> None:
    window.editor.add_kind("input")
    qtbot.waitUntil(lambda: bool(window.document.report.problems), timeout=60_000)
    window.menus.trigger("train")
    assert "stands in the way of training" in window.status_line.currentMessage()
    assert window.session.state == IDLE
