"""The sampling options of a task: a form in a popover."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton

from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Value
from dlstudio.gui.forms.settings_form import SettingsForm
from dlstudio.gui.plots.samples.sample_settings import option_titles, sample_settings
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import theme_changes
from dlstudio.gui.widgets.popover import Popover
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.specs.sampling_settings import SAMPLING_SETTINGS

_WIDTH = 280
_SAMPLER, _LABEL = "sampler", "label"


class SampleOptions(QPushButton):
    """The button that opens the form; hidden for tasks without sampling options.

    Signals:
        option_changed: A field of `SampleRequest` and its new value.
    """

    option_changed = Signal(str, object)

    def __init__(self) -> None:
        super().__init__("Options")
        self.setToolTip("Sampling options")
        self._project = Project()
        self.values: dict[str, Value] = {}
        self.form: SettingsForm | None = None
        self.popover = Popover(self)
        self.clicked.connect(self.popover.open)
        theme_changes.changed.connect(self._apply_theme)
        self._apply_theme()
        self.hide()

    def show_project(self, project: Project, *, reset: bool) -> None:
        """Show the options of the design's task; values are kept unless `reset`."""
        self._project = project
        if reset:
            self.values = {}
        self._build_form()
        self.setVisible(bool(self.form and self.form.editors))

    def show_request(self, request: SampleRequest) -> None:
        """Show the values of a request that was changed elsewhere."""
        defaults, sampler = SampleRequest(), self.values.get(_SAMPLER, "")
        requested = {name: getattr(request, name) for name in SAMPLING_SETTINGS}
        self.values = {
            name: value for name, value in requested.items() if value != getattr(defaults, name)
        }
        if _LABEL in self.values:
            self.values[_LABEL] = str(self.values[_LABEL])
        if self.values.get(_SAMPLER, "") != sampler:
            self._build_form()
        else:
            self._show_values()

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Draw the menu indicator."""
        super().initStyleOption(option)
        option.features |= QStyleOptionButton.ButtonFeature.HasMenu

    def sizeHint(self) -> QSize:
        """Include the menu indicator."""
        hint = super().sizeHint()
        indicator = self.style().pixelMetric(QStyle.PixelMetric.PM_MenuButtonIndicator, None, self)
        return QSize(hint.width() + indicator, hint.height())

    def _build_form(self, focus_name: str = "") -> None:
        declared = sample_settings(self._project, str(self.values.get(_SAMPLER, "")))
        form = self.form = SettingsForm(declared)
        form.edited.connect(self._on_edited)
        for name in {_SAMPLER, _LABEL} & declared.keys():
            form.set_choice_titles(name, option_titles(self._project, name))
        form.setFixedWidth(_WIDTH)
        self._show_values()
        focus_editor = form.editors.get(focus_name) or next(iter(form.editors.values()), None)
        self.popover.set_widget(form, focus_editor)
        if focus_name and focus_editor is not None and self.popover.isVisible():
            focus_editor.setFocus()

    def _show_values(self) -> None:
        if self.form is not None:
            self.form.show_values(self.values)

    def _on_edited(self, name: str, value: Value) -> None:
        assert self.form is not None
        declared = sample_settings(self._project, str(self.values.get(_SAMPLER, "")))
        try:
            parsed: Value = declared[name].parse(value)
        except ValueError as error:
            self.form.show_error(name, str(error))
            return
        self.values[name] = parsed
        if name == _SAMPLER:
            self._build_form(focus_name=_SAMPLER)
        else:
            self._show_values()
        self.option_changed.emit(name, int(str(parsed)) if name == _LABEL else parsed)

    def _apply_theme(self) -> None:
        self.setIcon(icon("optimiser"))
