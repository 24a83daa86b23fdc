"""The curves panel: the plot with its controls, legend and export."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dlstudio.gui.plots.curves.chart import Chart, ChartSettings
from dlstudio.gui.plots.curves.curve_export import save_curves
from dlstudio.gui.plots.curves.curve_style import (
    VIEWS,
    palette,
    series_names_in,
    short_title,
    value_text,
)
from dlstudio.gui.plots.curves.legend import Legend, LegendEntry
from dlstudio.gui.runs.previous_run import PreviousCurves
from dlstudio.gui.runs.resumed_curves import ResumedCurvesLoader
from dlstudio.gui.runs.run_history import STEP_LOSS, RunHistory
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import theme_changes
from dlstudio.gui.widgets.basic_widgets import ElidedLabel, label, set_style_property
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.training.metrics.metric_names import metric_title

REDRAW_INTERVAL_MS = 200
_LEGEND_WINDOW = 50
"""The legend shows the training loss as the mean of this many steps."""
_LEFT, _RIGHT, _GAP = 12, 10, 4
_WIDE_WIDTH = 640
"""Width from which all controls have labels."""
_COMPACT_HEIGHT, _MIN_LEGEND_HEIGHT = 240, 120
"""Heights below which tools and legend shrink or hide, so that the plot keeps half the panel."""
_MARGINS, _COMPACT_MARGINS = (_LEFT, 6, _RIGHT, 4), (_LEFT, 2, _RIGHT, 2)
_ICON_AND_TEXT = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_ICON_ONLY = Qt.ToolButtonStyle.ToolButtonIconOnly
_FILTERS = "Image (*.png);;Vector image (*.svg);;Table (*.csv)"
_TRAIN_HINT = "Press Train to watch the loss fall."
_RUNS_HINT = "To show curves of earlier runs, check them under Runs."


class CurvesPanel(QWidget):
    """Shows the session's metrics, redrawn on a timer while visible.

    Signals:
        save_failed: Message why an export could not be written.
        load_failed: Message why a resumed run's earlier curves could not be loaded.
    """

    save_failed = Signal(str)
    load_failed = Signal(str)

    def __init__(self, session: TrainingSession) -> None:
        super().__init__()
        self.session = session
        self._overlaid: tuple[RunHistory, ...] = ()
        self._previous: PreviousCurves | None = None
        self.resumed_curves = ResumedCurvesLoader(session, self)
        self._cursor_position: float | None = None
        """Position of the pointer on the step axis, in its unit."""
        self._shown_state = (-1, 0)
        self.chart = Chart()
        self.legend = Legend()
        self.readout = ElidedLabel("small")
        self._placeholder = label(role="muted", wrap=True)
        self._placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._placeholder)
        self._stack.addWidget(self.chart)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(*_MARGINS)
        column.setSpacing(2)
        column.addLayout(self._build_controls())
        column.addWidget(self._stack, 1)
        column.addWidget(self.legend)
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_INTERVAL_MS)
        self._timer.timeout.connect(self.redraw_if_needed)
        self._connect()
        self.show_placeholder("", "")
        self.redraw()

    def show_placeholder(self, _activity: str, blocker: str) -> None:
        """Set the text shown while there are no curves: how to start, or what blocks training."""
        self._placeholder.setText(f"{blocker or _TRAIN_HINT}\n{_RUNS_HINT}")

    def overlay(self, histories: Sequence[RunHistory]) -> None:
        """Show earlier runs together with the current one."""
        self._overlaid = tuple(histories)
        self.redraw()

    def show_previous(self, previous: PreviousCurves | None) -> None:
        """Show a finished run while there is no current one."""
        self._previous = previous
        self.redraw()

    def redraw_if_needed(self) -> None:
        """Redraw if visible and something has changed."""
        if self.isVisible() and self._shown_state != self._current_state():
            self.redraw()

    def redraw(self) -> None:
        self._shown_state = self._current_state()
        histories = self._shown_histories()
        self._stack.setCurrentIndex(1 if histories else 0)
        self.chart.show_histories(histories)
        self._update_readout(self._cursor_position)

    def showEvent(self, event: QShowEvent) -> None:
        """Start the redraw timer."""
        super().showEvent(event)
        self._timer.start()
        self.redraw_if_needed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide labels if narrow, and use compact controls if low."""
        super().resizeEvent(event)
        self._hide_labels_if_narrow()
        self._apply_compact(compact=self.height() < _COMPACT_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the size needed without the labels that can be hidden."""
        controls = (
            self.readout,
            self.smoothing,
            self.by_epoch,
            self.logarithmic,
            self.export_button,
        )
        row = sum(
            max(control.minimumWidth(), control.minimumSizeHint().width()) + _GAP
            for control in controls
        )
        row += 2 * self.fit_button.minimumSizeHint().width() + _GAP  # the view's icon is as wide
        width = max(row, self._stack.minimumSizeHint().width())
        return QSize(_LEFT + width + _RIGHT, super().minimumSizeHint().height())

    def _hide_labels_if_narrow(self) -> None:
        self._smoothing_label.setVisible(self.width() >= _WIDE_WIDTH)
        has_text = self.width() >= self.minimumSizeHint().width() + self._view_text_width()
        self.view_button.setToolButtonStyle(_ICON_AND_TEXT if has_text else _ICON_ONLY)

    def _apply_compact(self, *, compact: bool) -> None:
        margins = _COMPACT_MARGINS if compact else _MARGINS
        self._column.setContentsMargins(*margins)
        self._column.setSpacing(0 if compact else 2)
        for tool in (
            self.view_button,
            self.by_epoch,
            self.logarithmic,
            self.fit_button,
            self.export_button,
        ):
            set_style_property(tool, "density", "compact" if compact else "")
        self.chart.set_compact(compact)
        self.legend.set_compact(compact)
        self.legend.setVisible(self.height() >= _MIN_LEGEND_HEIGHT)

    def _view_text_width(self) -> int:
        """Return the width that the text adds to the view button."""
        return 4 + self.view_button.fontMetrics().horizontalAdvance(f" {self.view_button.text()} ")

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the redraw timer."""
        super().hideEvent(event)
        self._timer.stop()

    def save_as(self, path: Path) -> None:
        """Export the curves: see `save_curves`."""
        save_curves(path, self.chart, self._shown_histories())

    def _connect(self) -> None:
        self.session.history_reset.connect(self._restart)
        self.resumed_curves.failed.connect(self.load_failed)
        self.legend.toggled.connect(self._toggle_curve)
        self.chart.cursor_moved.connect(self._update_readout)
        self.chart.zoomed.connect(self._on_zoomed)
        theme_changes.changed.connect(self._apply_theme)

    def _build_controls(self) -> QHBoxLayout:
        self.view_button = _tool_button("Loss and metrics", "curves", "Quantity to plot")
        menu = QMenu(self.view_button)
        for name, title in VIEWS.items():
            menu.addAction(title, partial(self._choose_view, name))
        self.view_button.setMenu(menu)
        self.by_epoch = _toggle_button("Epochs", "Show epochs instead of steps", on=True)
        self.logarithmic = _toggle_button("Log", "Logarithmic scale for the loss", on=False)
        self.by_epoch.toggled.connect(self._set_by_epoch)
        self.logarithmic.toggled.connect(self._set_logarithmic)
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, 100)
        self.smoothing.setValue(round(100 * self.chart.settings.smoothing))
        self.smoothing.setMinimumWidth(40)
        self.smoothing.setMaximumWidth(84)
        self.smoothing.setToolTip("Smoothing of the training loss")
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.valueChanged.connect(self._set_smoothing)
        self.fit_button = _tool_button("", "fit", "Show the whole run (double click on the plot)")
        self.fit_button.clicked.connect(self._zoom_to_fit)
        self.export_button = _tool_button("", "export", "Save the curves as PNG, SVG or CSV")
        self.export_button.clicked.connect(self._ask_export)
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        self.view_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(self.view_button)
        row.addWidget(self.readout, 1)
        self._smoothing_label = label("Smooth", "small")
        for widget in (self._smoothing_label, self.smoothing, self.by_epoch, self.logarithmic,
                       self.fit_button, self.export_button):  # fmt: skip
            row.addWidget(widget)
        return row

    def _shown_histories(self) -> list[RunHistory]:
        first = [self._previous.history] if self._previous else []
        if not self.session.history.is_empty:
            first = [self.session.history]
        known = {history.name for history in first}
        overlaid = (history for history in self._overlaid if not history.is_empty)
        return first + [history for history in overlaid if history.name not in known]

    def _current_state(self) -> tuple[int, int]:
        return self.session.history.version, len(self._overlaid)

    def _update_readout(self, axis_position: float | None) -> None:
        self._cursor_position = axis_position
        histories = self._shown_histories()
        self.legend.show_entries(_legend_entries(histories, self.chart.settings, axis_position))
        if axis_position is None or not histories:
            self._set_readout(self._readout_variants())
            return
        unit = histories[0].steps_per_epoch or 1
        step = axis_position * unit if self.chart.settings.by_epoch else axis_position
        step = min(max(step, 0), histories[0].step)
        self.readout.setText(f"step {format_integer(step)} · epoch {step / unit:.2f}")

    def _set_readout(self, variants: tuple[str, ...]) -> None:
        """Show a text in the longest variant that fits, and reserve space for the shortest."""
        self.readout.set_texts(*variants)
        self.readout.setMinimumWidth(self.readout.fontMetrics().horizontalAdvance(variants[-1]))

    def _readout_variants(self) -> tuple[str, ...]:
        """Return texts, longest first, that name the previous run if it is shown."""
        if self._previous is None or not self.session.history.is_empty:
            return ("",)
        return f"Earlier run, {self._previous.started_text}", "Earlier run", "Earlier"

    def _choose_view(self, name: str) -> None:
        self.chart.settings.view = name
        self.view_button.setText(VIEWS[name])
        self._hide_labels_if_narrow()
        self.chart.apply_theme()
        self.chart.zoom_to_fit()
        self.redraw()

    def _set_by_epoch(self, on: bool) -> None:
        self.chart.settings.by_epoch = on
        self.chart.zoom_to_fit()
        self.redraw()

    def _set_logarithmic(self, on: bool) -> None:
        self.chart.settings.logarithmic = on
        self._zoom_to_fit()

    def _set_smoothing(self, value: int) -> None:
        self.chart.settings.smoothing = value / 100
        self.redraw()

    def _zoom_to_fit(self) -> None:
        self.chart.zoom_to_fit()
        self.redraw()

    def _on_zoomed(self) -> None:
        self._shown_state = (-1, 0)

    def _toggle_curve(self, name: str) -> None:
        self.chart.settings.hidden ^= {name}
        self.redraw()

    def _restart(self) -> None:
        self.chart.zoom_to_fit()
        self.redraw()

    def _apply_theme(self) -> None:
        for tool, name in (
            (self.view_button, "curves"),
            (self.fit_button, "fit"),
            (self.export_button, "export"),
        ):
            tool.setIcon(icon(name))
        self.chart.apply_theme()
        self.redraw()

    def _ask_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the curves", "curves.png", _FILTERS)
        if not name:
            return
        try:
            self.save_as(Path(name))
        except ValueError as error:
            self.save_failed.emit(f"The curves were not saved. {error}")
        except OSError as error:
            reason = error.strerror or str(error)
            self.save_failed.emit(f"The curves were not saved: {reason}. Choose another folder.")


def _legend_entries(
    histories: Sequence[RunHistory], settings: ChartSettings, axis_position: float | None
) -> list[LegendEntry]:
    """Return the legend entries with values at a position, or the last ones."""
    names = [series_names_in(settings.view, history.series) for history in histories]
    colours = palette(chain(*names))
    entries = []
    for rank, history in enumerate(histories):
        run = f" · {history.name}" if rank else ""
        for name in names[rank]:
            value = _curve_value(history, name, axis_position, by_epoch=settings.by_epoch)
            value_and_run = f"{value_text(name, value)}{run}"
            texts = f"{metric_title(name)} {value_and_run}", f"{short_title(name)} {value_and_run}"
            hidden = name in settings.hidden
            entries.append(LegendEntry(name, *texts, colours[name], rank, hidden))
    return entries


def _curve_value(
    history: RunHistory, name: str, axis_position: float | None, *, by_epoch: bool
) -> float:
    """Return a curve's value at a position in the axis's unit, or its last value."""
    series = history.series[name]
    if axis_position is not None:
        unit = history.steps_per_epoch if by_epoch else 1
        return series.value_at(axis_position * (unit or 1))
    if name == STEP_LOSS and len(series):
        return series.last_mean(_LEGEND_WINDOW)
    return series.last


def _tool_button(text: str, icon_name: str, tip: str) -> QToolButton:
    tool = QToolButton()
    tool.setText(text)
    tool.setIcon(icon(icon_name))
    tool.setToolTip(tip)
    tool.setAccessibleName(tip)
    tool.setProperty("look", "quiet")
    tool.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    if text:
        tool.setToolButtonStyle(_ICON_AND_TEXT)
    return tool


def _toggle_button(text: str, tip: str, *, on: bool) -> QToolButton:
    toggle = QToolButton()
    toggle.setText(text)
    toggle.setToolTip(tip)
    toggle.setCheckable(True)
    toggle.setChecked(on)
    return toggle
