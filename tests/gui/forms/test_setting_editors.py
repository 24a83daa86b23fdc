from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from dlstudio.design.model.model import Parameter
from dlstudio.design.model.values import Ref, Value
from dlstudio.gui.forms.block_parameter_setting import declare_parameter
from dlstudio.gui.forms.setting_editor import SettingEditor
from dlstudio.gui.forms.setting_editors import (
    ChoiceEditor,
    FormComboBox,
    TextEditor,
    ToggleEditor,
    editor_for,
)
from dlstudio.gui.forms.value_format import format_value, read_value
from dlstudio.gui.style.theme import apply_theme, load_fonts
from dlstudio.gui.widgets.field import StepField, ToggleField
from dlstudio.layers.framework.settings import Boolean, Choice, Integer, IntegerList, Real, Setting
from tests.gui.panel_designs import type_into

FILTERS = Integer(title="Filters", help="How many.", default=16, maximum=512)
KERNEL = IntegerList(title="Kernel size", help="Height and width.", default=(3, 3), count=2)
RATE = Real(title="Rate", help="How much.", default=0.5, minimum=0.0, maximum=1.0)
NAMES = {"classes": 10, "features": 64}


def create_editor(
    qtbot: QtBot, setting: Setting, value: Value, names: dict[str, int] | None = None
) -> tuple[SettingEditor, list[Value]]:
    editor = editor_for(setting, names)
    qtbot.addWidget(editor)
    editor.resize(160, 60)
    editor.show()
    editor.show_value(value)
    edited: list[Value] = []
    editor.edited.connect(edited.append)
    return editor, edited


@pytest.mark.parametrize(("width", "shown"), [(260, True), (150, False)])
def test_suffix_is_hidden_if_it_does_not_fit(qtbot: QtBot, width: int, shown: bool) -> None:
    editor, _ = create_editor(qtbot, FILTERS, Ref("vocabulary"), {"vocabulary": 50_257})
    assert isinstance(editor, TextEditor)
    editor.resize(width, 60)
    assert editor.field.suffix == "= 50257"
    with_number = editor.field.grab().toImage()
    editor.field.suffix = ""
    assert (editor.field.grab().toImage() != with_number) is shown


@pytest.mark.parametrize(
    ("setting", "text", "value"),
    [
        (FILTERS, "32", 32),
        (FILTERS, "classes", Ref("classes")),
        (FILTERS, "2 * classes / 4", Ref("classes", 2, 4)),
        (KERNEL, "5", (5, 5)),
        (KERNEL, "5 x 3", (5, 3)),
        (KERNEL, "5,3", (5, 3)),
        (RATE, "0.25", 0.25),
        (RATE, "0,25", 0.25),
    ],
)
def test_text_is_parsed_to_a_value(qtbot: QtBot, setting: Setting, text: str, value: Value) -> None:
    editor, edited = create_editor(qtbot, setting, setting.default, NAMES)
    type_into(qtbot, editor, text)
    assert edited == [value]
    assert not editor.error_text


@pytest.mark.parametrize(
    ("setting", "text"),
    [(FILTERS, "0"), (FILTERS, "many"), (FILTERS, "classes / 3"), (FILTERS, ""), (KERNEL, "3 x"),
     (KERNEL, "1 2 3"), (RATE, "2"), (RATE, "nan")],
)  # fmt: skip
def test_invalid_text_stays_with_an_error(qtbot: QtBot, setting: Setting, text: str) -> None:
    editor, edited = create_editor(qtbot, setting, setting.default, NAMES)
    if text == "3 x":
        text = "3 x y"
    type_into(qtbot, editor, text or " ")
    assert edited == []
    assert setting.title in editor.error_text
    assert isinstance(editor, TextEditor)
    assert editor.field.text() == (text or " ")
    assert editor.field.property("wrong") == "true"
    editor.show_value(setting.default)
    assert editor.field.text() == (text or " ")
    type_into(qtbot, editor, format_value(setting.default))
    assert not editor.error_text


def test_arrow_keys_and_mouse_step_within_the_range(qtbot: QtBot) -> None:
    editor, edited = create_editor(qtbot, FILTERS, 2)
    assert isinstance(editor, TextEditor)
    qtbot.keyClick(editor.field, Qt.Key.Key_Up)
    qtbot.keyClick(editor.field, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    position = QPoint(editor.field.width() - 8, editor.field.height() - 4)
    qtbot.mouseClick(editor.field, Qt.MouseButton.LeftButton, pos=position)
    assert edited == [3, 13, 12]
    type_into(qtbot, editor, "1")
    edited.clear()
    qtbot.keyClick(editor.field, Qt.Key.Key_Down)
    assert edited == []


def test_reference_shows_its_name_and_value(qtbot: QtBot) -> None:
    editor, edited = create_editor(qtbot, FILTERS, Ref("classes"), NAMES)
    assert isinstance(editor, TextEditor)
    assert editor.field.text() == "classes"
    assert editor.field.suffix == "= 10"
    qtbot.keyClick(editor.field, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    menu = editor.menu
    texts = [action.text() for action in menu.actions()]
    assert "classes = 10" in texts
    assert "features = 64" in texts
    menu.actions()[texts.index("Fixed number")].trigger()
    menu.close()
    assert edited == [10]


def test_choice_and_toggle_editors_emit_the_new_value(qtbot: QtBot) -> None:
    padding = Choice(title="Padding", help="", default="a", options=("a", "he_normal"))
    choice, values = create_editor(qtbot, padding, "a")
    assert isinstance(choice, ChoiceEditor)
    assert choice.combo.itemText(1) == "He normal"
    qtbot.keyClick(choice.combo, Qt.Key.Key_Down)
    assert values == ["he_normal"]
    toggle, toggled = create_editor(qtbot, Boolean(title="Bias", help="", default=True), value=True)
    assert isinstance(toggle, ToggleEditor)
    qtbot.mouseClick(toggle.toggle, Qt.MouseButton.LeftButton)
    qtbot.keyClick(toggle.toggle, Qt.Key.Key_Space)
    assert toggled == [False, True]


def test_confirming_an_untouched_mixed_field_changes_nothing(qtbot: QtBot) -> None:
    editor, edited = create_editor(qtbot, FILTERS, 3)
    editor.show_mixed()
    assert isinstance(editor, TextEditor)
    editor.field.setFocus()
    qtbot.keyClick(editor.field, Qt.Key.Key_Return)
    assert edited == []
    assert not editor.error_text


@given(st.one_of(
    st.integers(1, 512),
    st.builds(Ref, st.just("classes"), st.integers(1, 9), st.sampled_from([1, 2, 5])),
))  # fmt: skip
def test_integer_or_reference_round_trips_as_text(value: Value) -> None:
    assert read_value(format_value(value), FILTERS, NAMES) == value


@given(st.floats(0, 1))
def test_float_round_trips_as_text(value: float) -> None:
    assert read_value(format_value(value), RATE, {}) == pytest.approx(value, rel=1e-6)


def press_up(qtbot: QtBot, editor: SettingEditor) -> None:
    assert isinstance(editor, TextEditor)
    qtbot.keyClick(editor.field, Qt.Key.Key_Up)


@pytest.mark.parametrize("setting", [FILTERS, KERNEL, RATE], ids=lambda setting: setting.title)
@pytest.mark.parametrize(
    "value",
    [None, True, "word", {"a": 1}, (), (1, (2,)), Ref("gone"), Ref("classes", 1, 0), 1e308],
    ids=repr,
)
def test_wrong_value_of_a_file_can_be_stepped_and_replaced(
    qtbot: QtBot, setting: Setting, value: Value
) -> None:
    editor, _ = create_editor(qtbot, setting, value, NAMES)
    assert isinstance(editor, TextEditor)
    press_up(qtbot, editor)
    type_into(qtbot, editor, "1")
    assert editor.field.text() in {"1", "1 × 1"}
    assert not editor.error_text


def test_wrong_value_of_a_file_can_become_a_fixed_number(qtbot: QtBot) -> None:
    editor, edited = create_editor(qtbot, FILTERS, {"a": 1}, NAMES)
    assert isinstance(editor, TextEditor)
    qtbot.keyClick(editor.field, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    (action,) = (action for action in editor.menu.actions() if action.text() == "Fixed number")
    action.trigger()
    editor.menu.close()
    assert edited == []
    assert editor.error_text


def test_default_without_a_value_cannot_be_stepped(qtbot: QtBot) -> None:
    parameter = Parameter("channels", Ref("classes", 1, 3))
    editor, edited = create_editor(qtbot, declare_parameter(parameter), None, NAMES)
    press_up(qtbot, editor)
    assert edited == []
    assert "cannot be divided by 3" in editor.error_text


def test_largest_number_cannot_be_stepped_to_infinity(qtbot: QtBot) -> None:
    setting = Real(title="Value", help="Any.", default=0.0)
    editor, edited = create_editor(qtbot, setting, 1e308)
    assert isinstance(editor, TextEditor)
    qtbot.keyClick(editor.field, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert edited == []
    assert editor.field.text() == "1e308"


@pytest.mark.parametrize("text", ["9" * 5000, "classes / " + "9" * 5000, "a" * 5000, "3 " * 5000])
def test_error_on_a_long_text_stays_short_and_narrow(qtbot: QtBot, text: str) -> None:
    editor, edited = create_editor(qtbot, FILTERS, 16, NAMES)
    assert isinstance(editor, TextEditor)
    width = editor.minimumSizeHint().width()
    editor.field.setText(text)
    qtbot.keyClick(editor.field, Qt.Key.Key_Return)
    assert edited == []
    assert editor.error_text.startswith("Filters")
    assert len(editor.error_text) < 300
    assert editor.minimumSizeHint().width() == width


def test_combo_box_uses_the_room_beside_its_arrow(qtbot: QtBot) -> None:
    load_fonts()
    apply_theme("light")
    combo = FormComboBox()
    qtbot.addWidget(combo)
    combo.addItems(["Cross-entropy"])
    combo.resize(combo.fontMetrics().horizontalAdvance("Cross-entropy") + 44, 30)
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    assert option.currentText == "Cross-entropy"


def test_texts_of_all_fields_begin_at_the_same_column(qtbot: QtBot) -> None:
    load_fonts()
    apply_theme("light")
    field, toggle, combo = StepField(), ToggleField(), FormComboBox()
    field.setText("off")
    combo.addItems(["off"])
    starts = []
    for widget in (field, toggle, combo):
        qtbot.addWidget(widget)
        widget.resize(140, 30)
        widget.show()
        image = widget.grab().toImage()
        inside = [(x, y) for x in range(4, 60) for y in range(6, 24)]
        starts.append(next(x for x, y in inside if image.pixelColor(x, y).lightness() < 120))
    assert max(starts) - min(starts) <= 1


def test_combo_box_elides_long_items(qtbot: QtBot) -> None:
    combo = FormComboBox()
    qtbot.addWidget(combo)
    combo.addItems(["conv2d_1, conv2d_2, linear_1"])
    option = QStyleOptionComboBox()
    half = combo.fontMetrics().horizontalAdvance(combo.currentText()) // 2
    for width, is_cut in ((4 * half + 100, False), (half + 40, True)):
        combo.resize(width, 30)
        combo.initStyleOption(option)
        assert option.currentText.endswith("…") == is_cut
        assert combo.currentText().startswith(option.currentText.rstrip("…"))
        assert len(option.currentText) > 3
