"""Exports curves as an image (PNG) or a vector image (SVG)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, QRectF
from PySide6.QtGui import QImage, QPaintDevice, QPainter
from PySide6.QtSvg import QSvgGenerator

from dlstudio.gui.style.png import png_bytes

if TYPE_CHECKING:
    from dlstudio.gui.plots.curves.plot import Plot

IMAGE_WIDTH = 1600


def save_image(path: Path, chart: Plot) -> None:
    """Write the curves as `.png` or `.svg`, by the suffix of `path`.

    Raises:
        OSError: The file cannot be written.
        ValueError: The suffix is another one.
    """
    suffix, size = path.suffix.lower(), chart.size()
    if suffix not in {".png", ".svg"}:
        raise ValueError(
            f"Curves can be saved as .png, .svg or .csv, not as “{suffix or path.name}”."
        )
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


def _render(chart: Plot, device: QPaintDevice, target: QRectF) -> None:
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(target, chart.backgroundBrush())
    shown = chart.mapToScene(chart.rect()).boundingRect()  # viewRect is that of the data
    chart.scene().render(painter, target, shown)
    painter.end()
