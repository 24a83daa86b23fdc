from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from dlstudio.gui.plots.sample_plots import draw_points
from dlstudio.gui.theme import current
from dlstudio.insight.sample_views import SampleRow, SamplesView


def height_of_a_ring(width: int, height: int) -> int:
    """Draw points on a ring beside a few of the data; return how high the ring is."""
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    ring = np.stack([np.sin(turn), np.cos(turn)], 1)
    rows = (SampleRow("From the data", ring), SampleRow("Generated", ring))
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    draw_points(painter, QRectF(0, 0, width, height), SamplesView(0, "points", rows))
    painter.end()
    centre = [image.pixelColor(width // 2, y).name() for y in range(height)]
    made = [y for y, name in enumerate(centre) if name == QColor(current().curves[0]).name()]
    return max(made) - min(made)


def test_a_plane_has_the_whole_height_where_its_legend_fits_beside_it(qtbot: QtBot) -> None:
    assert height_of_a_ring(780, 140) > height_of_a_ring(200, 140) + 8
