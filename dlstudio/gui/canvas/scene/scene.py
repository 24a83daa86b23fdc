"""Cards, wires and notes of one scope, kept in sync with the document.

The scene applies differences only; nothing is read back from it into the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.model import BLOCK, Graph, Layout, Node, Note
from dlstudio.gui.canvas.model.node_description import INPUT, describe_node
from dlstudio.gui.canvas.scene.card_values import CardValues
from dlstudio.gui.canvas.scene.drag_offset import DragOffset
from dlstudio.gui.canvas.scene.geometry import CARD_BOX, CARD_WIDTH, card_rect
from dlstudio.gui.canvas.scene.note_size import note_text_height
from dlstudio.gui.canvas.scene.scene_content import SceneContent
from dlstudio.gui.canvas.scene.scene_items import Card, Wire
from dlstudio.gui.canvas.scene.spatial_index import GridIndex
from dlstudio.gui.canvas.scene.thumbnails import Thumbnails
from dlstudio.gui.canvas.scene.wire_set import WireSet
from dlstudio.gui.document.document import Document
from dlstudio.insight.views.values import CardOverlay


class Scene(QObject):
    """Cards by node id, wires by edge key, notes by id, with a spatial index of each."""

    changed = Signal()
    """The canvas must be repainted."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.drag = DragOffset()
        self.cards: dict[str, Card] = {}
        self._wire_set = WireSet(self.cards, self.drag)
        self.wires: Mapping[str, Wire] = self._wire_set.by_key
        self.notes: dict[str, Note] = {}
        self.content = SceneContent(document, self.cards, self.wires)
        self.thumbnails = Thumbnails()
        self.card_values = CardValues()
        self.revision = 0
        self._graph = Graph()
        self._layout = Layout()
        self._card_index: GridIndex[str] = GridIndex()
        document.project_changed.connect(self.sync)
        document.report_changed.connect(self.apply_report)
        document.scope_changed.connect(self.show_scope)
        document.reset.connect(self.show_scope)
        document.selection_changed.connect(self.changed)
        self.show_scope()

    def show_scope(self, _scope: str = "") -> None:
        """Rebuild the scene for the document's scope."""
        self.cards.clear()
        self._wire_set.clear()
        self.content.clear()
        self._card_index.clear()
        self.drag.begin((), {})
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
        self._wire_set.sync(old_graph, graph)
        self._wire_set.follow_cards(changed)
        self._mark_changed()

    def apply_report(self, report: object) -> None:
        """Use a new check report; the texts of cards are created again when painted."""
        if self.document.scope and self.document.scope not in self.document.project.blocks:
            return
        self.content.use_report()
        self._mark_changed()

    def set_thumbnails(self, thumbnails: Mapping[str, object]) -> None:
        """Show thumbnails on the cards, by dotted path (see `Thumbnails.set_all`)."""
        old_paths = set(self.thumbnails.paths)
        self.thumbnails.set_all(thumbnails)
        if old_paths != set(self.thumbnails.paths):
            for node_id in self.cards:
                self._place_card(node_id)
            self._wire_set.follow_cards(self.cards)
        self._mark_changed()

    def show_card_values(self, view: str, overlay: CardOverlay | None) -> None:
        """Show the numbers of a view on the cards, or remove them (see `CardValues.show`)."""
        if self.card_values.show(view, overlay):
            self.changed.emit()

    def cards_within(self, area: QRectF) -> list[str]:
        """Return the ids of cards that touch `area`."""
        return self.drag.within(self._card_index, area)

    def wires_within(self, area: QRectF) -> list[str]:
        """Return the keys of wires whose bounds touch `area`."""
        return self._wire_set.within(area)

    def wires_of(self, node_id: str) -> frozenset[str]:
        """Return the keys of a node's wires."""
        return self._wire_set.of(node_id)

    def note_rect(self, note_id: str) -> QRectF:
        """Return a note's rectangle, drag offset included; it is never lower than its text."""
        note = self.notes[note_id]
        height = max(note.height, note_text_height(note.text, note.width))
        rect = QRectF(note.x, note.y, note.width, height)
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
            self.drag.begin(dragged, self._wire_set.keys_by_node)
            self.revision += 1
        self._apply_drag(offset)
        self.changed.emit()

    def _apply_drag(self, offset: QPointF) -> None:
        delta, self.drag.offset = offset - self.drag.offset, QPointF(offset)
        if delta.isNull():
            return
        for node_id in self.drag.ids & self.cards.keys():
            self.cards[node_id].rect.translate(delta)
        self._wire_set.follow_drag(delta)

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
            self.content.discard(node_id)
        rect = QRectF(*position, CARD_WIDTH, CARD_BOX)
        self.cards[node_id] = Card(node, description, rect, self._layout.colours.get(node_id, ""))
        self._place_card(node_id, position)

    def _place_card(self, node_id: str, position: tuple[float, float] | None = None) -> None:
        card = self.cards[node_id]
        x, y = (
            position or self._layout.positions.get(node_id) or self._layout_position(card, node_id)
        )
        ports = card.description.ports
        has_thumbnails = bool(self.thumbnails.shown_path(self.content.path(node_id)))
        rect = card_rect(x, y, len(ports.inputs), len(ports.outputs), has_thumbnails)
        card.rect = rect.translated(self.drag.offset_of(node_id))
        self._card_index.put(node_id, rect)

    def _layout_position(self, card: Card, node_id: str) -> tuple[float, float]:
        rect = card.rect.translated(-self.drag.offset_of(node_id))
        return rect.x(), rect.center().y() - CARD_BOX / 2

    def _remove_card(self, node_id: str) -> None:
        self.cards.pop(node_id, None)
        self.content.discard(node_id)
        self._card_index.discard(node_id)

    def _mark_changed(self) -> None:
        self.revision += 1
        self.changed.emit()


def _positions(graph: Graph, layout: Layout) -> Mapping[str, tuple[float, float]]:
    """Return the layout's positions; cards without one are arranged around the others."""
    if graph.nodes.keys() <= layout.positions.keys():
        return layout.positions
    from dlstudio.design.arrange.arrange import arrange

    return {**arrange(graph, keep=layout.positions), **layout.positions}
