"""The preview of the data before training: samples, class balance, sizes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.signals import Signal as DataSignal
from dlstudio.gui.background.background_task import BackgroundTask, preview_work
from dlstudio.gui.data.drawings.data_plots import BalanceBars, ImageGrid
from dlstudio.gui.data.drawings.scatter_plot import ScatterPlot
from dlstudio.gui.widgets.basic_widgets import button, label
from dlstudio.gui.widgets.number_format import format_integer

if TYPE_CHECKING:
    from dlstudio.data.preview import Preview

_MAX_ROWS = 24
_MAX_COLUMNS = 100


class DataPreview(QDialog):
    """Reads the data in the background, then shows it."""

    info_loaded = Signal(object)
    load_finished = Signal()
    """The data, or the reason it could not be read, is shown."""

    def __init__(
        self,
        settings: DataSettings,
        *,
        data_dir: str = "",
        design_dir: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Start reading the data in the background."""
        super().__init__(parent)
        source = SOURCES.get(settings.source)
        self.title = source.title if source else settings.source
        self.setWindowTitle(f"Data: {self.title}")
        self.resize(760, 560)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(18, 16, 18, 16)
        self._column.setSpacing(10)
        self._column.addWidget(label(self.title, "heading"))
        self.status = label("Reading…", "muted", wrap=True)
        self._column.addWidget(self.status)
        self.progress_bar = QProgressBar()
        self.progress_bar.setRange(0, 0)
        self._column.addWidget(self.progress_bar)
        self.close_button = button("Cancel", self.reject)
        self._column.addStretch(1)
        self._column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self.task = BackgroundTask(
            preview_work(settings, data_dir=data_dir, design_dir=design_dir), self
        )
        self.task.progress.connect(self._on_progress)
        self.task.done.connect(self._show_preview)
        self.task.failed.connect(self._show_error)
        self.task.start()

    def done(self, result: int) -> None:
        """Close the dialog and abandon the reading."""
        self.task.abandon()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.task.abandon()
        super().closeEvent(event)

    def _on_progress(self, text: str, share: float | None) -> None:
        self.status.setText(text)
        self.progress_bar.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self.progress_bar.setValue(round(1000 * share))

    def _show_error(self, text: str, details: str) -> None:
        self.progress_bar.hide()
        self.close_button.setText("Close")
        self.status.setProperty("role", "error")
        self.status.style().polish(self.status)
        self.status.setText(text)
        self.status.setToolTip(details)
        self.load_finished.emit()

    def _show_preview(self, preview: Preview) -> None:
        self.progress_bar.hide()
        self.close_button.setText("Close")
        self._column.removeWidget(self.close_button)
        self.status.setText(_sizes_text(preview))
        self._column.takeAt(self._column.count() - 1)  # the stretch
        body = QHBoxLayout()
        body.setSpacing(18)
        body.addWidget(_sample_view(preview), 3)
        side = _side_chart(preview)
        if side is not None:
            body.addWidget(side, 2)
        self._column.addLayout(body, 1)
        for warning in preview.warnings[:6]:
            self._column.addWidget(label(warning, "warning", wrap=True))
        if len(preview.warnings) > 6:
            more_text = f"and {len(preview.warnings) - 6} more; see the log"
            self._column.addWidget(label(more_text, "muted"))
        self._column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self.info_loaded.emit(preview.facts)
        self.load_finished.emit()


def _sizes_text(preview: Preview) -> str:
    titles = {"train": "for training", "validation": "for validation", "test": "for testing"}
    sizes = " · ".join(
        f"{format_integer(count)} {titles.get(subset, subset)}"
        for subset, count in preview.samples.items()
    )
    signal = next(iter(preview.facts.inputs.values()), None)
    shape = f"\nEach sample: {_shape_text(signal)}" if signal else ""
    classes = preview.facts.class_names
    return sizes + shape + (f" · {len(classes)} classes" if classes else "")


def _shape_text(signal: DataSignal) -> str:
    if len(signal.shape) != 1:
        return signal.text()
    noun = signal.meaning.removesuffix("s") if signal.shape[0] == 1 else signal.meaning
    return f"{signal.text()} {noun}".rstrip()


def _sample_view(preview: Preview) -> QWidget:
    if preview.images.size:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(ImageGrid(preview.images, preview.targets))
        return scroll
    if preview.points.size:
        return _scatter(preview)
    return _sample_table(preview)


def _scatter(preview: Preview) -> ScatterPlot:
    plot = ScatterPlot()
    plot.setMinimumSize(300, 300)
    plot.set_classes(preview.point_classes, preview.facts.class_names)
    plot.set_points(preview.points[:, 0], preview.points[:, 1])
    plot.set_axis_names(*_column_names(preview)[:2])
    return plot


def _side_chart(preview: Preview) -> QWidget | None:
    if preview.class_counts:
        return BalanceBars(preview.facts.class_names, preview.class_counts)
    if preview.histogram is not None:
        counts, edges = preview.histogram
        names = tuple(f"{low:.3g}…{high:.3g}" for low, high in pairwise(edges))
        return BalanceBars(names, {"train": tuple(int(count) for count in counts)})
    return None


def _column_names(preview: Preview) -> list[str]:
    """Return a heading for each feature; arrays have no column names, so x0, x1, … are used."""
    width = preview.rows.shape[1] if preview.rows.ndim == 2 else 0
    unnamed = range(len(preview.columns), width)
    return [*preview.columns, *(f"x{index}" for index in unnamed)]


def _sample_table(preview: Preview) -> QTableWidget:
    names = preview.cell_names[:_MAX_COLUMNS] if preview.cells else _column_names(preview)
    columns = ["sample", "target"] if preview.texts else [*names[:_MAX_COLUMNS], "target"]
    cells = (
        [[text] for text in preview.texts[:_MAX_ROWS]]
        if preview.texts
        else [list(row[:_MAX_COLUMNS]) for row in preview.cells[:_MAX_ROWS]]
        if preview.cells
        else [[f"{value:.4g}" for value in row[:_MAX_COLUMNS]] for row in preview.rows[:_MAX_ROWS]]
    )
    table = QTableWidget(len(cells), len(columns))
    table.setHorizontalHeaderLabels(columns)
    table.verticalHeader().hide()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    for row, texts in enumerate(cells):
        texts.append(preview.targets[row] if row < len(preview.targets) else "")
        for column, text in enumerate(texts[: len(columns)]):
            table.setItem(row, column, QTableWidgetItem(text))
    return table
