"""The whole design in small, with the part on show marked; click or drag to go there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from dlstudio.gui.canvas.faces import Tone
from dlstudio.gui.canvas.ink import shade
from dlstudio.gui.canvas.stage import Stage
from dlstudio.gui.theme import theme_changes

SIZE = QSize(156, 78)
_MARGIN = 8.0
_FADED = 0.3
"""Opacity over cards, so that the map hides none of them."""
_DELAY = 60
"""Milliseconds between a change and the new picture."""


class MiniMap(QWidget):
    """Draws the cards into a picture that is kept until one of them moves."""

    def __init__(self, stage: Stage, parent: QWidget) -> None:
        """Show a stage."""
        super().__init__(parent)
        self._stage = stage
        self._picture: QPixmap | None = None
        self._whole = QRectF()
        self.setFixedSize(SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Mini-map")
        self.setToolTip("The whole network. Click to go there.")
        self._revision = -1
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY)
        self._timer.timeout.connect(self._forget)
        stage.scene.changed.connect(self._follow)
        theme_changes.changed.connect(self._forget)
        stage.camera_changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture and the frame of what is on show."""
        if self._picture is None:
            self._draw()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_FADED if self.is_faded() else 1.0)
        style = self._stage.ink
        painter.setBrush(shade(style.panel.color(), 235))
        painter.setPen(style.line)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        if self._picture is not None:
            painter.drawPixmap(0, 0, self._picture)
        visible = self._to_map(self._stage.camera.visible(self._stage.size))
        inside = QRectF(self.rect()).adjusted(5, 5, -5, -5)
        painter.setBrush(shade(style.accent, 18))
        painter.setPen(QPen(style.accent, 1.2))
        painter.drawRoundedRect(visible.intersected(inside), 2, 2)
        painter.end()

    def is_faded(self) -> bool:
        """Return whether cards lie below the map, which is not being used."""
        below = self.geometry().adjusted(-4, -4, 4, 4)
        camera = self._stage.camera
        corner = camera.to_scene(QPointF(below.topLeft()))
        area = QRectF(corner, QSizeF(below.size()) / camera.scale)
        return not self.underMouse() and bool(self._stage.scene.cards_within(area))

    def enterEvent(self, _event: QEnterEvent) -> None:
        """Come forward."""
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        """Step back."""
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def _go(self, point: QPointF) -> None:
        if self._picture is None:
            self._draw()
        scale, corner = self._fit()
        self._stage.camera.centre_on((point - corner) / scale, self._stage.size)
        self._stage.camera_changed.emit()

    def _follow(self) -> None:
        """Draw anew soon after cards have moved, not once for each step of a drag."""
        if self._revision != self._stage.scene.revision and not self._timer.isActive():
            self._timer.start()

    def _forget(self) -> None:
        self._picture = None
        self.update()

    def _draw(self) -> None:
        scene, style = self._stage.scene, self._stage.ink
        self._revision = scene.revision
        self._whole = scene.bounds()
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
        scale, corner = self._fit()
        painter.save()
        painter.translate(corner)
        painter.scale(scale, scale)
        for (category, colour), rects in groups.items():
            painter.setBrush(style.stripe(category, colour))
            painter.drawRects(rects)
        painter.restore()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.error)
        for node_id in scene.findings.problems:
            if node_id in scene.cards and scene.tone(node_id) is Tone.ERROR:
                painter.drawEllipse(self._to_map(scene.cards[node_id].rect).topRight(), 2.5, 2.5)
        painter.end()
        self._picture = pixmap

    def _to_map(self, rect: QRectF) -> QRectF:
        scale, corner = self._fit()
        return QRectF(rect.topLeft() * scale + corner, rect.size() * scale)

    def _fit(self) -> tuple[float, QPointF]:
        """Return the map's scale, and where the scene's origin lies on it."""
        area = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        whole = self._whole.adjusted(-60, -60, 60, 60)
        scale = min(area.width() / whole.width(), area.height() / whole.height(), 0.1)
        return scale, area.center() - whole.center() * scale
