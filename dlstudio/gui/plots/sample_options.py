"""What may be asked for when a task makes samples: a small form behind a button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget, QWidgetAction

from dlstudio.design.values import Value
from dlstudio.gui.icons import icon
from dlstudio.gui.panels.settings_form import SettingsForm
from dlstudio.gui.theme import theme_changes
from dlstudio.training.task_table import TASKS, sampling_options

_WIDTH = 280
_ACRONYMS = {"ddim": "DDIM", "ddpm": "DDPM"}


class _FormMenu(QMenu):
    """A menu that holds a form: the keyboard goes into it, and Tab from field to field."""

    def __init__(self, parent: QWidget) -> None:
        """Start without a form."""
        super().__init__(parent)
        self.first: QWidget | None = None
        """The field that has the keyboard when the menu opens."""

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the first field."""
        super().showEvent(event)
        if self.first is not None:
            self.first.setFocus(Qt.FocusReason.PopupFocusReason)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Go to the next field, where a menu would go to its next line."""
        return QWidget.focusNextPrevChild(self, forwards)


class SampleOptions(QPushButton):
    """Opens a form with the task's own wishes; hidden where there are none.

    Signals:
        wanted: A field of `SampleRequest` and its new value.
    """

    wanted = Signal(str, object)

    def __init__(self) -> None:
        """Start without a task."""
        super().__init__("Options")
        self.setToolTip("How samples are drawn")
        self._task = ""
        self.values: dict[str, Value] = {}
        self.form: SettingsForm | None = None
        self._menu = _FormMenu(self)
        self.setMenu(self._menu)
        theme_changes.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_task(self, task: str) -> None:
        """Offer what this task knows of."""
        self._task = task
        self.values = {}
        options = sampling_options(task)
        self.setVisible(bool(options))
        self._menu.clear()
        self.form = SettingsForm(options)
        self.form.edited.connect(self._edit)
        if "sampler" in options:
            self.form.name_choices("sampler", _titles(task))
        self.form.show_values({})
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(12, 10, 12, 10)
        column.addWidget(self.form)
        holder.setFixedWidth(_WIDTH)
        action = QWidgetAction(self._menu)
        action.setDefaultWidget(holder)
        self._menu.addAction(action)
        self._menu.first = next(iter(self.form.editors.values()), None)

    def _edit(self, name: str, value: Value) -> None:
        assert self.form is not None
        try:
            parsed: Value = sampling_options(self._task)[name].parse(value)
        except ValueError as error:
            self.form.complain(name, str(error))
            return
        self.values[name] = parsed
        self.form.show_values(self.values)
        self.wanted.emit(name, parsed)

    def _dress(self) -> None:
        self.setIcon(icon("optimiser"))


def _titles(task: str) -> dict[str, str]:
    known = TASKS[task].samplers if task in TASKS else ()
    return {name: _ACRONYMS.get(name, name.capitalize()) for name in known}
