"""Draws wires, their ports and their labels."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen

from dlstudio.gui.canvas.paint.canvas_style import CanvasStyle
from dlstudio.gui.canvas.scene.geometry import (
    PLAIN_HEIGHT,
    PORT_RADIUS,
    THUMBNAILS_HEIGHT,
    Cubic,
    curve_point,
    port_point,
)
from dlstudio.gui.canvas.scene.scene_items import Card

_LONG_WIRE = 1500.0
"""Wires longer than this, in scene units, are drawn one pixel wide."""


def add_curve(path: QPainterPath, curve: Cubic) -> None:
    """Append a wire's curve to a path."""
    path.moveTo(curve[0])
    path.cubicTo(curve[1], curve[2], curve[3])


def curves_path(curves: Iterable[Cubic]) -> QPainterPath:
    """Return one path for many wires."""
    path = QPainterPath()
    for curve in curves:
        add_curve(path, curve)
    return path


def paint_curves(painter: QPainter, curves: Iterable[Cubic], pen: QPen) -> None:
    """Draw wires: horizontal ones as lines and very long ones thin, which is much faster."""
    horizontal: list[QLineF] = []
    thin = QPen(pen)
    thin.setWidthF(1.0)
    thin.setCosmetic(True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for curve in curves:
        start, end = curve[0], curve[3]
        if abs(start.y() - end.y()) < 0.5 and start.x() <= end.x():
            horizontal.append(QLineF(start, end))
            continue
        span = abs(start.x() - end.x()) + abs(start.y() - end.y())
        painter.setPen(thin if span > _LONG_WIRE else pen)
        painter.drawPath(curves_path((curve,)))
    painter.setPen(pen)
    painter.drawLines(horizontal)


def paint_ports(painter: QPainter, card: Card, style: CanvasStyle) -> None:
    """Draw a card's ports; a variadic port is drawn as a pill."""
    painter.setPen(style.port)
    painter.setBrush(style.card)
    ports = card.description.ports
    for output, side_ports in ((False, ports.inputs), (True, ports.outputs)):
        for index, port in enumerate(side_ports):
            centre = port_point(card.rect, index, len(side_ports), output)
            if port.variadic:
                pill = _centred_rect(centre, PORT_RADIUS, 8.0)
                painter.drawRoundedRect(pill, PORT_RADIUS, PORT_RADIUS)
            else:
                painter.drawEllipse(centre, PORT_RADIUS, PORT_RADIUS)


def label_rect(curve: Cubic, text: str, font: QFont, style: CanvasStyle) -> QRectF:
    """Return the rectangle of a wire's label: at its middle, or above it if it is too short."""
    centre = curve_point(curve, 0.5)
    width = style.text_width(font, text) + 14.0
    across, down = curve[3].x() - curve[0].x(), abs(curve[3].y() - curve[0].y())
    if 0 < across < width + 12.0 and down < PLAIN_HEIGHT:
        centre -= QPointF(0, THUMBNAILS_HEIGHT / 2 + 14.0)
    return _centred_rect(centre, width / 2, style.line_height(font) / 2 + 2.0)


def paint_label(
    painter: QPainter, rect: QRectF, text: str, font: QFont, colours: tuple[QColor, QPen, QColor]
) -> None:
    """Draw a wire's label; `colours` are those of background, border and text."""
    background, edge, text_colour = colours
    painter.setBrush(background)
    painter.setPen(edge)
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    painter.setFont(font)
    painter.setPen(text_colour)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def _centred_rect(centre: QPointF, half_width: float, half_height: float) -> QRectF:
    return QRectF(
        centre.x() - half_width, centre.y() - half_height, 2 * half_width, 2 * half_height
    )
