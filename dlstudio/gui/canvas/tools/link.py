"""Draws a wire from a port, or takes the end of a wire elsewhere."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dlstudio.design.edits import connect, disconnect, reconnect
from dlstudio.design.model import Edge
from dlstudio.gui.canvas.geometry import PORT_RADIUS, wire_curve
from dlstudio.gui.canvas.ink import shade
from dlstudio.gui.canvas.linking import LinkError
from dlstudio.gui.canvas.picking import PortPlace, card_at, ports_of
from dlstudio.gui.canvas.stage import SearchRequest, Stage
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers
from dlstudio.gui.canvas.wire import path_of

_MAGNET = 26.0
"""Pixels of the view from which a legal port draws the wire to it."""


class Link(Gesture):
    """Drag from a port to a legal one; dropped in the void it asks which layer to add there."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, stage: Stage, fixed: PortPlace, replaced: str = "") -> None:
        """Hold one end at `fixed`; `replaced` is the wire whose other end was taken."""
        super().__init__(stage)
        self._fixed = fixed
        self._replaced = replaced
        self._at = fixed.centre
        self._target: PortPlace | None = None
        self._legal: dict[PortPlace, Edge] = {}
        self._rules = stage.link_rules()
        self._refused = False

    def start(self, at: QPointF, modifiers: Modifiers) -> None:
        """Find out where the wire may go."""
        super().start(at, modifiers)
        self._at = at
        rules = self._rules
        for node_id, card in self.stage.scene.cards.items():
            for hit in ports_of(node_id, card):
                if hit.output == self._fixed.output:
                    continue
                edge = self._edge_to(hit)
                if rules.allows(edge, self._replaced):
                    self._legal[hit] = rules.check(edge, self._replaced)
        self.stage.emphasis.hidden_wires = frozenset({self._replaced} - {""})

    def move(self, at: QPointF, _modifiers: Modifiers) -> None:
        """Follow the pointer; a legal port nearby catches the end."""
        self.is_drag(at)
        self._at = at
        self._target = self._near(at)
        self._tell(self._refusal(at), at)
        self.stage.repaint.emit()

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        """Connect, re-route, cut, or ask for a layer."""
        self.move(at, modifiers)
        reason = self._refusal(at)
        self._show_replaced()
        if not self.dragging:
            if self._replaced:
                self.stage.choose_wire(self._replaced)
        elif self._target is not None:
            self._connect(self._legal[self._target])
        elif self._replaced:
            key, scope = self._replaced, self.stage.scope
            self.stage.edit(lambda project: disconnect(project, (key,), scope=scope), "Cut wire")
        elif not card_at(self.stage.scene, at):
            self.stage.search_wanted.emit(SearchRequest(at, port=self._fixed))
        elif reason:
            self.stage.document.message.emit(reason)

    def cancel(self) -> None:
        """Leave the wire as it was."""
        self._tell("", self._at)
        self._show_replaced()

    def paint(self, painter: QPainter) -> None:
        """Draw the wire in the making and light up where it may go."""
        style = self.stage.ink
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade(style.accent, 70))
        in_view = self._legal_in_view()
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
        painter.drawPath(path_of([wire_curve(*ends)]))

    def _legal_in_view(self) -> list[PortPlace]:
        scene = self.stage.scene
        visible = scene.cards_within(self.stage.camera.visible(self.stage.size))
        hits = (hit for node_id in visible for hit in ports_of(node_id, scene.cards[node_id]))
        return [hit for hit in hits if hit in self._legal]

    def _edge_to(self, place: PortPlace) -> Edge:
        source, target = (self._fixed, place) if self._fixed.output else (place, self._fixed)
        return Edge(source.node, target.node, source.port, target.port)

    def _near(self, at: QPointF) -> PortPlace | None:
        """Return the legal port nearest to the pointer, or the first of the card below it."""
        reach = _MAGNET / max(0.4, self.stage.camera.scale)
        around = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        best, nearest = reach, None
        for node_id in self.stage.scene.cards_within(around):
            for hit in ports_of(node_id, self.stage.scene.cards[node_id]):
                distance = math.hypot(*(hit.centre - at).toTuple())
                if hit in self._legal and distance <= best:
                    best, nearest = distance, hit
        below = card_at(self.stage.scene, at)
        if nearest is None and below and below != self._fixed.node:
            hits = ports_of(below, self.stage.scene.cards[below])
            nearest = next((hit for hit in hits if hit in self._legal), None)
        return nearest

    def _connect(self, edge: Edge) -> None:
        scope, key = self.stage.scope, self._replaced
        if key:
            self.stage.edit(lambda project: reconnect(project, key, edge, scope=scope), "Re-route")
        else:
            self.stage.edit(lambda project: connect(project, edge, scope=scope), "Connect")

    def _refusal(self, at: QPointF) -> str:
        """Return why the card below takes no wire, an empty text where there is nothing to say."""
        below = card_at(self.stage.scene, at) if self.dragging else ""
        if self._target is not None or below in {"", self._fixed.node}:
            return ""
        hits = ports_of(below, self.stage.scene.cards[below])
        output = not self._fixed.output
        missing = PortPlace(below, "output" if output else "input", output, at)
        target = next((hit for hit in hits if hit.output is output), missing)
        try:
            self._rules.check(self._edge_to(target), self._replaced)
        except LinkError as error:
            return str(error)
        return ""

    def _tell(self, refusal: str, at: QPointF) -> None:
        if refusal or self._refused:
            self.stage.refused.emit(refusal, at)
        self._refused = bool(refusal)

    def _show_replaced(self) -> None:
        self.stage.emphasis.hidden_wires = frozenset()
        self.stage.repaint.emit()


def link_from_wire(stage: Stage, key: str, at: QPointF) -> Link:
    """Return the gesture that takes the nearer end of a wire."""
    wire = stage.scene.wires[key]
    start, end = wire.curve[0], wire.curve[3]
    takes_target = (end - at).manhattanLength() <= (start - at).manhattanLength()
    edge = wire.edge
    if takes_target:
        return Link(stage, PortPlace(edge.source, edge.source_port, output=True, centre=start), key)
    return Link(stage, PortPlace(edge.target, edge.target_port, output=False, centre=end), key)
