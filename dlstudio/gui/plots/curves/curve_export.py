"""Exports curves as an image (PNG), a vector image (SVG) or a table (CSV)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, QRectF
from PySide6.QtGui import QImage, QPaintDevice, QPainter
from PySide6.QtSvg import QSvgGenerator

from dlstudio.gui.runs.run_history import RunHistory
from dlstudio.gui.style.png import png_bytes

if TYPE_CHECKING:
    from dlstudio.gui.plots.curves.chart import Chart

IMAGE_WIDTH = 1600


def save_curves(path: Path, chart: Chart, histories: Sequence[RunHistory]) -> None:
    """Write the curves as `.png`, `.svg` or `.csv`, by the suffix of `path`.

    Raises:
        OSError: The file cannot be written.
        ValueError: The suffix is another one.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        _save_table(path, histories)
    elif suffix in {".png", ".svg"}:
        _save_image(path, chart, suffix)
    else:
        raise ValueError(
            f"Curves can be saved as .png, .svg or .csv, not as “{suffix or path.name}”."
        )


def _save_image(path: Path, chart: Chart, suffix: str) -> None:
    size = chart.size()
    if suffix == ".svg":
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        drawing = QSvgGenerator()
        drawing.setOutputDevice(buffer)
        drawing.setSize(size)
        drawing.setViewBox(QRect(QPoint(0, 0), size))
        drawing.setTitle("Training curves")
        _render(chart, drawing, QRectF(0, 0, size.width(), size.height()))
        content = bytes(buffer.data().data())
    else:
        height = round(IMAGE_WIDTH * size.height() / max(size.width(), 1))
        image = QImage(IMAGE_WIDTH, height, QImage.Format.Format_RGB32)
        image.fill(chart.backgroundBrush().color())
        _render(chart, image, QRectF(image.rect()))
        content = png_bytes(image)
    path.write_bytes(content)


def _render(chart: Chart, device: QPaintDevice, target: QRectF) -> None:
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(target, chart.backgroundBrush())
    shown = chart.mapToScene(chart.rect()).boundingRect()  # viewRect is that of the data
    chart.scene().render(painter, target, shown)
    painter.end()


def _save_table(path: Path, histories: Sequence[RunHistory]) -> None:
    """Write a row for each step with a value, and a column for each metric.

    Steps and epochs are counted over all spans of a run, which are numbered from 1.
    """
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        names = list(dict.fromkeys(name for history in histories for name in history.series))
        rows.writerow(["run", "span", "step", "epoch", *names])
        for history in histories:
            positions = [series.x for series in history.series.values()]
            steps = np.unique(np.concatenate(positions)) if positions else np.empty(0)
            columns = [_column(history, name, steps) for name in names]
            for index, step in enumerate(steps):
                epoch = step / (history.steps_per_epoch or 1)
                values = [column[index] for column in columns]
                span = history.span_at(step)
                rows.writerow([history.name, span, int(step), f"{epoch:.6g}", *values])


def _column(
    history: RunHistory, name: str, steps: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> list[str]:
    series = history.series.get(name)
    if series is None:
        return [""] * len(steps)
    texts = dict(zip(series.x.tolist(), (f"{value:.7g}" for value in series.y), strict=True))
    return [texts.get(step, "") for step in steps.tolist()]
