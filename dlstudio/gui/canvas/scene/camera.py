"""Which part of the scene the view shows. Knows no widget."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

MINIMUM_SCALE = 0.02
MAXIMUM_SCALE = 4.0
LEGIBLE_SCALE = 0.45
"""Cards carry all their words down to this scale: a design that fits at it is shown whole."""
INITIAL_SCALE = 0.62
"""A design that is longer is opened at this scale, where it begins."""
MARGIN = 40.0
"""Pixels of the view that stay free around what is fitted."""


class Camera:
    """Maps scene units to the view's device-independent pixels."""

    def __init__(self) -> None:
        """Start at 100 % with the scene's origin near the top left corner."""
        self.scale = 1.0
        self.offset = QPointF(-40.0, -40.0)

    def to_scene(self, point: QPointF) -> QPointF:
        """Return the scene's point under a point of the view."""
        return point / self.scale + self.offset

    def to_view(self, point: QPointF) -> QPointF:
        """Return the view's point that shows a point of the scene."""
        return (point - self.offset) * self.scale

    def rect_to_view(self, rect: QRectF) -> QRectF:
        """Return the rectangle of the view that shows `rect`."""
        return QRectF(self.to_view(rect.topLeft()), rect.size() * self.scale)

    def visible(self, size: QSizeF) -> QRectF:
        """Return the part of the scene that a view of `size` shows."""
        return QRectF(self.offset, size / self.scale)

    def transform(self) -> QTransform:
        """Return the transform from scene to view."""
        scaled = QTransform.fromScale(self.scale, self.scale)
        return scaled.translate(-self.offset.x(), -self.offset.y())

    def pan(self, offset: QPointF) -> None:
        """Move the scene by so many pixels of the view."""
        self.offset = self.offset - offset / self.scale

    def zoom(self, factor: float, anchor: QPointF) -> None:
        """Scale by `factor`; the scene's point under `anchor` stays where it is."""
        anchor_in_scene = self.to_scene(anchor)
        self.scale = min(MAXIMUM_SCALE, max(MINIMUM_SCALE, self.scale * factor))
        self.offset = anchor_in_scene - anchor / self.scale

    def centre_on(self, point: QPointF, size: QSizeF) -> None:
        """Show the scene's `point` in the middle of a view of `size`."""
        self.offset = point - QPointF(size.width(), size.height()) / (2 * self.scale)

    def fit(self, rect: QRectF, size: QSizeF, max_scale: float = 1.0) -> None:
        """Show the whole of `rect`, at most at the scale `max_scale`."""
        room_x = max(1.0, size.width() - 2 * MARGIN)
        room_y = max(1.0, size.height() - 2 * MARGIN)
        scale = min(room_x / max(1.0, rect.width()), room_y / max(1.0, rect.height()), max_scale)
        self.scale = min(MAXIMUM_SCALE, max(MINIMUM_SCALE, scale))
        self.centre_on(rect.center(), size)

    def fit_or_show_start(
        self, bounds: QRectF, start: QRectF, size: QSizeF, max_scale: float = 1.0
    ) -> None:
        """Show the whole, or at a legible scale what lies around its `start` at the left."""
        self.fit(bounds, size, max_scale)
        if self.scale >= LEGIBLE_SCALE:
            return
        self.scale = INITIAL_SCALE
        margin = MARGIN / self.scale
        room = size / self.scale
        x, y = bounds.center().x() - room.width() / 2, bounds.center().y() - room.height() / 2
        if bounds.width() + 2 * margin > room.width():
            x = bounds.left() - margin
        if bounds.height() + 2 * margin > room.height():
            y = start.center().y() - room.height() / 2
            y = min(max(y, bounds.top() - margin), bounds.bottom() + margin - room.height())
        self.offset = QPointF(x, y)
