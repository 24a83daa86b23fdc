"""An editor for each sort of declared setting. Knows declarations, never a particular kind."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QMenu,
    QStyle,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)

from dlstudio.design.references import resolve
from dlstudio.design.values import Ref, Value
from dlstudio.gui.panels.dressing import button, label, restyle
from dlstudio.gui.panels.field import Field, Switcher
from dlstudio.gui.panels.known_names import KnownNames
from dlstudio.gui.panels.names_menu import fill_names_menu
from dlstudio.gui.panels.parameter_value import ParameterValue
from dlstudio.gui.panels.value_text import format_value, has_ref, read_value, text_of, words
from dlstudio.layers.settings import Choice, Number, Setting, Sizes, Switch, Whole

MIXED = "—"
"""Shown where several cards differ."""


class SettingEditor(QWidget):
    """Shows one setting's value and says when a person gave another.

    Text that cannot be used stays in the field, with a red border and the reason below.
    """

    edited = Signal(object)
    """The new value, checked against the declaration."""
    offer_taken = Signal()
    parameter_wanted = Signal()
    """The value is to become a new parameter of the block."""

    def __init__(self, setting: Setting) -> None:
        """Make an editor without a value."""
        super().__init__()
        self.setting = setting
        self.setToolTip(setting.help)
        self._reason = label(role="error", wrap=True)
        self._reason.hide()
        self.offer = button("", self.offer_taken.emit, look="quiet")
        self.offer.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_value(self, value: Value) -> None:
        """Show a value without saying that it was edited."""
        raise NotImplementedError

    def show_mixed(self) -> None:
        """Show that several cards differ."""
        raise NotImplementedError

    def complain(self, reason: str) -> None:
        """Show why the value cannot be used; empty takes it back."""
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))

    def make_offer(self, text: str, tip: str = "") -> None:
        """Offer below the value what else can be done with it; empty takes it back."""
        self.offer.setText(text)
        self.offer.setToolTip(tip)
        self.offer.setVisible(bool(text))

    @property
    def reason(self) -> str:
        """Why the value cannot be used, or empty."""
        return self._reason.text()

    def _hold(self, control: QWidget) -> None:
        self.setFocusProxy(control)
        control.setAccessibleName(self.setting.title)
        self._column.addWidget(control)
        self._column.addWidget(self._reason)
        self._column.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignLeft)


class TextEditor(SettingEditor):
    """Numbers, sizes and text in one line; numbers may name a fact of the data."""

    def __init__(self, setting: Setting, names: Mapping[str, int]) -> None:
        """Offer `names` where a `Ref` may stand."""
        super().__init__(setting)
        self._names = names
        self._shown: Value = None
        self.menu = QMenu(self)
        has_menu = isinstance(setting, (Whole, Sizes)) and bool(names or _is_inside(names))
        self.field = Field(steps=isinstance(setting, (Whole, Number, Sizes)), names=has_menu)
        self.field.setPlaceholderText(_placeholder(setting))
        self.field.committed.connect(self._commit)
        self.field.stepped.connect(self._step)
        self.field.names_wanted.connect(self._open_names)
        self._hold(self.field)

    def show_value(self, value: Value) -> None:
        """Show a value; text that is still being mended stays while the value is the same."""
        if self.reason and value == self._shown and self.field.text() != MIXED:
            return
        self._shown = value
        text = text_of(value, self.setting)
        if text != self.field.text():
            self.field.setText(text)
            self.field.setCursorPosition(0)
        self.complain("")
        self._show_ref(value)

    def show_mixed(self) -> None:
        """Show a dash."""
        self._shown = MIXED
        self.field.setText(MIXED)
        self.field.suffix = ""
        self.complain("")

    def complain(self, reason: str) -> None:
        """Colour the border too."""
        super().complain(reason)
        restyle(self.field, "wrong", "true" if reason else "")

    def _show_ref(self, value: Value) -> None:
        self.field.linked = has_ref(value)
        self.field.suffix = ""
        if isinstance(value, Ref) and value.name in self._names:
            try:
                self.field.suffix = f"= {resolve(value, self._names)}"
            except ValueError as error:
                self.complain(str(error))
        self.field.update()

    def _commit(self) -> None:
        text = self.field.text()
        if text == MIXED or (text == text_of(self._shown, self.setting) and not self.reason):
            return
        self._take(text)

    def _take(self, text: str) -> None:
        try:
            value = read_value(text, self.setting, self._names)
        except ValueError as error:
            self.complain(str(error))
            return
        self.complain("")
        if value == self._shown and type(value) is type(self._shown):
            self.field.setText(text_of(value, self.setting))
            return
        self._shown = value
        self.field.setText(text_of(value, self.setting))
        self._show_ref(value)
        self.edited.emit(value)

    def _step(self, steps: int) -> None:
        value = self._current()
        if value is None and isinstance(self.setting, ParameterValue):
            value = resolve(self.setting.standing, self._names)  # type: ignore[assignment]
        result = _stepped(value, steps, self.setting)
        if result is not None and result != value:
            self._take(text_of(result, self.setting))

    def _current(self) -> Value:
        try:
            return read_value(self.field.text(), self.setting, self._names)
        except ValueError:
            value = self._shown
            return self.setting.default if value in {None, MIXED} else value

    def _open_names(self) -> None:
        fill_names_menu(
            self.menu,
            self._names,
            self._take,
            self._unlink,
            self.parameter_wanted.emit,
            scales=isinstance(self.setting, Whole),
        )
        self.menu.popup(self.field.mapToGlobal(QPoint(0, self.field.height())))

    def _unlink(self) -> None:
        try:
            number = resolve(self._current(), self._names)
        except ValueError as error:
            self.complain(str(error))
            return
        self._take(format_value(number))  # type: ignore[arg-type]


class ChoiceEditor(SettingEditor):
    """One word of a list."""

    def __init__(self, setting: Choice) -> None:
        """List the words."""
        super().__init__(setting)
        self.combo = QuietCombo()
        for option in setting.options:
            self.combo.addItem(words(option), option)
        self.combo.activated.connect(lambda index: self.edited.emit(self.combo.itemData(index)))
        self.combo.setPlaceholderText(MIXED)
        self._hold(self.combo)

    def set_titles(self, titles: Mapping[str, str]) -> None:
        """Show words by these titles."""
        for index in range(self.combo.count()):
            title = titles.get(self.combo.itemData(index))
            if title:
                self.combo.setItemText(index, title)

    def show_value(self, value: Value) -> None:
        """Show a word; one that is not listed is shown with a reason."""
        self.combo.setCurrentIndex(self.combo.findData(value))
        if self.combo.currentIndex() < 0:
            self.complain(f"“{format_value(value)}” is not one of the choices")
        else:
            self.complain("")

    def show_mixed(self) -> None:
        """Show a dash."""
        self.combo.setCurrentIndex(-1)
        self.complain("")


class SwitchEditor(SettingEditor):
    """On or off."""

    def __init__(self, setting: Switch) -> None:
        """Start off."""
        super().__init__(setting)
        self.switcher = Switcher()
        self.switcher.turned.connect(self.edited.emit)
        self._hold(self.switcher)

    def show_value(self, value: Value) -> None:
        """Show on or off."""
        self.switcher.is_on = value is True
        self.switcher.is_mixed = False
        self.switcher.update()
        self.complain("")

    def show_mixed(self) -> None:
        """Show a dash."""
        self.switcher.is_mixed = True
        self.switcher.update()


class QuietCombo(QComboBox):
    """A combo box that the wheel never changes and that narrows with its column."""

    def __init__(self) -> None:
        """Let long words be cut rather than widen the form."""
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Say where words are left out, instead of cutting through a letter."""
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

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the form's scroll bar."""
        event.ignore()


def editor_for(setting: Setting, names: Mapping[str, int] | None = None) -> SettingEditor:
    """Return the editor for a declaration; `names` are the numbers that a `Ref` may use."""
    if isinstance(setting, Choice):
        return ChoiceEditor(setting)
    if isinstance(setting, Switch):
        return SwitchEditor(setting)
    return TextEditor(setting, names or {})


def _placeholder(setting: Setting) -> str:
    if isinstance(setting, ParameterValue):
        return f"{format_value(setting.standing)} (default)"
    return "automatic" if getattr(setting, "optional", False) else ""


def _is_inside(names: Mapping[str, int]) -> bool:
    return isinstance(names, KnownNames) and bool(names.inside)


def _stepped(value: Value, steps: int, setting: Setting) -> Value:
    """Return a value some steps further, inside its range; None where it has no steps."""
    if isinstance(value, tuple):
        values = tuple(_stepped(item, steps, setting) for item in value)
        return None if None in values else values
    if value is None and isinstance(setting, Whole):
        return max(setting.minimum, 1)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    low = getattr(setting, "minimum", -math.inf)
    high = getattr(setting, "maximum", math.inf)
    if isinstance(value, int) and not isinstance(setting, Number):
        return int(min(max(value + steps, low), high))
    return float(min(max(value + steps * _real_step(float(value), low, high), low), high))


def _real_step(value: float, low: float, high: float) -> float:
    """Return a step that suits a number: a twentieth of a short range, else its leading digit."""
    if math.isfinite(low) and math.isfinite(high) and high - low <= 2:
        return 0.05
    if value == 0:
        return 0.001
    return float(10 ** math.floor(math.log10(abs(value)) - 1e-9))
