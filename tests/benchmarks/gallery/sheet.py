"""A small picture to draw on: painter, theme, fonts and the colours of values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from dlstudio.gui.style.theme import Theme, mono_font, text_font

_SMALLEST_TEXT = 11
RATIO = 2
"""Pixels of a picture for each logical pixel."""
SMALL, LARGE, SLIM = QSize(193, 96), QSize(349, 180), QSize(193, 36)
CLASS_COLOURS = {
    "light": ("#5f9ed3", "#fbfbfc", "#dd9038"),
    "dark": ("#2d6aa3", "#1a1f28", "#a3641d"),
}
"""Ground of class A, of equal scores, and of class B."""
POINT_COLOURS = {"light": ("#083f78", "#7a3800"), "dark": ("#a6d2ff", "#ffcb8c")}
WRONG = {"light": "#b85a00", "dark": "#f5a233"}
IMAGE_COLOURS = {"light": ((251, 251, 252), (27, 34, 48)), "dark": ((26, 31, 40), (231, 234, 240))}
"""Colours of the lowest and the highest value of a greyscale image."""


@dataclass
class Sheet:
    """A picture of a logical size in a theme.

    Attributes:
        image: The pixels.
        unit: Size of a line of text relative to a small picture.
    """

    size: QSize
    theme: Theme

    def __post_init__(self) -> None:
        self.image = QImage(self.size * RATIO, QImage.Format.Format_RGB32)
        self.image.setDevicePixelRatio(RATIO)
        self.image.fill(QColor(self.theme.card if not self.theme.is_dark else self.theme.canvas))
        self.painter = QPainter(self.image)
        self.painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        self.unit = 1.0 if self.size.width() < 300 else 1.35

    @property
    def rect(self) -> QRectF:
        """The whole picture."""
        return QRectF(0, 0, self.size.width(), self.size.height())

    def finish(self) -> QImage:
        """Return the picture."""
        self.painter.end()
        return self.image

    def text(
        self,
        rect: QRectF,
        words: str,
        *,
        colour: str = "",
        size: float = 9,
        mono: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
    ) -> None:
        """Draw one line of text; `size` is in pixels of a small picture."""
        pixels = max(_SMALLEST_TEXT, round(size * self.unit))
        self.painter.setFont(mono_font(pixels) if mono else text_font(pixels))
        self.painter.setPen(QColor(colour or self.theme.text))
        self.painter.drawText(rect, align | Qt.AlignmentFlag.AlignVCenter, words)

    def line(
        self, points: Sequence[QPointF], colour: str, width: float = 1.4, *, dashed: bool = False
    ) -> None:
        """Draw a line through points."""
        pen = QPen(QColor(colour), width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setDashPattern([3, 2.5])
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPolyline(QPolygonF(list(points)))

    def grey(self, values: npt.NDArray[np.uint8], rect: QRectF, *, smooth: bool = False) -> None:
        """Draw an image (H, W, 1 or 3) of a sample; a single channel in the theme's text colour."""
        if values.shape[-1] == 1:
            low, high = (np.array(colour, np.float32) for colour in IMAGE_COLOURS[self.theme.name])
            share = values.astype(np.float32) / 255
            values = (low + share * (high - low)).round().astype(np.uint8)
        self.pixels(values, rect, smooth=smooth)

    def pixels(self, values: npt.NDArray[np.uint8], rect: QRectF, *, smooth: bool) -> None:
        """Draw an RGB image (H, W, 3)."""
        values = np.ascontiguousarray(values)
        height, width = values.shape[:2]
        image = QImage(values.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        mode = Qt.TransformationMode
        target = (rect.size() * RATIO).toSize()
        image = image.scaled(
            target,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            mode.SmoothTransformation if smooth else mode.FastTransformation,
        )
        self.painter.drawImage(rect, image)

    def frame(self, rect: QRectF, colour: str = "", width: float = 1.0) -> None:
        """Draw a frame around an image."""
        self.painter.setPen(QPen(QColor(colour or self.theme.line), width))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(rect, 1.5, 1.5)

    def point(self, at: QPointF, class_index: int, radius: float) -> None:
        """Draw a sample of class 0 as a circle, of another class as a triangle."""
        colours = POINT_COLOURS[self.theme.name]
        self.painter.setPen(QPen(QColor(OUTLINES[self.theme.name]), 0.5 * self.unit))
        self.painter.setBrush(QColor(colours[min(class_index, 1)]))
        if class_index == 0:
            self.painter.drawEllipse(at, radius, radius)
            return
        size = radius * 1.25
        path = QPainterPath(at + QPointF(0, -size))
        path.lineTo(at + QPointF(size * 0.95, size * 0.75))
        path.lineTo(at + QPointF(-size * 0.95, size * 0.75))
        path.closeSubpath()
        self.painter.drawPath(path)


OUTLINES = {"light": "#ffffff", "dark": "#10141a"}


def class_colours(shares: npt.NDArray[np.float64], theme: str) -> npt.NDArray[np.uint8]:
    """Return the colours (…, 3) of the share of class B, 0 to 1, white or black at one half."""
    first, middle, second = (
        np.array(QColor(name).getRgb()[:3], np.float64) for name in CLASS_COLOURS[theme]
    )
    weight = np.clip(2 * shares - 1, -1, 1)[..., None]
    away = np.abs(weight) ** 0.7
    end = np.where(weight < 0, first, second)
    return (middle + away * (end - middle)).round().astype(np.uint8)
