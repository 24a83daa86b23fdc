"""Colours of classes, and shapes that tell them apart besides their colours."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from dlstudio.gui.style.theme import current_theme


def class_colour(index: int) -> QColor:
    """Return the colour of a class, from the colour-blind-safe curve colours."""
    curves = current_theme().curves
    return QColor(curves[index % len(curves)])


def draw_marker(
    painter: QPainter, centre: QPointF, radius: float, index: int, colour: QColor
) -> None:
    """Draw the shape of the class at an index: a circle, triangle, square or diamond."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    match index % 4:
        case 0:
            painter.drawEllipse(centre, radius, radius)
        case 1:
            painter.drawPolygon(
                QPolygonF(
                    [
                        centre + QPointF(0, -radius * 1.1),
                        centre + QPointF(radius * 1.1, radius * 0.9),
                        centre + QPointF(-radius * 1.1, radius * 0.9),
                    ]
                )
            )
        case 2:
            side = radius * 0.9
            painter.drawRect(QRectF(centre.x() - side, centre.y() - side, 2 * side, 2 * side))
        case _:
            reach = radius * 1.2
            painter.drawPolygon(
                QPolygonF(
                    [
                        centre + QPointF(0, -reach),
                        centre + QPointF(reach, 0),
                        centre + QPointF(0, reach),
                        centre + QPointF(-reach, 0),
                    ]
                )
            )
