"""Fixes in the problem popup."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from dlstudio.gui.canvas.overlays.fix_buttons import FixButtons
from tests.gui.canvas.canvas_pointer import LEFT


def test_fix_in_the_popup_changes_the_design(broken_network):
    popup = broken_network.editor.overlays.problem_popup
    assert popup.isHidden()
    broken_network.click(broken_network.centre("relu_1"))
    assert popup.isVisible()
    fix_button = next(
        button
        for button in popup.findChildren(QPushButton)
        if button.text() == "Take the layer out"
    )
    QTest.mouseClick(fix_button, LEFT)
    assert "relu_1" not in broken_network.graph.nodes
    assert ("input_0", "tanh_2") in broken_network.wires
    assert popup.isHidden()
    broken_network.undo.undo()
    assert "relu_1" in broken_network.graph.nodes


def test_details_button_expands_the_popup(broken_network, qtbot):
    broken_network.click(broken_network.centre("relu_1"))
    details_button = next(
        button
        for button in broken_network.editor.overlays.problem_popup.findChildren(QPushButton)
        if button.text() == "Details"
    )
    height = broken_network.editor.overlays.problem_popup.height()
    with qtbot.waitSignal(broken_network.editor.problem_details_requested) as details_requested:
        QTest.mouseClick(details_button, LEFT)
    assert details_requested.args == ["relu_1"]
    assert broken_network.editor.overlays.problem_popup.height() > height


def test_fix_is_chosen_with_the_keyboard(broken_network):
    popup = broken_network.editor.overlays.problem_popup
    broken_network.editor.focus_fixes()
    assert popup.isVisible()
    fix_button = QApplication.focusWidget()
    assert isinstance(fix_button, QPushButton)
    assert fix_button.text() == "Take the layer out"
    QTest.keyClick(fix_button, Qt.Key.Key_Escape)
    assert popup.isHidden()
    assert broken_network.view.hasFocus()
    broken_network.editor.select_none()
    broken_network.editor.focus_fixes()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert "relu_1" not in broken_network.graph.nodes
    assert broken_network.view.hasFocus()


def test_popup_follows_the_pointer(broken_network, qtbot):
    broken_network.move_to(broken_network.centre("relu_1"))
    qtbot.waitUntil(broken_network.editor.overlays.problem_popup.isVisible, timeout=2000)
    broken_network.move_to((500, 300))
    qtbot.waitUntil(broken_network.editor.overlays.problem_popup.isHidden, timeout=2000)


def test_long_title_is_wrapped_instead_of_cut(qtbot):
    owner = QWidget()
    qtbot.addWidget(owner)
    buttons = FixButtons(owner)
    button = buttons.add("Add an Output after linear_1, and insert ReLU and a Linear layer")
    buttons.arrange(4000)
    one_line = button.height()
    buttons.arrange(200)
    assert button.width() == 200
    assert button.height() >= one_line + button.fontMetrics().lineSpacing()
    assert buttons.height() == button.height()
    assert "…" not in "".join(button.lines(200))
