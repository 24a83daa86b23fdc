"""The editor of one number for each name."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from dlstudio.design.model.values import Value
from dlstudio.gui.forms.number_table_editor import NumberTableEditor
from dlstudio.gui.forms.setting_editors import editor_for
from dlstudio.layers.framework.settings import NumberTable

WEIGHTS = NumberTable(title="Weights", help="Of each class.", default=(), names=("cat", "dog"))


def create_editor(qtbot: QtBot) -> tuple[NumberTableEditor, list[Value]]:
    editor = editor_for(WEIGHTS)
    assert isinstance(editor, NumberTableEditor)
    qtbot.addWidget(editor)
    editor.show_value((1.0, 2.5))
    edited: list[Value] = []
    editor.edited.connect(edited.append)
    return editor, edited


def type_number(editor: NumberTableEditor, row: int, text: str) -> None:
    item = editor.table.item(row, 1)
    assert item is not None
    item.setText(text)


def test_numbers_stand_beside_their_names(qtbot: QtBot) -> None:
    editor, edited = create_editor(qtbot)
    texts = [
        [item.text() for column in range(2) if (item := editor.table.item(row, column))]
        for row in range(2)
    ]
    assert texts == [["cat", "1"], ["dog", "2.5"]]
    assert edited == []


def test_an_edit_emits_all_numbers(qtbot: QtBot) -> None:
    editor, edited = create_editor(qtbot)
    type_number(editor, 0, "3,5")
    assert edited == [(3.5, 2.5)]


def test_invalid_text_names_its_row(qtbot: QtBot) -> None:
    editor, edited = create_editor(qtbot)
    type_number(editor, 1, "-2")
    assert "dog" in editor.error_text
    type_number(editor, 1, "much")
    assert editor.error_text
    assert edited == []
    type_number(editor, 1, "4")
    assert editor.error_text == ""
    assert edited == [(1.0, 4.0)]


def test_name_is_not_editable(qtbot: QtBot) -> None:
    editor, _ = create_editor(qtbot)
    item = editor.table.item(0, 0)
    assert item is not None
    assert not bool(item.flags() & item.flags().ItemIsEditable)
