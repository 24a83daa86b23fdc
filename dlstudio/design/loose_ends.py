"""Which open ends of a graph belong together: the wires that were most likely meant."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import dist

from dlstudio.design.layout import Position
from dlstudio.design.model import Edge, Graph
from dlstudio.design.ports import Ports
from dlstudio.design.problems import Repair

MOST_PAIRED = 200
"""Cards with open ends; among more than these no wire is likelier than another."""


class LooseEnds:
    """The open ends of one graph, and the wires that would join them.

    Cards stand in reading order: by their places on the canvas where these are known, else by the
    order of the graph.
    """

    def __init__(
        self,
        graph: Graph,
        ports: Mapping[str, Ports],
        order: Collection[str],
        positions: Mapping[str, Position],
    ) -> None:
        """Look for outputs that feed nothing, and for inputs that need a wire and have none."""
        used = {edge.source for edge in graph.edges.values()}
        wired = {(edge.target, edge.target_port) for edge in graph.edges.values()}
        self._graph = graph
        self._ports = ports
        self._order = {node_id: number for number, node_id in enumerate(order)}
        self._positions = positions
        self._sources = {
            node_id: node_ports.outputs[0].name
            for node_id, node_ports in ports.items()
            if node_ports.outputs
        }
        self._unused = [node_id for node_id in self._sources if node_id not in used]
        self._needy: dict[str, str] = {}
        for node_id, node_ports in ports.items():
            open_ports = (
                p.name for p in node_ports.inputs if not (p.optional or (node_id, p.name) in wired)
            )
            if (first := next(open_ports, None)) is not None:
                self._needy[node_id] = first
        self._too_many = len(self._unused) + len(self._needy) > MOST_PAIRED

    def into(self, target: str, port: str, barred: Collection[str]) -> Repair | None:
        """Return the wire to a port: from an unused output, else from the card before it."""
        if self._too_many:
            return None
        unused = [node_id for node_id in self._unused if node_id not in barred]
        candidates = unused or [node_id for node_id in self._sources if node_id not in barred]
        source = self._nearest(candidates, target, before=True)
        return self._wire(source, target, port) if source else None

    def out_of(self, source: str, barred: Collection[str]) -> Repair | None:
        """Return the wire from a card to one that lacks an input."""
        if self._too_many or source not in self._sources:
            return None
        candidates = [node_id for node_id in self._needy if node_id not in barred]
        target = self._nearest(candidates, source, before=False)
        return self._wire(source, target, self._needy[target]) if target else None

    def _wire(self, source: str, target: str, port: str) -> Repair:
        edge = Edge(source, target, self._sources[source], port)
        name = self._name(target)
        if len(self._ports[target].inputs) > 1:
            name = f"“{port}” of {name}"
        arguments = {
            "source": edge.source,
            "target": edge.target,
            "source_port": edge.source_port,
            "target_port": edge.target_port,
        }
        return Repair(f"Wire {self._name(source)} to {name}", "connect", arguments)

    def _name(self, node_id: str) -> str:
        return self._graph.nodes[node_id].title or node_id

    def _nearest(self, found: Collection[str], here: str, *, before: bool) -> str | None:
        positions = self._positions
        if here in positions:
            on_side = [
                node_id
                for node_id in found
                if node_id in positions
                and positions[node_id] != positions[here]
                and (positions[node_id][0] < positions[here][0]) is before
            ]
            if on_side:
                return min(on_side, key=lambda node_id: dist(positions[node_id], positions[here]))
        rank = self._order
        ranked = [node_id for node_id in found if (rank[node_id] < rank[here]) is before] or found
        sign = -1 if before else 1
        return min(ranked, key=lambda node_id: sign * rank[node_id], default=None)
