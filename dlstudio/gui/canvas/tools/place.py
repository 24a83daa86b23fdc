"""Drops a layer from the palette: on the void, or on a wire to be spliced in."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dlstudio.gui.canvas.card import stripe_rect
from dlstudio.gui.canvas.catalogue import Entry
from dlstudio.gui.canvas.commands.adding import add_at
from dlstudio.gui.canvas.geometry import CARD_BOX, CARD_WIDTH, CORNER, card_rect, snap
from dlstudio.gui.canvas.picking import wire_at
from dlstudio.gui.canvas.stage import SearchRequest, Stage
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers
from dlstudio.gui.canvas.wire import path_of


class Place(Gesture):
    """A drag from outside, with a preview of the card."""

    def __init__(self, stage: Stage, entry: Entry) -> None:
        """Place one kind or block."""
        super().__init__(stage)
        self._entry = entry
        self._corner = QPointF()
        self._wire = ""

    def start(self, at: QPointF, modifiers: Modifiers) -> None:
        """Show the preview."""
        super().start(at, modifiers)
        self.dragging = True
        self.move(at, modifiers)

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        """Move the preview; a wire below lights up."""
        corner = at - QPointF(CARD_WIDTH / 2, CARD_BOX / 2)
        if not modifiers & Qt.KeyboardModifier.AltModifier:
            corner = QPointF(snap(corner.x()), snap(corner.y()))
        self._corner = corner
        wire = wire_at(self.stage.scene, at, self.stage.camera.scale / 3)
        self._wire = wire if self._entry.inputs and self._entry.outputs else ""
        self.stage.repaint.emit()

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        """Add the card."""
        self.move(at, modifiers)
        centre = self._corner + QPointF(CARD_WIDTH / 2, CARD_BOX / 2)
        add_at(self.stage, self._entry, SearchRequest(centre, wire=self._wire))

    def cancel(self) -> None:
        """Take the preview away."""
        self.stage.repaint.emit()

    def paint(self, painter: QPainter) -> None:
        """Draw the preview."""
        style, rect = self.stage.ink, self._rect()
        if self._wire in self.stage.scene.wires:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.accent, 3.0))
            painter.drawPath(path_of([self.stage.scene.wires[self._wire].curve]))
        painter.setOpacity(0.85)
        painter.setBrush(style.card)
        painter.setPen(QPen(style.accent, 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(rect, CORNER, CORNER)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.stripe(self._entry.category))
        painter.drawRoundedRect(stripe_rect(rect), 1.75, 1.75)
        painter.setPen(style.text)
        painter.setFont(style.title)
        inside = rect.adjusted(22, 0, -10, 0)
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, self._entry.title)
        painter.setOpacity(1.0)

    def _rect(self) -> QRectF:
        ports = len(self._entry.inputs), len(self._entry.outputs)
        return card_rect(self._corner.x(), self._corner.y(), *ports, thumbnails=False)
