"""Drops a layer from the palette on empty canvas, or on a wire to splice it in."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dlstudio.gui.canvas.commands.adding import add_at
from dlstudio.gui.canvas.model.insertable_items import InsertableItem
from dlstudio.gui.canvas.paint.canvas_style import current_style
from dlstudio.gui.canvas.paint.card import stripe_rect
from dlstudio.gui.canvas.paint.wire import curves_path
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext, SearchRequest
from dlstudio.gui.canvas.scene.geometry import CARD_BOX, CARD_WIDTH, CORNER, card_rect, snap
from dlstudio.gui.canvas.scene.hit_test import wire_at
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers


class Place(Gesture):
    """A drag from the palette, with a preview of the card."""

    def __init__(self, context: CanvasContext, item: InsertableItem) -> None:
        super().__init__(context)
        self._item = item
        self._corner = QPointF()
        self._wire = ""

    def start(self, at: QPointF, modifiers: Modifiers) -> None:
        super().start(at, modifiers)
        self.dragging = True
        self.move(at, modifiers)

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        """Move the preview and highlight the wire below it."""
        corner = at - QPointF(CARD_WIDTH / 2, CARD_BOX / 2)
        if not modifiers & Qt.KeyboardModifier.AltModifier:
            corner = QPointF(snap(corner.x()), snap(corner.y()))
        self._corner = corner
        wire = wire_at(self.context.scene, at, self.context.camera.scale / 3)
        self._wire = wire if self._item.inputs and self._item.outputs else ""
        self.context.repaint_requested.emit()

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        centre = self._corner + QPointF(CARD_WIDTH / 2, CARD_BOX / 2)
        add_at(self.context, self._item, SearchRequest(centre, wire=self._wire))

    def cancel(self) -> None:
        self.context.repaint_requested.emit()

    def paint(self, painter: QPainter) -> None:
        style, rect = current_style(), self._rect()
        if self._wire in self.context.scene.wires:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.accent, 3.0))
            painter.drawPath(curves_path([self.context.scene.wires[self._wire].curve]))
        painter.setOpacity(0.85)
        painter.setBrush(style.card)
        painter.setPen(QPen(style.accent, 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(rect, CORNER, CORNER)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.stripe(self._item.category))
        painter.drawRoundedRect(stripe_rect(rect), 1.75, 1.75)
        painter.setPen(style.text)
        painter.setFont(style.title_font)
        inside = rect.adjusted(22, 0, -10, 0)
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, self._item.title)
        painter.setOpacity(1.0)

    def _rect(self) -> QRectF:
        ports = len(self._item.inputs), len(self._item.outputs)
        return card_rect(self._corner.x(), self._corner.y(), *ports, thumbnails=False)
