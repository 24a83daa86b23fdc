"""The wires of a scene: their curves follow the cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF

from dlstudio.design.model.model import Graph
from dlstudio.gui.canvas.scene.drag_offset import DragOffset, translate_curve
from dlstudio.gui.canvas.scene.geometry import curve_bounds, wire_curve
from dlstudio.gui.canvas.scene.scene_items import Card, Wire
from dlstudio.gui.canvas.scene.spatial_index import GridIndex


class WireSet:
    """Wires by edge key and by node, with a spatial index."""

    def __init__(self, cards: Mapping[str, Card], drag: DragOffset) -> None:
        """Connect `cards`, which are displayed moved by `drag`."""
        self._cards = cards
        self._drag = drag
        self.by_key: dict[str, Wire] = {}
        self.keys_by_node: dict[str, set[str]] = {}
        self._index: GridIndex[str] = GridIndex()

    def clear(self) -> None:
        self.by_key.clear()
        self.keys_by_node.clear()
        self._index.clear()

    def sync(self, old_graph: Graph, graph: Graph) -> None:
        """Remove and add wires where the edges of two graphs differ; cards are up to date."""
        for key in old_graph.edges.keys() - graph.edges.keys():
            self._remove(key)
        for key, edge in graph.edges.items():
            if old_graph.edges.get(key) is edge:
                continue
            if edge.source in self._cards and edge.target in self._cards:
                self.keys_by_node.setdefault(edge.source, set()).add(key)
                self.keys_by_node.setdefault(edge.target, set()).add(key)
                self.by_key[key] = Wire(edge, (QPointF(),) * 4)
                self._place(key)

    def follow_cards(self, ids: Iterable[str]) -> None:
        """Place the wires of cards that were moved or resized."""
        for key in {key for node_id in ids for key in self.keys_by_node.get(node_id, ())}:
            self._place(key)

    def follow_drag(self, delta: QPointF) -> None:
        """Display the wires of the dragged cards moved by `delta` more than before."""
        for key in self._drag.wires & self.by_key.keys():
            translate_curve(self.by_key[key].curve, delta)
        for key in self._drag.stretched_wires:
            self._place(key)

    def within(self, area: QRectF) -> list[str]:
        """Return the keys of wires whose bounds touch `area`."""
        return self._drag.within(self._index, area)

    def of(self, node_id: str) -> frozenset[str]:
        """Return the keys of a node's wires."""
        return frozenset(self.keys_by_node.get(node_id, ()))

    def _remove(self, key: str) -> None:
        wire = self.by_key.pop(key, None)
        self._index.discard(key)
        if wire is not None:
            self.keys_by_node.get(wire.edge.source, set()).discard(key)
            self.keys_by_node.get(wire.edge.target, set()).discard(key)

    def _place(self, key: str) -> None:
        wire = self.by_key.get(key)
        if wire is None:
            return
        edge = wire.edge
        if edge.source not in self._cards or edge.target not in self._cards:
            return
        wire.curve = wire_curve(
            self._cards[edge.source].port(edge.source_port, output=True),
            self._cards[edge.target].port(edge.target_port, output=False),
        )
        self._index.put(key, curve_bounds(wire.curve).translated(-self._drag.offset_of(key)))
