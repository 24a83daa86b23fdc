"""Suggests wires between unconnected ports of a graph."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import dist

from dlstudio.design.model.canvas_metrics import Position
from dlstudio.design.model.model import Edge, Graph
from dlstudio.design.model.ports import Ports
from dlstudio.design.model.problems import Repair

MAX_OPEN_CARDS = 200
"""With more unconnected cards than this, no suggestions are made."""


class WireSuggestions:
    """The unconnected ports of one graph, and the wires that would connect them.

    Cards are in reading order: by canvas position if known, otherwise by order in the graph.
    """

    def __init__(
        self,
        graph: Graph,
        ports: Mapping[str, Ports],
        order: Collection[str],
        positions: Mapping[str, Position],
    ) -> None:
        """Collect outputs without a wire and required inputs without a wire."""
        used = {edge.source for edge in graph.edges.values()}
        wired = {(edge.target, edge.target_port) for edge in graph.edges.values()}
        self._graph = graph
        self._ports = ports
        self._order = {node_id: number for number, node_id in enumerate(order)}
        self._positions = positions
        self._output_ports = {
            node_id: node_ports.outputs[0].name
            for node_id, node_ports in ports.items()
            if node_ports.outputs
        }
        self._unused_outputs = [node_id for node_id in self._output_ports if node_id not in used]
        self._missing_inputs: dict[str, str] = {}
        for node_id, node_ports in ports.items():
            open_ports = (
                p.name for p in node_ports.inputs if not (p.optional or (node_id, p.name) in wired)
            )
            if (first := next(open_ports, None)) is not None:
                self._missing_inputs[node_id] = first
        self._too_many = len(self._unused_outputs) + len(self._missing_inputs) > MAX_OPEN_CARDS

    def for_input(self, target: str, port: str, excluded: Collection[str]) -> Repair | None:
        """Return a wire to a port: from an unused output, otherwise from the preceding card."""
        if self._too_many:
            return None
        unused = [node_id for node_id in self._unused_outputs if node_id not in excluded]
        candidates = unused or [
            node_id for node_id in self._output_ports if node_id not in excluded
        ]
        source = self._nearest(candidates, target, before=True)
        return self._suggestion(source, target, port) if source else None

    def for_output(self, source: str, excluded: Collection[str]) -> Repair | None:
        """Return a wire from a card to one with a missing input."""
        if self._too_many or source not in self._output_ports:
            return None
        candidates = [node_id for node_id in self._missing_inputs if node_id not in excluded]
        target = self._nearest(candidates, source, before=False)
        return self._suggestion(source, target, self._missing_inputs[target]) if target else None

    def _suggestion(self, source: str, target: str, port: str) -> Repair:
        edge = Edge(source, target, self._output_ports[source], port)
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

    def _nearest(self, candidates: Collection[str], anchor: str, *, before: bool) -> str | None:
        positions = self._positions
        if anchor in positions:
            on_side = [
                node_id
                for node_id in candidates
                if node_id in positions
                and positions[node_id] != positions[anchor]
                and (positions[node_id][0] < positions[anchor][0]) is before
            ]
            if on_side:
                return min(on_side, key=lambda node_id: dist(positions[node_id], positions[anchor]))
        rank = self._order
        ranked = [
            node_id for node_id in candidates if (rank[node_id] < rank[anchor]) is before
        ] or candidates
        sign = -1 if before else 1
        return min(ranked, key=lambda node_id: sign * rank[node_id], default=None)
