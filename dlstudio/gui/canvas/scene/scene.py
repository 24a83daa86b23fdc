"""Cards, wires and notes of one scope, kept in sync with the document.

The scene applies differences only; nothing is read back from it into the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.model import BLOCK, Edge, Graph, Layout, Node, Note
from dlstudio.design.model.signals import Signal as TensorSignal
from dlstudio.gui.canvas.model.card_content import (
    CardContent,
    CardStatus,
    card_content,
    card_status,
)
from dlstudio.gui.canvas.model.node_description import INPUT, NodeDescription, describe_node
from dlstudio.gui.canvas.model.scope_report import ScopeReport
from dlstudio.gui.canvas.scene.drag_offset import DragOffset, begin_drag, translate_curve
from dlstudio.gui.canvas.scene.geometry import (
    CARD_BOX,
    CARD_WIDTH,
    Cubic,
    card_rect,
    curve_bounds,
    port_point,
    wire_curve,
)
from dlstudio.gui.canvas.scene.spatial_index import GridIndex
from dlstudio.gui.canvas.scene.thumbnails import Thumbnails
from dlstudio.gui.document.document import Document


@dataclass(slots=True)
class Card:
    """A node's card: texts, ports and rectangle."""

    node: Node
    description: NodeDescription
    rect: QRectF
    colour: str = ""

    def port(self, name: str, output: bool) -> QPointF:
        """Return the centre of a port; for an unknown name, the centre of the side."""
        ports = self.description.ports
        side_ports = ports.outputs if output else ports.inputs
        names = [port.name for port in side_ports]
        index, count = (names.index(name), len(names)) if name in names else (0, 1)
        return port_point(self.rect, index, count, output)


@dataclass(slots=True)
class Wire:
    """An edge's curve."""

    edge: Edge
    curve: Cubic


class Scene(QObject):
    """Cards by node id, wires by edge key, notes by id, with a spatial index of each."""

    changed = Signal()
    """The canvas must be repainted."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.cards: dict[str, Card] = {}
        self.wires: dict[str, Wire] = {}
        self.notes: dict[str, Note] = {}
        self.scope_report = ScopeReport()
        self.thumbnails = Thumbnails()
        self.revision = 0
        self._graph = Graph()
        self._layout = Layout()
        self._wires_by_node: dict[str, set[str]] = {}
        self._contents: dict[str, CardContent] = {}
        self._card_index: GridIndex[str] = GridIndex()
        self._wire_index: GridIndex[str] = GridIndex()
        self.drag = DragOffset()
        document.project_changed.connect(self.sync)
        document.report_changed.connect(self.apply_report)
        document.scope_changed.connect(self.show_scope)
        document.reset.connect(self.show_scope)
        document.selection_changed.connect(self.changed)
        self.show_scope()

    def show_scope(self, _scope: str = "") -> None:
        """Rebuild the scene for the document's scope."""
        self.cards.clear()
        self.wires.clear()
        self._contents.clear()
        self._wires_by_node.clear()
        self._card_index.clear()
        self._wire_index.clear()
        self.drag = DragOffset()
        self._graph, self._layout = Graph(), Layout()
        self.apply_report(self.document.report)
        self.sync(None)

    def sync(self, _change: object) -> None:
        """Update cards, wires and notes from the project, only where they differ."""
        project, scope = self.document.project, self.document.scope
        if scope and scope not in project.blocks:
            return
        graph, layout = project.graph_at(scope), project.layout_at(scope)
        same = graph is self._graph and layout is self._layout
        if same and not any(map(self._has_external_dependencies, graph.nodes.values())):
            return
        old_graph, old_layout = self._graph, self._layout
        self._graph, self._layout = graph, layout
        self.notes = dict(layout.notes)
        removed = old_graph.nodes.keys() - graph.nodes.keys()
        positions = _positions(graph, layout)
        changed = {
            node_id: node
            for node_id, node in graph.nodes.items()
            if old_graph.nodes.get(node_id) is not node
            or self._has_external_dependencies(node)
            or node_id not in layout.positions
            or old_layout.positions.get(node_id) is not layout.positions[node_id]
            or old_layout.colours.get(node_id) != layout.colours.get(node_id)
        }
        for node_id in removed:
            self._remove_card(node_id)
        for node_id, node in changed.items():
            self._put_card(node_id, node, positions[node_id])
        self._sync_wires(old_graph, graph, changed)
        self._mark_changed()

    def apply_report(self, report: object) -> None:
        """Use a new check report; the texts of cards are created again when painted."""
        project, scope = self.document.project, self.document.scope
        if scope and scope not in project.blocks:
            return
        self.scope_report = ScopeReport.from_report(
            project, self.document.report, scope, self.document.placement_path
        )
        self._contents.clear()
        self._mark_changed()

    def set_thumbnails(self, thumbnails: Mapping[str, object]) -> None:
        """Show thumbnails on the cards, by dotted path (see `Thumbnails.set_all`)."""
        old_paths = set(self.thumbnails.paths)
        self.thumbnails.set_all(thumbnails)
        if old_paths != set(self.thumbnails.paths):
            for node_id in self.cards:
                self._place_card(node_id)
            self._place_wires_of(self.cards)
        self._mark_changed()

    def card_content(self, node_id: str) -> CardContent:
        """Return a card's content, created when the card is first painted."""
        content = self._contents.get(node_id)
        if content is None:
            description = self.cards[node_id].description
            content = card_content(
                self.document.project, self.document.scope, node_id, description, self.scope_report
            )
            self._contents[node_id] = content
        return content

    def card_status(self, node_id: str) -> CardStatus:
        """Return a card's status without creating its texts."""
        return card_status(node_id, self.cards[node_id].description, self.scope_report)

    def path(self, node_id: str) -> str:
        """Return a node's dotted path in the whole network."""
        return self.scope_report.prefix + node_id

    def edge_text(self, key: str) -> str:
        """Return the shape of a wire's signal, or an empty string while it is unknown."""
        edge = self.wires[key].edge
        signal = self.scope_report.signal(self.document.project, self.document.scope, edge)
        return signal.text() if signal else ""

    def signal_at(self, node_id: str, port: str) -> TensorSignal | None:
        """Return the signal of an output port, or None while it is unknown."""
        edge = Edge(node_id, "", port)
        return self.scope_report.signal(self.document.project, self.document.scope, edge)

    def is_broken(self, key: str) -> bool:
        """Return whether a wire is part of a problem."""
        if key in self.scope_report.broken_edges:
            return True
        edge = self.wires[key].edge
        problem = self.scope_report.worst_problem(edge.target)
        return (
            problem is not None and problem.severity == "error" and problem.port == edge.target_port
        )

    def cards_within(self, area: QRectF) -> list[str]:
        """Return the ids of cards that touch `area`."""
        return self.drag.within(self._card_index, area)

    def wires_within(self, area: QRectF) -> list[str]:
        """Return the keys of wires whose bounds touch `area`."""
        return self.drag.within(self._wire_index, area)

    def wires_of(self, node_id: str) -> frozenset[str]:
        """Return the keys of a node's wires."""
        return frozenset(self._wires_by_node.get(node_id, ()))

    def note_rect(self, note_id: str) -> QRectF:
        """Return a note's rectangle, drag offset included."""
        note = self.notes[note_id]
        rect = QRectF(note.x, note.y, note.width, note.height)
        return rect.translated(self.drag.offset_of(NOTE_PREFIX + note_id))

    def bounds(self, ids: Iterable[str] | None = None) -> QRectF:
        """Return the bounding rectangle of the given (default: all) cards and notes."""
        rect = QRectF()
        item_ids = (
            ids
            if ids is not None
            else [*self.cards, *(NOTE_PREFIX + note_id for note_id in self.notes)]
        )
        for item_id in item_ids:
            if item_id in self.cards:
                rect = rect.united(self.cards[item_id].rect)
            elif item_id.removeprefix(NOTE_PREFIX) in self.notes:
                rect = rect.united(self.note_rect(item_id.removeprefix(NOTE_PREFIX)))
        return rect

    def set_drag_offset(self, ids: Iterable[str], offset: QPointF) -> None:
        """Display cards and notes moved by `offset`; the document is unchanged."""
        dragged = frozenset(ids)
        if dragged != self.drag.ids:
            self._apply_drag(QPointF())
            self.drag = begin_drag(dragged, self._wires_by_node)
            self.revision += 1
        self._apply_drag(offset)
        self.changed.emit()

    def _apply_drag(self, offset: QPointF) -> None:
        delta, self.drag.offset = offset - self.drag.offset, QPointF(offset)
        if delta.isNull():
            return
        for node_id in self.drag.ids & self.cards.keys():
            self.cards[node_id].rect.translate(delta)
        for key in self.drag.wires & self.wires.keys():
            translate_curve(self.wires[key].curve, delta)
        for key in self.drag.stretched_wires:
            self._place_wire(key)

    def _has_external_dependencies(self, node: Node) -> bool:
        """Return whether a card depends on more than its node: a block, the data or its wires."""
        card = self.cards.get(node.id)
        return node.kind in {BLOCK, INPUT} or (card is not None and not card.description.known)

    def _put_card(self, node_id: str, node: Node, position: tuple[float, float]) -> None:
        known = self.cards.get(node_id)
        if known is not None and known.node is node and not self._has_external_dependencies(node):
            description = known.description
        else:
            description = describe_node(self.document.project, self._graph, node)
            self._contents.pop(node_id, None)
        rect = QRectF(*position, CARD_WIDTH, CARD_BOX)
        self.cards[node_id] = Card(node, description, rect, self._layout.colours.get(node_id, ""))
        self._place_card(node_id, position)

    def _place_card(self, node_id: str, position: tuple[float, float] | None = None) -> None:
        card = self.cards[node_id]
        x, y = (
            position or self._layout.positions.get(node_id) or self._layout_position(card, node_id)
        )
        ports = card.description.ports
        has_thumbnails = bool(self.thumbnails.shown_path(self.path(node_id)))
        rect = card_rect(x, y, len(ports.inputs), len(ports.outputs), has_thumbnails)
        card.rect = rect.translated(self.drag.offset_of(node_id))
        self._card_index.put(node_id, rect)

    def _layout_position(self, card: Card, node_id: str) -> tuple[float, float]:
        rect = card.rect.translated(-self.drag.offset_of(node_id))
        return rect.x(), rect.center().y() - CARD_BOX / 2

    def _remove_card(self, node_id: str) -> None:
        self.cards.pop(node_id, None)
        self._contents.pop(node_id, None)
        self._card_index.discard(node_id)

    def _sync_wires(self, old_graph: Graph, graph: Graph, changed: Mapping[str, Node]) -> None:
        for key in old_graph.edges.keys() - graph.edges.keys():
            wire = self.wires.pop(key, None)
            self._wire_index.discard(key)
            if wire is not None:
                self._wires_by_node.get(wire.edge.source, set()).discard(key)
                self._wires_by_node.get(wire.edge.target, set()).discard(key)
        for key, edge in graph.edges.items():
            if old_graph.edges.get(key) is edge:
                continue
            if edge.source in self.cards and edge.target in self.cards:
                self._wires_by_node.setdefault(edge.source, set()).add(key)
                self._wires_by_node.setdefault(edge.target, set()).add(key)
                self.wires[key] = Wire(edge, (QPointF(),) * 4)
                self._place_wire(key)
        self._place_wires_of(changed)

    def _place_wires_of(self, ids: Iterable[str]) -> None:
        for key in {key for node_id in ids for key in self._wires_by_node.get(node_id, ())}:
            self._place_wire(key)

    def _place_wire(self, key: str) -> None:
        wire = self.wires.get(key)
        if wire is None or wire.edge.source not in self.cards or wire.edge.target not in self.cards:
            return
        edge = wire.edge
        wire.curve = wire_curve(
            self.cards[edge.source].port(edge.source_port, output=True),
            self.cards[edge.target].port(edge.target_port, output=False),
        )
        self._wire_index.put(key, curve_bounds(wire.curve).translated(-self.drag.offset_of(key)))

    def _mark_changed(self) -> None:
        self.revision += 1
        self.changed.emit()


def _positions(graph: Graph, layout: Layout) -> Mapping[str, tuple[float, float]]:
    """Return the layout's positions; cards without one are arranged around the others."""
    if graph.nodes.keys() <= layout.positions.keys():
        return layout.positions
    from dlstudio.design.arrange.arrange import arrange

    return {**arrange(graph, keep=layout.positions), **layout.positions}
