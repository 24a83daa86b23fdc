"""The panel of any view without one of its own: its options as a form, its values drawn."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.design.model.values import Value
from dlstudio.gui.forms.settings_form import SettingsForm
from dlstudio.gui.plots.analyses.analysis_panel import AnalysisPanel
from dlstudio.gui.plots.analyses.analysis_toolbar import AnalysisToolbar
from dlstudio.gui.plots.drawings.drawing import DrawingRow
from dlstudio.gui.runs.view_services import ViewServices
from dlstudio.gui.widgets.basic_widgets import ElidedLabel
from dlstudio.insight.views.spec import ViewSpec
from dlstudio.layers.framework.kind import SettingError

_FORM_WIDTH = 250
_TRAIN_HINT = "Press Train, then Compute."
_COMPUTE_HINT = "Press Compute."


class ViewPanel(AnalysisPanel):
    """Computes a view when it is asked to."""

    def __init__(self, services: ViewServices, spec: ViewSpec) -> None:
        """Look at the network of `services`."""
        super().__init__(services.document, AnalysisToolbar(services, "Compute", spec.help))
        self._document = services.document
        self._network = services.network
        self._spec = spec
        self._options: dict[str, Value] = {}
        self.heading = ElidedLabel("title")
        self.form = SettingsForm(spec.options)
        self.result = DrawingRow()
        self._build()
        self.form.edited.connect(self._set_option)
        self.toolbar.start_requested.connect(self.compute)
        self.toolbar.task.done.connect(self._show_result)
        services.network.changed.connect(self._clear)
        services.document.report_changed.connect(self._update_offer)
        self._clear()

    def compute(self) -> None:
        """Begin to compute the view with the options of the form."""
        self.toolbar.task.start(self._spec, self._options)

    def showEvent(self, event: QShowEvent) -> None:
        """Say what there is to see for the design."""
        super().showEvent(event)
        self._update_offer()

    def _build(self) -> None:
        self.form.show_values(self._options)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        column.addStretch(1)
        side = _scroll_area(holder, f"Options of {self._spec.title}")
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setFixedWidth(_FORM_WIDTH)
        side.setVisible(bool(self._spec.options))
        middle = QHBoxLayout()
        middle.addWidget(_scroll_area(self.result, self._spec.title), 1)
        self.build_layout(self.heading, middle, side=side)

    def _set_option(self, name: str, value: Value) -> None:
        """Take a choice over where it is valid, and compute anew what is on show."""
        options = {**self._options, name: value}
        try:
            self._spec.parse(options)
        except SettingError as error:
            self.form.show_error(error.setting, str(error))
            return
        self._options = options
        self.form.show_values(options)
        if self.has_result or self.toolbar.task.is_busy:
            self.compute()

    def _show_result(self, value: object) -> None:
        values = value if isinstance(value, tuple) else (value,)
        try:
            self.result.show_values(*values)
        except TypeError as error:
            self.toolbar.show_status(str(error), "error")
            return
        self.heading.setText(
            f"{self._spec.title} · {self._network.age_text(self.toolbar.task.step)}"
        )
        self.set_result_visible(visible=True)

    def _clear(self) -> None:
        self.set_result_visible(visible=False)
        self._update_offer()

    def _update_offer(self) -> None:
        project = self._network.project or self._document.project
        reason = self._spec.needs(project, self._document.dataset_info)
        hint = _COMPUTE_HINT if self._network.is_available else _TRAIN_HINT
        self.set_placeholder(f"{self._spec.help}\n{reason or hint}", usable=not reason)


def _scroll_area(widget: QWidget, name: str) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(widget)
    area.setAccessibleName(name)
    return area
