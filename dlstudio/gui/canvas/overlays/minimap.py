"""An overview of the design with the visible area marked; click or drag to move the view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from dlstudio.gui.canvas.model.card_content import CardStatus
from dlstudio.gui.canvas.paint.canvas_style import current_style, with_alpha
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.style.theme import theme_changes

SIZE = QSize(156, 78)
_MARGIN = 8.0
_FADED_OPACITY = 0.3
"""Opacity over cards, so that they stay visible through the map."""
_DELAY = 60
"""Milliseconds between a change and the redraw."""


class MiniMap(QWidget):
    """Renders the cards into a pixmap, cached until one of them changes."""

    def __init__(self, context: CanvasContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._pixmap: QPixmap | None = None
        self._bounds = QRectF()
        self.setFixedSize(SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Mini-map")
        self.setToolTip("Overview of the network. Click to move the view.")
        self._revision = -1
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY)
        self._timer.timeout.connect(self._invalidate)
        context.scene.changed.connect(self._schedule_redraw)
        theme_changes.changed.connect(self._invalidate)
        context.camera_changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pixmap and the frame of the visible area."""
        if self._pixmap is None:
            self._render()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_FADED_OPACITY if self.is_faded() else 1.0)
        style = current_style()
        painter.setBrush(with_alpha(style.panel.color(), 235))
        painter.setPen(style.line)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        if self._pixmap is not None:
            painter.drawPixmap(0, 0, self._pixmap)
        visible = self._to_map(self._context.camera.visible(self._context.size))
        inside = QRectF(self.rect()).adjusted(5, 5, -5, -5)
        painter.setBrush(with_alpha(style.accent, 18))
        painter.setPen(QPen(style.accent, 1.2))
        painter.drawRoundedRect(visible.intersected(inside), 2, 2)
        painter.end()

    def is_faded(self) -> bool:
        """Return whether cards are behind the map while the pointer is elsewhere."""
        below = self.geometry().adjusted(-4, -4, 4, 4)
        camera = self._context.camera
        corner = camera.to_scene(QPointF(below.topLeft()))
        area = QRectF(corner, QSizeF(below.size()) / camera.scale)
        return not self.underMouse() and bool(self._context.scene.cards_within(area))

    def enterEvent(self, _event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._centre_on(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._centre_on(event.position())

    def _centre_on(self, point: QPointF) -> None:
        if self._pixmap is None:
            self._render()
        scale, corner = self._map_transform()
        self._context.camera.centre_on((point - corner) / scale, self._context.size)
        self._context.camera_changed.emit()

    def _schedule_redraw(self) -> None:
        """Redraw after a delay, once for all steps of a drag within it."""
        if self._revision != self._context.scene.revision and not self._timer.isActive():
            self._timer.start()

    def _invalidate(self) -> None:
        self._pixmap = None
        self.update()

    def _render(self) -> None:
        scene, style = self._context.scene, current_style()
        self._revision = scene.revision
        self._bounds = scene.bounds()
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groups: dict[tuple[str, str], list[QRectF]] = {}
        for card in scene.cards.values():
            group = groups.setdefault((card.description.category, card.colour), [])
            group.append(card.rect)
        scale, corner = self._map_transform()
        painter.save()
        painter.translate(corner)
        painter.scale(scale, scale)
        for (category, colour), rects in groups.items():
            painter.setBrush(style.stripe(category, colour))
            painter.drawRects(rects)
        painter.restore()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.error)
        for node_id in scene.content.report.problems:
            if node_id in scene.cards and scene.content.status(node_id) is CardStatus.ERROR:
                painter.drawEllipse(self._to_map(scene.cards[node_id].rect).topRight(), 2.5, 2.5)
        painter.end()
        self._pixmap = pixmap

    def _to_map(self, rect: QRectF) -> QRectF:
        scale, corner = self._map_transform()
        return QRectF(rect.topLeft() * scale + corner, rect.size() * scale)

    def _map_transform(self) -> tuple[float, QPointF]:
        """Return the map's scale and the position of the scene's origin on it."""
        area = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        bounds = self._bounds.adjusted(-60, -60, 60, 60)
        scale = min(area.width() / bounds.width(), area.height() / bounds.height(), 0.1)
        return scale, area.center() - bounds.center() * scale
