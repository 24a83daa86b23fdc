"""One editor for each type of setting. Uses declarations only, never a particular layer kind."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QMenu,
    QStyle,
    QStyleOptionComboBox,
)

from dlstudio.design.model.references import resolve_refs
from dlstudio.design.model.values import Ref, Value
from dlstudio.gui.forms.block_parameter_setting import BlockParameterSetting
from dlstudio.gui.forms.number_table_editor import NumberTableEditor
from dlstudio.gui.forms.reference_menu import fill_reference_menu
from dlstudio.gui.forms.reference_names import ReferenceNames
from dlstudio.gui.forms.setting_editor import SettingEditor
from dlstudio.gui.forms.value_format import (
    format_value,
    has_ref,
    option_label,
    read_value,
    setting_text,
)
from dlstudio.gui.widgets.basic_widgets import set_style_property
from dlstudio.gui.widgets.field import StepField, ToggleField
from dlstudio.gui.widgets.menu_heading import clear_menu
from dlstudio.layers.framework.settings import (
    Boolean,
    Choice,
    Integer,
    IntegerList,
    NumberTable,
    Real,
    Setting,
)

_AUTOMATIC = "auto: {}"
MIXED = "—"
"""Shown if the selected cards have different values."""


class TextEditor(SettingEditor):
    """One line for numbers, sizes and text; numbers may reference a size of the data."""

    def __init__(self, setting: Setting, names: Mapping[str, int]) -> None:
        """`names` are the numbers that a `Ref` may use."""
        super().__init__(setting)
        self._names = names
        self._shown_value: Value = None
        self._automatic: Value = None
        self.menu = QMenu(self)
        has_menu = isinstance(setting, (Integer, IntegerList)) and bool(
            names or _is_in_block(names)
        )
        self.field = StepField(
            has_steps=isinstance(setting, (Integer, Real, IntegerList)), has_menu=has_menu
        )
        self.field.setPlaceholderText(_placeholder(setting))
        self.field.committed.connect(self._commit)
        self.field.stepped.connect(self._step)
        self.field.menu_requested.connect(self._open_menu)
        self._set_control(self.field)

    def show_value(self, value: Value) -> None:
        """Show a value; invalid text being corrected stays while the value is unchanged."""
        if self.error_text and value == self._shown_value and self.field.text() != MIXED:
            return
        self._shown_value = value
        text = setting_text(value, self.setting)
        if text != self.field.text():
            self.field.setText(text)
            self.field.setCursorPosition(0)
        self.show_error("")
        self._show_ref(value)

    def show_automatic(self, value: Value) -> None:
        """Show the number that is used while the field is empty, and offer it in the menu."""
        self._automatic = value
        self.field.setPlaceholderText(_AUTOMATIC.format(format_value(value)))
        self.field.set_menu_enabled(True)

    def show_mixed(self) -> None:
        self._shown_value = MIXED
        self.field.setText(MIXED)
        self.field.suffix = ""
        self.show_error("")

    def show_error(self, reason: str) -> None:
        super().show_error(reason)
        set_style_property(self.field, "wrong", "true" if reason else "")

    def _show_ref(self, value: Value) -> None:
        self.field.is_linked = has_ref(value)
        self.field.suffix = ""
        if isinstance(value, Ref) and value.name in self._names:
            try:
                self.field.suffix = f"= {resolve_refs(value, self._names)}"
            except ValueError as error:
                self.show_error(str(error))
        self.field.update()

    def _commit(self) -> None:
        text = self.field.text()
        if text == MIXED or (
            text == setting_text(self._shown_value, self.setting) and not self.error_text
        ):
            return
        self._apply_text(text)

    def _apply_text(self, text: str) -> None:
        try:
            value = read_value(text, self.setting, self._names)
        except ValueError as error:
            self.show_error(str(error))
            return
        self.show_error("")
        if value == self._shown_value and type(value) is type(self._shown_value):
            self.field.setText(setting_text(value, self.setting))
            return
        self._shown_value = value
        self.field.setText(setting_text(value, self.setting))
        self._show_ref(value)
        self.edited.emit(value)

    def _step(self, steps: int) -> None:
        value = self._current_value()
        if value is None:
            value = self._automatic
        if value is None and isinstance(self.setting, BlockParameterSetting):
            try:
                value = resolve_refs(self.setting.inherited, self._names)
            except ValueError as error:
                self.show_error(str(error))
                return
        result = _step_value(value, steps, self.setting)
        if result is not None and result != value:
            self._apply_text(setting_text(result, self.setting))

    def _current_value(self) -> Value:
        try:
            return read_value(self.field.text(), self.setting, self._names)
        except ValueError:
            value = self._shown_value
            return self.setting.default if value is None or value == MIXED else value

    def _open_menu(self) -> None:
        if self._automatic is not None:
            text = format_value(self._automatic)
            clear_menu(self.menu)
            self.menu.addAction(f"Automatic ({text})", lambda: self._apply_text(""))
            self.menu.addAction(f"Keep {text}", lambda: self._apply_text(text))
        else:
            fill_reference_menu(
                self.menu,
                self._names,
                self._apply_text,
                self._unlink,
                self.parameter_requested.emit,
                scales=isinstance(self.setting, Integer),
            )
        self.menu.popup(self.field.mapToGlobal(QPoint(0, self.field.height())))

    def _unlink(self) -> None:
        try:
            number = resolve_refs(self._current_value(), self._names)
        except ValueError as error:
            self.show_error(str(error))
            return
        self._apply_text(format_value(number))


class ChoiceEditor(SettingEditor):
    """Selects one option of a list."""

    def __init__(self, setting: Choice) -> None:
        super().__init__(setting)
        self.combo = FormComboBox()
        for option in setting.options:
            self.combo.addItem(option_label(option), option)
        self.combo.activated.connect(lambda index: self.edited.emit(self.combo.itemData(index)))
        self.combo.setPlaceholderText(MIXED)
        self._set_control(self.combo)

    def needed_width(self) -> int:
        """Return the width at which every option is shown in full."""
        return self.combo.needed_width()

    def set_titles(self, titles: Mapping[str, str]) -> None:
        """Show options by these titles."""
        for index in range(self.combo.count()):
            title = titles.get(self.combo.itemData(index))
            if title:
                self.combo.setItemText(index, title)

    def show_value(self, value: Value) -> None:
        """Select an option; an unknown one gets an error."""
        self.combo.setCurrentIndex(self.combo.findData(value))
        if self.combo.currentIndex() < 0:
            self.show_error(f"“{format_value(value)}” is not one of the options")
        else:
            self.show_error("")

    def show_mixed(self) -> None:
        self.combo.setCurrentIndex(-1)
        self.show_error("")


class ToggleEditor(SettingEditor):
    """Edits an on/off setting."""

    def __init__(self, setting: Boolean) -> None:
        super().__init__(setting)
        self.toggle = ToggleField()
        self.toggle.toggled.connect(self.edited.emit)
        self._set_control(self.toggle)

    def show_value(self, value: Value) -> None:
        self.toggle.is_on = value is True
        self.toggle.is_mixed = False
        self.toggle.update()
        self.show_error("")

    def show_mixed(self) -> None:
        self.toggle.is_mixed = True
        self.toggle.update()


_WIDE = 400


class FormComboBox(QComboBox):
    """A combo box that ignores the mouse wheel and shrinks with its column."""

    def __init__(self) -> None:
        """A long option is elided instead of widening the form."""
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Elide the current text instead of clipping it."""
        super().initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        text_rect = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, field, self
        )
        option.currentText = self.fontMetrics().elidedText(
            option.currentText,
            Qt.TextElideMode.ElideRight,
            text_rect.width() - 2,
        )

    def needed_width(self) -> int:
        """Return the width at which every option is shown in full."""
        option = QStyleOptionComboBox()
        super().initStyleOption(option)
        option.rect.setRect(0, 0, _WIDE, self.sizeHint().height())
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        texts = (self.itemText(index) for index in range(self.count()))
        longest = max(map(self.fontMetrics().horizontalAdvance, texts), default=0)
        return longest + _WIDE - field.width() + 3

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def editor_for(setting: Setting, names: Mapping[str, int] | None = None) -> SettingEditor:
    """Return the editor for a declaration; `names` are the numbers that a `Ref` may use."""
    if isinstance(setting, Choice):
        return ChoiceEditor(setting)
    if isinstance(setting, Boolean):
        return ToggleEditor(setting)
    if isinstance(setting, NumberTable):
        return NumberTableEditor(setting)
    return TextEditor(setting, names or {})


def _placeholder(setting: Setting) -> str:
    if isinstance(setting, BlockParameterSetting):
        return f"{format_value(setting.inherited)} (default)"
    return "automatic" if getattr(setting, "optional", False) else ""


def _is_in_block(names: Mapping[str, int]) -> bool:
    return isinstance(names, ReferenceNames) and bool(names.block_id)


def _step_value(value: Value, steps: int, setting: Setting) -> Value:
    """Return the value after some steps, clamped to its range; None if it cannot be stepped."""
    if isinstance(value, tuple):
        values = tuple(_step_value(item, steps, setting) for item in value)
        return None if None in values else values
    if value is None and isinstance(setting, Integer):
        return max(setting.minimum, 1)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    low = getattr(setting, "minimum", -math.inf)
    high = getattr(setting, "maximum", math.inf)
    if isinstance(value, int) and not isinstance(setting, Real):
        return int(min(max(value + steps, low), high))
    result = float(min(max(value + steps * _float_step(float(value), low, high), low), high))
    return result if math.isfinite(result) else None


def _float_step(value: float, low: float, high: float) -> float:
    """Return a suitable step: 0.05 in a range of at most 2, else a unit of the leading digit."""
    if math.isfinite(low) and math.isfinite(high) and high - low <= 2:
        return 0.05
    if value == 0:
        return 0.001
    return float(10 ** math.floor(math.log10(abs(value)) - 1e-9))
