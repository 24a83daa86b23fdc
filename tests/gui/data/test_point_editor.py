from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.data.data_dialogs import open_points
from dlstudio.gui.data.point_editor import PointsDialog
from tests.gui.panel_designs import checked_document, small_network


def press_and_release(
    qtbot: QtBot, editor: QWidget, button: Qt.MouseButton, position: QPoint
) -> None:
    qtbot.mousePress(editor, button, pos=position)
    qtbot.mouseRelease(editor, button, pos=position)


def test_points_can_be_drawn_erased_and_saved(qtbot: QtBot) -> None:
    document = checked_document(small_network())
    data = DataSettings(source="points")
    document.apply(set_data(document.project, data), "Draw points")
    host = QWidget()
    qtbot.addWidget(host)
    dialog = open_points(document, host)
    assert isinstance(dialog, PointsDialog)
    editor = dialog.editor
    press_and_release(qtbot, editor, Qt.MouseButton.LeftButton, QPoint(50, 50))
    press_and_release(qtbot, editor, Qt.MouseButton.LeftButton, QPoint(120, 50))
    qtbot.mouseClick(dialog.classes.button(1), Qt.MouseButton.LeftButton)
    press_and_release(qtbot, editor, Qt.MouseButton.LeftButton, QPoint(200, 200))
    assert [label for _, _, label in editor.points] == [0, 0, 1]
    press_and_release(qtbot, editor, Qt.MouseButton.RightButton, QPoint(50, 50))
    assert [label for _, _, label in editor.points] == [0, 1]
    editor.undo()
    assert len(editor.points) == 3
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    qtbot.mouseClick(box.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    assert document.project.data.options["points"] == editor.points
