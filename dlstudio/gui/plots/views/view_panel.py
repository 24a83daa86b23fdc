"""The generic panel of a view: its options as a form, its values as drawings.

A live view is updated during a run while the panel is visible; without a run, and for a slow view,
the user presses Compute.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.design.model.values import Value
from dlstudio.entry_points import reason_text
from dlstudio.gui.forms.settings_form import SettingsForm
from dlstudio.gui.plots.analyses.analysis_panel import BUSY_HINT, AnalysisPanel
from dlstudio.gui.plots.analyses.analysis_toolbar import AnalysisToolbar
from dlstudio.gui.plots.drawings.drawing import DrawingRow
from dlstudio.gui.plots.inputs.input_sources import INPUT_SOURCES
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.plots.views.edited_layers import without_edited_layers
from dlstudio.gui.plots.views.live_view import LiveView
from dlstudio.gui.widgets.basic_widgets import ElidedLabel
from dlstudio.insight.common.view_result import ViewResult
from dlstudio.insight.views.spec import ViewSpec
from dlstudio.insight.views.values import CardOverlay
from dlstudio.layers.framework.kind import SettingError

_log = logging.getLogger(__name__)
_FORM_WIDTH = 250
_COMPUTE = "Compute"
_LIVE_HINT = "Press Train. The view is updated while the network trains."
_FOLLOWING_HINT = "The first result appears in a moment."


class ViewPanel(AnalysisPanel):
    """Computes a view on request, and a live view during a run.

    Signals:
        card_values_changed: Name of the view, and the `CardOverlay` whose numbers the cards show
            while the panel is visible, or None.
    """

    card_values_changed = Signal(str, object)

    def __init__(self, services: ViewServices, spec: ViewSpec) -> None:
        """Show `spec` for the run and network of `services`."""
        source = INPUT_SOURCES[spec.input](services)
        super().__init__(services.document, AnalysisToolbar(services, _COMPUTE, spec.help, source))
        source.setParent(self)
        self._source = source
        self._document = services.document
        self._network = services.network
        self._spec = spec
        self._options: dict[str, Value] = {}
        self._overlay: CardOverlay | None = None
        self._computed_for = services.document.project
        self.heading = ElidedLabel("title")
        self.form = SettingsForm(spec.options)
        self.result = DrawingRow()
        self._build()
        self.form.edited.connect(self._set_option)
        self.toolbar.start_requested.connect(self.compute)
        self.toolbar.task.done.connect(
            lambda value: self._show_value(value, self.toolbar.task.moment)
        )
        self.toolbar.task.busy_changed.connect(self._update_offer)
        follows = spec.cost == "live" and spec.input == "state"
        self._live = LiveView(services, spec, self) if follows else None
        if self._live is not None:
            self._live.result_ready.connect(self._show_live_result)
            self.toolbar.uses_worker = lambda: not self._is_following
            services.session.state_changed.connect(lambda _state: self._update_offer())
        source.changed.connect(self._update_offer)
        source.chosen.connect(self._compute_again)
        services.network.changed.connect(self._clear)
        services.document.report_changed.connect(self._update_offer)
        services.document.project_changed.connect(lambda _change: self._update_card_values())
        self._clear()

    def compute(self) -> None:
        """Start computing the view with the options of the form."""
        if self._live is not None and self._is_following:
            self._live.compute_now()
        else:
            self.toolbar.task.start(self._spec, self._options)

    def showEvent(self, event: QShowEvent) -> None:
        """Update the placeholder, and follow a run from now on."""
        super().showEvent(event)
        self._update_offer()
        self._update_card_values()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop following the run."""
        super().hideEvent(event)
        self._update_card_values()
        if self._live is not None:
            self._live.watch(None)

    @property
    def _is_following(self) -> bool:
        return self._live is not None and self._live.is_following and self.isVisible()

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
        """Store a valid option and compute the view again if a result is shown."""
        options = {**self._options, name: value}
        try:
            self._spec.parse(options)
        except SettingError as error:
            self.form.show_error(error.setting, str(error))
            return
        self._options = options
        self.form.show_values(options)
        self._update_offer()
        if not self._is_following:
            self._compute_again()

    def _compute_again(self) -> None:
        """Compute again with the current options if a result is shown or pending."""
        if self.has_result or self.toolbar.task.is_busy:
            self.toolbar.task.start(self._spec, self._options, refresh=False)

    def _show_live_result(self, result: ViewResult) -> None:
        if result.is_unexpected:
            text = f"{self._spec.title} could not be computed: {result.error}"
            self.toolbar.show_status(text, "error")
        elif result.error:
            self.toolbar.show_status(result.error, "error")
        else:
            self.toolbar.show_status("")
            self._show_value(result.value, self._network.age_text(result.step))

    def _show_value(self, value: object, moment: str) -> None:
        values = value if isinstance(value, tuple) else (value,)
        try:
            self.result.show_values(*values)
        except Exception as error:  # noqa: BLE001 - a package may return anything
            _log.exception("the value of the view %r cannot be drawn", self._spec.name)
            self._clear()
            text = f"{self._spec.title} cannot be drawn: {reason_text(error)}"
            self.toolbar.show_status(text, "error")
            return
        heading = f"{self._spec.title} · {moment}"
        self.heading.setText(heading)
        if self._live is not None and self._live.rate_text:
            self.heading.setToolTip(f"{heading}\n{self._live.rate_text}")
        self._overlay = next((part for part in values if isinstance(part, CardOverlay)), None)
        self._computed_for = self._network.project or self._document.project
        self.set_result_visible(visible=True)
        self._update_card_values()

    def _update_card_values(self) -> None:
        overlay = self._overlay if self.isVisible() else None
        if overlay is not None:
            project = self._document.project
            overlay = without_edited_layers(overlay, self._computed_for, project)
        self.card_values_changed.emit(self._spec.name, overlay)

    def _clear(self) -> None:
        self._overlay = None
        self.set_result_visible(visible=False)
        self._update_card_values()
        self._update_offer()

    def _update_offer(self) -> None:
        reason = self._unmet_need()
        self.set_placeholder(f"{self._spec.help}\n{reason or self._hint}", usable=not reason)
        if self._live is not None:
            is_watched = self.isVisible() and not reason
            self._live.watch(self._spec.parse(self._options) if is_watched else None)

    def _unmet_need(self) -> str | None:
        """Return why the view cannot be shown, or None; also if `needs` itself fails."""
        project = self._network.project or self._document.project
        try:
            return self._spec.needs(project, self._document.dataset_info)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a mistake of a package
            _log.exception("the needs of the view %r cannot be checked", self._spec.name)
            return fault_text(self._spec, error)

    @property
    def _hint(self) -> str:
        if self._is_following:
            return _FOLLOWING_HINT
        if self.toolbar.task.is_busy:
            return BUSY_HINT
        if missing := self._source.missing_text:
            return missing if self._live is None else _LIVE_HINT
        return f"Press {self._source.start_text or _COMPUTE}."


def fault_text(spec: ViewSpec, error: BaseException) -> str:
    """Return what the panel of a faulty view shows: what, why, and what to do."""
    return (
        f"{spec.title} cannot be shown: {reason_text(error)}\n"
        "Update or remove the package that provides this view."
    )


def _scroll_area(widget: QWidget, name: str) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(widget)
    area.setAccessibleName(name)
    return area
