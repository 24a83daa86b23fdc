"""Geometry of cards, ports and wires in scene units. Draws nothing."""

from __future__ import annotations

import math
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF

from dlstudio.design.model.canvas_metrics import CARD_SIZE

GRID = 10.0
"""Cards snap to this grid; the canvas shows some of its points as dots."""

CARD_WIDTH, CARD_BOX = CARD_SIZE
"""Card width, and the height a layout reserves; the card is centred in it."""

PLAIN_HEIGHT = 56.0
THUMBNAILS_HEIGHT = 90.0
PORT_SPACING = 18.0
PORT_RADIUS = 4.0
_BADGE_RADIUS, _MIN_BADGE_RADIUS = 8.0, 5.0
"""Radius of the problem badge in scene units, and its minimum in pixels of the view."""
CORNER = 8.0

Cubic = tuple[QPointF, QPointF, QPointF, QPointF]
"""Start, two control points and end of a curve."""


def snap(value: float) -> float:
    """Round to the nearest multiple of `GRID`."""
    return round(value / GRID) * GRID


def card_rect(x: float, y: float, inputs: int, outputs: int, thumbnails: bool) -> QRectF:
    """Return a card's rectangle, centred in the box whose top left corner is (x, y)."""
    height = THUMBNAILS_HEIGHT if thumbnails else PLAIN_HEIGHT
    height = max(height, (max(inputs, outputs) + 1) * PORT_SPACING)
    return QRectF(x, y + (CARD_BOX - height) / 2, CARD_WIDTH, height)


def port_point(rect: QRectF, index: int, count: int, output: bool) -> QPointF:
    """Return the centre of the `index`-th of `count` ports on a card's side."""
    x = rect.right() if output else rect.left()
    return QPointF(x, rect.center().y() + (index - (count - 1) / 2) * PORT_SPACING)


def badge_circle(rect: QRectF, scale: float) -> tuple[QPointF, float]:
    """Return centre and radius of the problem badge at a card's corner."""
    centre = rect.topRight() + QPointF(-2.0, 1.0)
    return centre, max(_BADGE_RADIUS, _MIN_BADGE_RADIUS / scale)


def wire_curve(start: QPointF, end: QPointF) -> Cubic:
    """Return a smooth curve that starts rightwards and ends rightwards."""
    across, down = end.x() - start.x(), abs(end.y() - start.y())
    if across >= 0:
        reach = max(across * 0.5, min(34.0, down * 0.5))
    else:
        reach = min(60.0 - across * 0.5, 220.0)
    return start, QPointF(start.x() + reach, start.y()), QPointF(end.x() - reach, end.y()), end


def curve_points(curve: Cubic, count: int = 20) -> list[QPointF]:
    """Return `count` + 1 points along the curve, both ends included."""
    return [curve_point(curve, step / count) for step in range(count + 1)]


def curve_point(curve: Cubic, t: float) -> QPointF:
    """Return the point of the curve at `t` in 0…1."""
    a, b, c, d = curve
    s = 1 - t
    wa, wb, wc, wd = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
    return QPointF(
        wa * a.x() + wb * b.x() + wc * c.x() + wd * d.x(),
        wa * a.y() + wb * b.y() + wc * c.y() + wd * d.y(),
    )


def curve_bounds(curve: Cubic) -> QRectF:
    """Return a rectangle that contains the curve: the bounds of its control points."""
    xs = [point.x() for point in curve]
    ys = [point.y() for point in curve]
    return QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def distance_to_curve(curve: Cubic, point: QPointF) -> float:
    """Return the distance from `point` to the curve, in scene units."""
    points = curve_points(curve)
    return min(map(_distance_to_segment, points, points[1:], [point] * (len(points) - 1)))


def curve_is_cut(curve: Cubic, a: QPointF, b: QPointF) -> bool:
    """Return whether the segment from `a` to `b` crosses the curve."""
    points = curve_points(curve)
    return any(_segments_cross(p, q, a, b) for p, q in pairwise(points))


def _distance_to_segment(a: QPointF, b: QPointF, point: QPointF) -> float:
    dx, dy = b.x() - a.x(), b.y() - a.y()
    length = dx * dx + dy * dy
    along = 0.0
    if length > 0:
        along = ((point.x() - a.x()) * dx + (point.y() - a.y()) * dy) / length
        along = min(1.0, max(0.0, along))
    return math.hypot(point.x() - a.x() - along * dx, point.y() - a.y() - along * dy)


def _segments_cross(p: QPointF, q: QPointF, a: QPointF, b: QPointF) -> bool:
    def side(u: QPointF, v: QPointF, w: QPointF) -> float:
        return (v.x() - u.x()) * (w.y() - u.y()) - (v.y() - u.y()) * (w.x() - u.x())

    return (side(p, q, a) > 0) != (side(p, q, b) > 0) and (side(a, b, p) > 0) != (side(a, b, q) > 0)


HANDLE_SIZE = 14.0


def handle_rect(rect: QRectF) -> QRectF:
    """Return the bottom right corner by which a note is resized."""
    return QRectF(rect.right() - HANDLE_SIZE, rect.bottom() - HANDLE_SIZE, HANDLE_SIZE, HANDLE_SIZE)
