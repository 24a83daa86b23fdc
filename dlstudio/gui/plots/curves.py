"""The panel of live curves: the plot, its controls, its legend, its export."""

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

from dlstudio.gui.icons import icon
from dlstudio.gui.panels.dressing import ElidedLabel, label, restyle
from dlstudio.gui.panels.figures import whole
from dlstudio.gui.plots.chart import Chart, ChartSettings
from dlstudio.gui.plots.curve_files import save_curves
from dlstudio.gui.plots.earlier_part import EarlierPart
from dlstudio.gui.plots.history import STEP_LOSS, History
from dlstudio.gui.plots.legend import Legend, LegendEntry
from dlstudio.gui.plots.looks import VIEWS, brief_title, names_in, palette, value_text
from dlstudio.gui.plots.past_run import PastCurves
from dlstudio.gui.session import TrainingSession
from dlstudio.gui.theme import theme_changes
from dlstudio.training.figure_names import metric_title

REDRAW_MILLISECONDS = 200
_LAST_STEPS = 50
"""The legend's training loss is the mean of this many steps."""
_LEFT, _RIGHT, _GAP = 12, 10, 4
_ROOMY = 640
"""Width from which all controls have words."""
_LOW, _LOWEST = 240, 120
"""Heights below which tools and legend give way, so that the plot keeps half of the panel."""
_MARGINS, _LOW_MARGINS = (_LEFT, 6, _RIGHT, 4), (_LEFT, 2, _RIGHT, 2)
_BESIDE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_ALONE = Qt.ToolButtonStyle.ToolButtonIconOnly
_FILTERS = "Picture (*.png);;Drawing (*.svg);;Table (*.csv)"
_PRESS = "Press Train to watch the loss fall."
_EARLIER = "Curves of earlier runs: tick them under Runs."


class CurvesPanel(QWidget):
    """Shows what the session measures, redrawn on a timer while it is visible.

    Signals:
        not_saved: In words, why an export could not be written.
        not_read: In words, why a resumed run's earlier curves are not there.
    """

    not_saved = Signal(str)
    not_read = Signal(str)

    def __init__(self, session: TrainingSession) -> None:
        """Follow a session."""
        super().__init__()
        self.session = session
        self._overlaid: tuple[History, ...] = ()
        self._past: PastCurves | None = None
        self.earlier = EarlierPart(session, self)
        self._across: float | None = None
        """Where the pointer stands over the plot."""
        self._drawn = (-1, 0)
        self.chart = Chart()
        self.legend = Legend()
        self.readout = ElidedLabel("small")
        self._waiting = label(role="muted", wrap=True)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._waiting)
        self._stack.addWidget(self.chart)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(*_MARGINS)
        column.setSpacing(2)
        column.addLayout(self._controls())
        column.addWidget(self._stack, 1)
        column.addWidget(self.legend)
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_MILLISECONDS)
        self._timer.timeout.connect(self.redraw_if_needed)
        self._connect()
        self.say_next("", "")
        self.redraw()

    def say_next(self, _goes_on: str, obstacle: str) -> None:
        """Tell, while there is nothing to show, how to begin or what Train waits for."""
        self._waiting.setText(f"{obstacle or _PRESS}\n{_EARLIER}")

    def overlay(self, histories: Sequence[History]) -> None:
        """Lay earlier runs over the present one."""
        self._overlaid = tuple(histories)
        self.redraw()

    def show_past(self, past: PastCurves | None) -> None:
        """Show a run that is over, for as long as there is no present one."""
        self._past = past
        self.redraw()

    def redraw_if_needed(self) -> None:
        """Redraw where something changed and it can be seen."""
        if self.isVisible() and self._drawn != self._state():
            self.redraw()

    def redraw(self) -> None:
        """Draw the present state."""
        self._drawn = self._state()
        histories = self._histories()
        self._stack.setCurrentIndex(1 if histories else 0)
        self.chart.show_histories(histories)
        self._read_out(self._across)

    def showEvent(self, event: QShowEvent) -> None:
        """Redraw only while visible."""
        super().showEvent(event)
        self._timer.start()
        self.redraw_if_needed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words out where the controls have little room, and give way to the plot."""
        super().resizeEvent(event)
        self._leave_words_out()
        self._give_way(low=self.height() < _LOW)

    def minimumSizeHint(self) -> QSize:
        """Return what is needed without the words that may be left out, whether they are or not."""
        controls = (self.readout, self.smoothing, self.by_epoch, self.logarithmic, self.export)
        row = sum(
            max(control.minimumWidth(), control.minimumSizeHint().width()) + _GAP
            for control in controls
        )
        row += 2 * self.whole.minimumSizeHint().width() + _GAP  # the view's icon is as wide
        width = max(row, self._stack.minimumSizeHint().width())
        return QSize(_LEFT + width + _RIGHT, super().minimumSizeHint().height())

    def _leave_words_out(self) -> None:
        self._word.setVisible(self.width() >= _ROOMY)
        is_worded = self.width() >= self.minimumSizeHint().width() + self._view_words()
        self.view.setToolButtonStyle(_BESIDE if is_worded else _ALONE)

    def _give_way(self, *, low: bool) -> None:
        margins = _LOW_MARGINS if low else _MARGINS
        self._column.setContentsMargins(*margins)
        self._column.setSpacing(0 if low else 2)
        for tool in (self.view, self.by_epoch, self.logarithmic, self.whole, self.export):
            restyle(tool, "room", "low" if low else "")
        self.chart.set_low(low)
        self.legend.set_low(low)
        self.legend.setVisible(self.height() >= _LOWEST)

    def _view_words(self) -> int:
        """Return the width that a tool button adds to its icon for words beside it."""
        return 4 + self.view.fontMetrics().horizontalAdvance(f" {self.view.text()} ")

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while hidden."""
        super().hideEvent(event)
        self._timer.stop()

    def save_as(self, path: Path) -> None:
        """Write the curves to a picture, a drawing or a table, by the file's ending."""
        save_curves(path, self.chart, self._histories())

    def _connect(self) -> None:
        self.session.history_reset.connect(self._start_anew)
        self.earlier.failed.connect(self.not_read)
        self.legend.toggled.connect(self._toggle)
        self.chart.cursor_moved.connect(self._read_out)
        self.chart.zoomed.connect(self._zoomed)
        theme_changes.changed.connect(self._dress)

    def _controls(self) -> QHBoxLayout:
        self.view = _tool("Loss and metrics", "curves", "What the curves show")
        menu = QMenu(self.view)
        for name, title in VIEWS.items():
            menu.addAction(title, partial(self._choose_view, name))
        self.view.setMenu(menu)
        self.by_epoch = _switch("Epochs", "Count epochs instead of steps", on=True)
        self.logarithmic = _switch("Log", "Logarithmic scale for the loss", on=False)
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
        self.whole = _tool("", "fit", "Show the whole run (double click on the plot)")
        self.whole.clicked.connect(self._zoom_whole)
        self.export = _tool("", "export", "Save the curves as PNG, SVG or CSV")
        self.export.clicked.connect(self._ask_export)
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        self.view.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(self.view)
        row.addWidget(self.readout, 1)
        self._word = label("Smooth", "small")
        for widget in (self._word, self.smoothing, self.by_epoch, self.logarithmic,
                       self.whole, self.export):  # fmt: skip
            row.addWidget(widget)
        return row

    def _histories(self) -> list[History]:
        first = [self._past.history] if self._past else []
        if not self.session.history.is_empty:
            first = [self.session.history]
        known = {history.name for history in first}
        overlaid = (history for history in self._overlaid if not history.is_empty)
        return first + [history for history in overlaid if history.name not in known]

    def _state(self) -> tuple[int, int]:
        return self.session.history.version, len(self._overlaid)

    def _read_out(self, across: float | None) -> None:
        self._across = across
        histories = self._histories()
        self.legend.show_entries(_entries(histories, self.chart.settings, across))
        if across is None or not histories:
            self._say(self._heading())
            return
        unit = histories[0].steps_per_epoch or 1
        step = across * unit if self.chart.settings.by_epoch else across
        step = min(max(step, 0), histories[0].step)
        self.readout.setText(f"step {whole(step)} · epoch {step / unit:.2f}")

    def _say(self, ways: tuple[str, ...]) -> None:
        """Write a heading; the controls leave the shortest way to say it its room."""
        self.readout.say(*ways)
        self.readout.setMinimumWidth(self.readout.fontMetrics().horizontalAdvance(ways[-1]))

    def _heading(self) -> tuple[str, ...]:
        """Return ways to say whose curves these are, where no run goes on."""
        if self._past is None or not self.session.history.is_empty:
            return ("",)
        return f"Earlier run, {self._past.when}", "Earlier run", "Earlier"

    def _choose_view(self, name: str) -> None:
        self.chart.settings.view = name
        self.view.setText(VIEWS[name])
        self._leave_words_out()
        self.chart.dress()
        self.chart.zoom_whole()
        self.redraw()

    def _set_by_epoch(self, on: bool) -> None:
        self.chart.settings.by_epoch = on
        self.chart.zoom_whole()
        self.redraw()

    def _set_logarithmic(self, on: bool) -> None:
        self.chart.settings.logarithmic = on
        self._zoom_whole()

    def _set_smoothing(self, value: int) -> None:
        self.chart.settings.smoothing = value / 100
        self.redraw()

    def _zoom_whole(self) -> None:
        self.chart.zoom_whole()
        self.redraw()

    def _zoomed(self) -> None:
        self._drawn = (-1, 0)

    def _toggle(self, name: str) -> None:
        self.chart.settings.hidden ^= {name}
        self.redraw()

    def _start_anew(self) -> None:
        self.chart.zoom_whole()
        self.redraw()

    def _dress(self) -> None:
        for tool, name in ((self.view, "curves"), (self.whole, "fit"), (self.export, "export")):
            tool.setIcon(icon(name))
        self.chart.dress()
        self.redraw()

    def _ask_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the curves", "curves.png", _FILTERS)
        if not name:
            return
        try:
            self.save_as(Path(name))
        except ValueError as error:
            self.not_saved.emit(f"The curves were not saved. {error}")
        except OSError as error:
            reason = error.strerror or str(error)
            self.not_saved.emit(f"The curves were not saved: {reason}. Choose another folder.")


def _entries(
    histories: Sequence[History], settings: ChartSettings, across: float | None
) -> list[LegendEntry]:
    """Return what the legend says of every curve, at a place or at last."""
    names = [names_in(settings.view, history.series) for history in histories]
    colours = palette(chain(*names))
    entries = []
    for rank, history in enumerate(histories):
        run = f" · {history.name}" if rank else ""
        for name in names[rank]:
            value = _value(history, name, across, by_epoch=settings.by_epoch)
            value_and_run = f"{value_text(name, value)}{run}"
            texts = f"{metric_title(name)} {value_and_run}", f"{brief_title(name)} {value_and_run}"
            hidden = name in settings.hidden
            entries.append(LegendEntry(name, *texts, colours[name], rank, hidden))
    return entries


def _value(history: History, name: str, across: float | None, *, by_epoch: bool) -> float:
    """Return what a curve says at a place, or at last."""
    series = history.series[name]
    if across is not None:
        unit = history.steps_per_epoch if by_epoch else 1
        return series.value_at(across * (unit or 1))
    if name == STEP_LOSS and len(series):
        return series.last_mean(_LAST_STEPS)
    return series.last


def _tool(text: str, icon_name: str, tip: str) -> QToolButton:
    tool = QToolButton()
    tool.setText(text)
    tool.setIcon(icon(icon_name))
    tool.setToolTip(tip)
    tool.setAccessibleName(tip)
    tool.setProperty("look", "quiet")
    tool.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    if text:
        tool.setToolButtonStyle(_BESIDE)
    return tool


def _switch(text: str, tip: str, *, on: bool) -> QToolButton:
    switch = QToolButton()
    switch.setText(text)
    switch.setToolTip(tip)
    switch.setCheckable(True)
    switch.setChecked(on)
    return switch
