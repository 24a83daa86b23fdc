"""The scale and offset of the view: scene to view coordinates and back. Imports no widget."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

MINIMUM_SCALE = 0.02
MAXIMUM_SCALE = 4.0
LEGIBLE_SCALE = 0.45
"""Cards show all their texts down to this scale; a design that fits at it is shown whole."""
INITIAL_SCALE = 0.62
"""A longer design opens at its start at this scale."""
MARGIN = 40.0
"""Free pixels of the view around what is fitted."""


class Camera:
    """Maps scene units to the view's device-independent pixels."""

    def __init__(self) -> None:
        """Start at 100 % with the scene's origin near the top left corner."""
        self.scale = 1.0
        self.offset = QPointF(-40.0, -40.0)

    def to_scene(self, point: QPointF) -> QPointF:
        """Map a point from view to scene coordinates."""
        return point / self.scale + self.offset

    def to_view(self, point: QPointF) -> QPointF:
        """Map a point from scene to view coordinates."""
        return (point - self.offset) * self.scale

    def rect_to_view(self, rect: QRectF) -> QRectF:
        """Map a rectangle from scene to view coordinates."""
        return QRectF(self.to_view(rect.topLeft()), rect.size() * self.scale)

    def visible(self, size: QSizeF) -> QRectF:
        """Return the rectangle of the scene visible in a view of `size`."""
        return QRectF(self.offset, size / self.scale)

    def transform(self) -> QTransform:
        """Return the transform from scene to view."""
        scaled = QTransform.fromScale(self.scale, self.scale)
        return scaled.translate(-self.offset.x(), -self.offset.y())

    def pan(self, offset: QPointF) -> None:
        """Move the scene by `offset` pixels of the view."""
        self.offset = self.offset - offset / self.scale

    def zoom(self, factor: float, anchor: QPointF) -> None:
        """Scale by `factor`, keeping the scene point under `anchor` (view coordinates) fixed."""
        anchor_in_scene = self.to_scene(anchor)
        self.scale = min(MAXIMUM_SCALE, max(MINIMUM_SCALE, self.scale * factor))
        self.offset = anchor_in_scene - anchor / self.scale

    def centre_on(self, point: QPointF, size: QSizeF) -> None:
        """Show the scene point `point` at the centre of a view of `size`."""
        self.offset = point - QPointF(size.width(), size.height()) / (2 * self.scale)

    def fit(self, rect: QRectF, size: QSizeF, max_scale: float = 1.0) -> None:
        """Fit `rect` into a view of `size` at no more than `max_scale`."""
        available_x = max(1.0, size.width() - 2 * MARGIN)
        available_y = max(1.0, size.height() - 2 * MARGIN)
        scale = min(
            available_x / max(1.0, rect.width()), available_y / max(1.0, rect.height()), max_scale
        )
        self.scale = min(MAXIMUM_SCALE, max(MINIMUM_SCALE, scale))
        self.centre_on(rect.center(), size)

    def fit_or_show_start(
        self, bounds: QRectF, start: QRectF, size: QSizeF, max_scale: float = 1.0
    ) -> None:
        """Fit `bounds`; if that would be illegible, show `start` at `INITIAL_SCALE` instead."""
        self.fit(bounds, size, max_scale)
        if self.scale >= LEGIBLE_SCALE:
            return
        self.scale = INITIAL_SCALE
        margin = MARGIN / self.scale
        visible_size = size / self.scale
        x, y = (
            bounds.center().x() - visible_size.width() / 2,
            bounds.center().y() - visible_size.height() / 2,
        )
        if bounds.width() + 2 * margin > visible_size.width():
            x = bounds.left() - margin
        if bounds.height() + 2 * margin > visible_size.height():
            y = start.center().y() - visible_size.height() / 2
            y = min(max(y, bounds.top() - margin), bounds.bottom() + margin - visible_size.height())
        self.offset = QPointF(x, y)
