"""The curves panel: the plot with its controls, legend and export."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.gui.plots.curves.chart import Chart, ChartSettings
from dlstudio.gui.plots.curves.curve_export import save_image
from dlstudio.gui.plots.curves.curve_style import (
    palette,
    series_names_in,
    short_title,
    value_text,
)
from dlstudio.gui.plots.curves.curves_toolbar import CurvesToolbar
from dlstudio.gui.plots.curves.legend import Legend, LegendEntry
from dlstudio.gui.plots.curves.table_export import TableExport, not_saved_text
from dlstudio.gui.runs.earlier.previous_run import PreviousCurves
from dlstudio.gui.runs.earlier.resumed_curves import ResumedCurvesLoader
from dlstudio.gui.runs.run_history import STEP_LOSS, RunHistory
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.style.theme import theme_changes
from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.training.metrics.metric_names import metric_title

REDRAW_INTERVAL_MS = 200
_LEGEND_WINDOW, _LEGEND_SHARE = 50, 0.1
"""The legend shows the training loss as the mean of this many steps, and of this share of the run
if that is less."""
_LEFT, _RIGHT = 12, 10
_COMPACT_HEIGHT, _MIN_LEGEND_HEIGHT = 240, 120
"""Heights below which tools and legend shrink or hide, so that the plot keeps half the panel."""
_MARGINS, _COMPACT_MARGINS = (_LEFT, 6, _RIGHT, 4), (_LEFT, 2, _RIGHT, 2)
_FILTERS = "Image (*.png);;Vector image (*.svg);;Table (*.csv)"
_TRAIN_HINT = "Press Train to watch the loss fall."
_RUNS_HINT = "To show curves of earlier runs, check them under Runs."


class CurvesPanel(QWidget):
    """Shows the session's metrics, redrawn on a timer while visible.

    Signals:
        save_failed: Message why an export could not be written.
        save_progress: Message how far an export is, or that it is done.
        load_failed: Message why a resumed run's earlier curves could not be loaded.
    """

    save_failed = Signal(str)
    save_progress = Signal(str)
    load_failed = Signal(str)

    def __init__(self, session: TrainingSession) -> None:
        super().__init__()
        self.session = session
        self._overlaid: tuple[RunHistory, ...] = ()
        self._previous: PreviousCurves | None = None
        self.resumed_curves = ResumedCurvesLoader(session, self)
        self._table_export = TableExport(self)
        self._table_export.failed.connect(self.save_failed)
        self._table_export.progress.connect(self.save_progress)
        self._cursor_position: float | None = None
        """Position of the pointer on the step axis, in its unit."""
        self._shown_state = (-1, 0)
        self.chart = Chart()
        self.legend = Legend()
        self.toolbar = CurvesToolbar(self.chart.settings)
        self._placeholder = label(role="muted", wrap=True)
        self._placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._placeholder)
        self._stack.addWidget(self.chart)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(*_MARGINS)
        column.setSpacing(2)
        column.addWidget(self.toolbar)
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
        """Use compact controls if low."""
        super().resizeEvent(event)
        self._apply_compact(compact=self.height() < _COMPACT_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the size needed without the labels that can be hidden."""
        width = max(self.toolbar.minimumSizeHint().width(), self._stack.minimumSizeHint().width())
        return QSize(_LEFT + width + _RIGHT, super().minimumSizeHint().height())

    def _apply_compact(self, *, compact: bool) -> None:
        margins = _COMPACT_MARGINS if compact else _MARGINS
        self._column.setContentsMargins(*margins)
        self._column.setSpacing(0 if compact else 2)
        self.toolbar.set_compact(compact)
        self.chart.set_compact(compact)
        self.legend.set_compact(compact)
        self.legend.setVisible(self.height() >= _MIN_LEGEND_HEIGHT)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the redraw timer."""
        super().hideEvent(event)
        self._timer.stop()

    def save_as(self, path: Path) -> None:
        """Export the curves as an image, or as a table in the background.

        Raises:
            OSError: The image cannot be written.
            ValueError: The suffix is none of `.png`, `.svg` and `.csv`.
        """
        if path.suffix.lower() == ".csv":
            self._table_export.start(path, self._shown_histories())
        else:
            save_image(path, self.chart)
            self.save_progress.emit(f"Curves saved as {path.name}")

    def _connect(self) -> None:
        self.session.history_reset.connect(self._zoom_to_fit)
        self.resumed_curves.failed.connect(self.load_failed)
        self.toolbar.view_changed.connect(self._show_view)
        self.toolbar.axes_changed.connect(self._zoom_to_fit)
        self.toolbar.smoothing_changed.connect(self.redraw)
        self.toolbar.fit_requested.connect(self._zoom_to_fit)
        self.toolbar.export_requested.connect(self._ask_export)
        self.legend.toggled.connect(self._toggle_curve)
        self.chart.cursor_moved.connect(self._update_readout)
        self.chart.zoomed.connect(self._on_zoomed)
        theme_changes.changed.connect(self._apply_theme)

    def _shown_histories(self) -> list[RunHistory]:
        first = [self._previous.history] if self._previous else []
        if not self.session.run.history.is_empty:
            first = [self.session.run.history]
        known = {history.name for history in first}
        overlaid = (history for history in self._overlaid if not history.is_empty)
        return first + [history for history in overlaid if history.name not in known]

    def _current_state(self) -> tuple[int, int]:
        return self.session.run.history.version, len(self._overlaid)

    def _update_readout(self, axis_position: float | None) -> None:
        self._cursor_position = axis_position
        histories = self._shown_histories()
        self.legend.show_entries(_legend_entries(histories, self.chart.settings, axis_position))
        if axis_position is None or not histories:
            self.toolbar.show_readout(*self._readout_variants())
            return
        axis = histories[0].epoch_axis
        step = axis.step_at(axis_position) if self.chart.settings.by_epoch else axis_position
        step = min(max(step, 0), histories[0].step)
        epoch = float(axis.epochs_at(step))
        self.toolbar.readout.setText(f"step {format_integer(step)} · epoch {epoch:.2f}")

    def _readout_variants(self) -> tuple[str, ...]:
        """Return texts, longest first, that name the previous run if it is shown."""
        if self._previous is None or not self.session.run.history.is_empty:
            return ("",)
        return f"Earlier run, {self._previous.started_text}", "Earlier run", "Earlier"

    def _show_view(self) -> None:
        self.chart.apply_theme()
        self._zoom_to_fit()

    def _zoom_to_fit(self) -> None:
        self.chart.zoom_to_fit()
        self.redraw()

    def _on_zoomed(self) -> None:
        self._shown_state = (-1, 0)

    def _toggle_curve(self, name: str) -> None:
        self.chart.settings.hidden ^= {name}
        self.redraw()

    def _apply_theme(self) -> None:
        self.toolbar.apply_theme()
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
            reason = file_error_reason(error)
            self.save_failed.emit(not_saved_text(reason))


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
        in_steps = history.epoch_axis.step_at(axis_position) if by_epoch else axis_position
        return series.value_at(in_steps)
    if name == STEP_LOSS and len(series):
        window = round(_LEGEND_SHARE * len(series))
        return series.last_mean(min(max(window, 1), _LEGEND_WINDOW))
    return series.last
