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
        self._order = {each: number for number, each in enumerate(order)}
        self._positions = positions
        self._sources = {each: has.outputs[0].name for each, has in ports.items() if has.outputs}
        self._unused = [each for each in self._sources if each not in used]
        self._needy: dict[str, str] = {}
        for each, has in ports.items():
            open_ports = (p.name for p in has.inputs if not (p.optional or (each, p.name) in wired))
            if (first := next(open_ports, None)) is not None:
                self._needy[each] = first
        self._too_many = len(self._unused) + len(self._needy) > MOST_PAIRED

    def into(self, target: str, port: str, barred: Collection[str]) -> Repair | None:
        """Return the wire to a port: from an unused output, else from the card before it."""
        if self._too_many:
            return None
        unused = [each for each in self._unused if each not in barred]
        found = unused or [each for each in self._sources if each not in barred]
        source = self._nearest(found, target, before=True)
        return self._wire(source, target, port) if source else None

    def out_of(self, source: str, barred: Collection[str]) -> Repair | None:
        """Return the wire from a card to one that lacks an input."""
        if self._too_many or source not in self._sources:
            return None
        found = [each for each in self._needy if each not in barred]
        target = self._nearest(found, source, before=False)
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
        places = self._positions
        if here in places:
            beside = [
                each
                for each in found
                if each in places
                and places[each] != places[here]
                and (places[each][0] < places[here][0]) is before
            ]
            if beside:
                return min(beside, key=lambda each: dist(places[each], places[here]))
        rank = self._order
        ranked = [each for each in found if (rank[each] < rank[here]) is before] or found
        last_first = -1 if before else 1
        return min(ranked, key=lambda each: last_first * rank[each], default=None)
