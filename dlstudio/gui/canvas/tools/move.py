"""Moves cards and notes; a single unwired card dropped on a wire is spliced in."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from dlstudio.design.edits import splice_node
from dlstudio.design.model.model import Project
from dlstudio.gui.canvas.commands.moving import move_by, translate_items
from dlstudio.gui.canvas.paint.canvas_style import current_style
from dlstudio.gui.canvas.paint.wire import curves_path
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.canvas.scene.geometry import snap
from dlstudio.gui.canvas.scene.hit_test import wire_at
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers

TOGGLE_MODIFIERS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class Move(Gesture):
    """Drag a card or a note together with the selection; a click only selects."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, context: CanvasContext, grabbed: str) -> None:
        """Grab a card (its id) or a note (`note:` and its id)."""
        super().__init__(context)
        self._grabbed = grabbed
        self._initial_selection = context.document.selection
        self._corner = context.scene.bounds((grabbed,)).topLeft()
        self._wire = ""

    def start(self, at: QPointF, modifiers: Modifiers) -> None:
        """Select the grabbed item."""
        super().start(at, modifiers)
        self.context.select_wire("")
        if self._grabbed in self._initial_selection:
            return
        previous = self._initial_selection if modifiers & TOGGLE_MODIFIERS else frozenset()
        self.context.document.set_selection(previous | {self._grabbed})

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        """Show the cards at their new positions."""
        if self.is_drag(at):
            self.context.scene.set_drag_offset(
                self.context.document.selection, self._offset(at, modifiers)
            )
            self._wire = self._wire_below()

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        """Store the new positions, or splice the card into the wire below."""
        if not self.is_drag(at):
            self._click(modifiers)
            return
        self.move(at, modifiers)
        offset, wire = self._offset(at, modifiers), self._wire
        self.context.scene.set_drag_offset((), QPointF())
        ids = self.context.document.selection
        if wire:
            self._splice(wire, offset)
        elif not offset.isNull():
            move_by(self.context, ids, offset, "Move")

    def cancel(self) -> None:
        self.context.scene.set_drag_offset((), QPointF())
        self.context.document.set_selection(self._initial_selection)

    def paint(self, painter: QPainter) -> None:
        """Highlight the wire the card would be spliced into."""
        if self._wire:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(current_style().accent, 3.0))
            painter.drawPath(curves_path([self.context.scene.wires[self._wire].curve]))

    def _click(self, modifiers: Modifiers) -> None:
        document = self.context.document
        if modifiers & TOGGLE_MODIFIERS and self._grabbed in self._initial_selection:
            document.set_selection(self._initial_selection - {self._grabbed})
        elif not modifiers & TOGGLE_MODIFIERS:
            document.set_selection({self._grabbed})

    def _offset(self, at: QPointF, modifiers: Modifiers) -> QPointF:
        offset = at - self.origin
        if modifiers & Qt.KeyboardModifier.AltModifier:
            return offset
        target, position = self._position() + offset, self._position()
        return QPointF(snap(target.x()) - position.x(), snap(target.y()) - position.y())

    def _position(self) -> QPointF:
        layout = self.context.project.layout_at(self.context.scope)
        position = layout.positions.get(self._grabbed)
        return QPointF(*position) if position else self._corner

    def _wire_below(self) -> str:
        """Return the wire the dragged card would be spliced into, or an empty string."""
        scene = self.context.scene
        if len(self.context.document.selection) != 1 or self._grabbed not in scene.cards:
            return ""
        ports = scene.cards[self._grabbed].description.ports
        if scene.wires_of(self._grabbed) or not ports.inputs or not ports.outputs:
            return ""
        return wire_at(
            scene, scene.cards[self._grabbed].rect.center(), self.context.camera.scale / 3
        )

    def _splice(self, wire: str, offset: QPointF) -> None:
        ports = self.context.scene.cards[self._grabbed].description.ports
        scope, grabbed = self.context.scope, self._grabbed

        def splice(project: Project) -> Project:
            moved_project = translate_items(project, frozenset({grabbed}), offset, scope)
            return splice_node(
                moved_project,
                wire,
                grabbed,
                ports.inputs[0].name,
                ports.outputs[0].name,
                scope=scope,
            )

        self.context.edit(splice, "Splice into wire")
