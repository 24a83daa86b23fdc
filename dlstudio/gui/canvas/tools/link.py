"""Draws a new wire from a port, or re-routes the end of a wire."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dlstudio.design.edits import connect, disconnect, reconnect
from dlstudio.design.model.model import Edge
from dlstudio.gui.canvas.paint.canvas_style import current_style, with_alpha
from dlstudio.gui.canvas.paint.wire import curves_path
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext, SearchRequest
from dlstudio.gui.canvas.scene.geometry import PORT_RADIUS, wire_curve
from dlstudio.gui.canvas.scene.hit_test import PortHit, card_at, port_hits, wire_at
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers

_SNAP_DISTANCE = 26.0
"""Distance, in pixels of the view, at which the wire snaps to a valid port."""


class Link(Gesture):
    """Drag from a port to a valid one; a drop on empty canvas opens the search box."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, context: CanvasContext, fixed: PortHit, replaced: str = "") -> None:
        """Fix one end at `fixed`; `replaced` is the key of the wire being re-routed."""
        super().__init__(context)
        self._fixed = fixed
        self._replaced = replaced
        self._at = fixed.centre
        self._target: PortHit | None = None
        self._valid_targets: dict[PortHit, Edge] = {}
        self._rules = context.wire_rules()
        self._is_showing_error = False

    def start(self, at: QPointF, modifiers: Modifiers) -> None:
        """Collect the valid targets."""
        super().start(at, modifiers)
        self._at = at
        rules = self._rules
        for node_id, card in self.context.scene.cards.items():
            for hit in port_hits(node_id, card):
                if hit.output == self._fixed.output:
                    continue
                edge = self._edge_to(hit)
                if rules.refusal(edge, self._replaced) is None:
                    self._valid_targets[hit] = rules.with_slot(edge, self._replaced)
        self.context.highlight.hidden_wires = frozenset({self._replaced} - {""})

    def move(self, at: QPointF, _modifiers: Modifiers) -> None:
        """Follow the pointer; the wire snaps to a valid port nearby."""
        self.is_drag(at)
        self._at = at
        self._target = self._nearest_target(at)
        self._show_error(self._error_at(at), at)
        self.context.repaint_requested.emit()

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        """Connect, re-route or cut the wire, or open the search box; a click selects a wire."""
        self.move(at, modifiers)
        reason = self._error_at(at)
        self._unhide_replaced()
        if not self.dragging:
            clicked = wire_at(self.context.scene, at, self.context.camera.scale)
            if wire := self._replaced or clicked:
                self.context.select_wire(wire)
        elif self._target is not None:
            self._connect(self._valid_targets[self._target])
        elif self._replaced:
            key, scope = self._replaced, self.context.scope
            self.context.edit(lambda project: disconnect(project, (key,), scope=scope), "Cut wire")
        elif not card_at(self.context.scene, at):
            self.context.search_requested.emit(SearchRequest(at, port=self._fixed))
        elif reason:
            self.context.document.message.emit(reason)

    def cancel(self) -> None:
        self._show_error("", self._at)
        self._unhide_replaced()

    def paint(self, painter: QPainter) -> None:
        """Draw the new wire and highlight the valid targets."""
        style = current_style()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(with_alpha(style.accent, 70))
        in_view = self._valid_targets_in_view()
        for hit in in_view:
            painter.drawEllipse(hit.centre, 2.0 * PORT_RADIUS, 2.0 * PORT_RADIUS)
        painter.setBrush(style.accent)
        for hit in in_view:
            painter.drawEllipse(hit.centre, PORT_RADIUS, PORT_RADIUS)
        if self._target is not None:
            painter.drawEllipse(self._target.centre, 1.6 * PORT_RADIUS, 1.6 * PORT_RADIUS)
        free_end = self._target.centre if self._target else self._at
        ends = (
            (self._fixed.centre, free_end) if self._fixed.output else (free_end, self._fixed.centre)
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(style.accent, 2.2))
        painter.drawPath(curves_path([wire_curve(*ends)]))

    def _valid_targets_in_view(self) -> list[PortHit]:
        scene = self.context.scene
        visible = scene.cards_within(self.context.camera.visible(self.context.size))
        hits = (hit for node_id in visible for hit in port_hits(node_id, scene.cards[node_id]))
        return [hit for hit in hits if hit in self._valid_targets]

    def _edge_to(self, hit: PortHit) -> Edge:
        source, target = (self._fixed, hit) if self._fixed.output else (hit, self._fixed)
        return Edge(source.node, target.node, source.port, target.port)

    def _nearest_target(self, at: QPointF) -> PortHit | None:
        """Return the nearest valid port, or the first valid one of the card under the pointer."""
        reach = _SNAP_DISTANCE / max(0.4, self.context.camera.scale)
        around = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        best, nearest = reach, None
        for node_id in self.context.scene.cards_within(around):
            for hit in port_hits(node_id, self.context.scene.cards[node_id]):
                distance = math.hypot(*(hit.centre - at).toTuple())
                if hit in self._valid_targets and distance <= best:
                    best, nearest = distance, hit
        below = card_at(self.context.scene, at)
        if nearest is None and below and below != self._fixed.node:
            hits = port_hits(below, self.context.scene.cards[below])
            nearest = next((hit for hit in hits if hit in self._valid_targets), None)
        return nearest

    def _connect(self, edge: Edge) -> None:
        scope, key = self.context.scope, self._replaced
        if key:
            self.context.edit(
                lambda project: reconnect(project, key, edge, scope=scope), "Re-route"
            )
        else:
            self.context.edit(lambda project: connect(project, edge, scope=scope), "Connect")

    def _error_at(self, at: QPointF) -> str:
        """Return why the card under the pointer accepts no wire, or an empty string."""
        below = card_at(self.context.scene, at) if self.dragging else ""
        if self._target is not None or below in {"", self._fixed.node}:
            return ""
        hits = port_hits(below, self.context.scene.cards[below])
        output = not self._fixed.output
        missing = PortHit(below, "output" if output else "input", output, at)
        target = next((hit for hit in hits if hit.output is output), missing)
        refusal = self._rules.refusal(self._edge_to(target), self._replaced)
        return refusal.text if refusal else ""

    def _show_error(self, reason: str, at: QPointF) -> None:
        if reason or self._is_showing_error:
            self.context.link_rejected.emit(reason, at)
        self._is_showing_error = bool(reason)

    def _unhide_replaced(self) -> None:
        self.context.highlight.hidden_wires = frozenset()
        self.context.repaint_requested.emit()


def link_from_wire(context: CanvasContext, key: str, at: QPointF) -> Link:
    """Return the gesture that re-routes the nearer end of a wire."""
    wire = context.scene.wires[key]
    start, end = wire.curve[0], wire.curve[3]
    grabs_target = (end - at).manhattanLength() <= (start - at).manhattanLength()
    edge = wire.edge
    if grabs_target:
        return Link(context, PortHit(edge.source, edge.source_port, output=True, centre=start), key)
    return Link(context, PortHit(edge.target, edge.target_port, output=False, centre=end), key)
