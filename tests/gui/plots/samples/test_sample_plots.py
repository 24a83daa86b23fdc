from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from dlstudio.gui.plots.samples.sample_drawing import SampleDrawing
from dlstudio.gui.plots.samples.sample_plots import draw_points
from dlstudio.gui.style.theme import current_theme
from dlstudio.insight.samples.sample_views import SampleRow, SamplesView


def ring_height(width: int, height: int) -> int:
    """Draw generated points on a ring and return the height of the ring in pixels."""
    angles = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    ring = np.stack([np.sin(angles), np.cos(angles)], 1)
    rows = (SampleRow("From the data", ring), SampleRow("Generated", ring))
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    draw_points(painter, QRectF(0, 0, width, height), SamplesView(0, "points", rows))
    painter.end()
    centre = [image.pixelColor(width // 2, y).name() for y in range(height)]
    generated = [
        y for y, name in enumerate(centre) if name == QColor(current_theme().curves[0]).name()
    ]
    return max(generated) - min(generated)


def test_points_use_the_full_height_if_the_legend_fits_beside(qtbot: QtBot) -> None:
    assert ring_height(780, 140) > ring_height(200, 140) + 8


def test_small_plots_show_their_value_range(qtbot: QtBot) -> None:
    line = np.array([[0.0, 2.0, 1.0, 4.0]], np.float32)

    def render(values: np.ndarray) -> QImage:
        drawing = SampleDrawing()
        qtbot.addWidget(drawing)
        drawing.resize(300, 120)
        drawing.show_view(SamplesView(0, "lines", (SampleRow("Signal", values),)))
        return drawing.grab().toImage()

    first, second = render(line), render(10 * line)
    differing = [
        x
        for x in range(first.width())
        for y in range(first.height())
        if first.pixel(x, y) != second.pixel(x, y)
    ]
    assert differing, "the axis labels differ"
    assert max(differing) < 42, "the line looks the same"
