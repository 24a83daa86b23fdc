"""Suggests wires between unconnected ports of a graph."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import islice
from math import dist

from dlstudio.design.model.canvas_metrics import Position
from dlstudio.design.model.model import Edge, Graph
from dlstudio.design.model.ports import Ports
from dlstudio.design.model.problems import Repair

MAX_OPEN_CARDS = 200
"""With more unconnected cards than this, no suggestions are made."""
MAX_SUGGESTIONS = 12
"""Wires suggested for one port; the check keeps the first whose signal fits."""


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
        inputs: Collection[str] = (),
    ) -> None:
        """Collect outputs without a wire and required inputs without a wire.

        `inputs` are the cards through which data enters, from which wires come last.
        """
        self._inputs = frozenset(inputs)
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
        self._unused_outputs = {node_id for node_id in self._output_ports if node_id not in used}
        self._missing_inputs: dict[str, str] = {}
        for node_id, node_ports in ports.items():
            open_ports = (
                p.name for p in node_ports.inputs if not (p.optional or (node_id, p.name) in wired)
            )
            if (first := next(open_ports, None)) is not None:
                self._missing_inputs[node_id] = first
        self._too_many = len(self._unused_outputs) + len(self._missing_inputs) > MAX_OPEN_CARDS

    def for_input(self, target: str, port: str, excluded: Collection[str]) -> tuple[Repair, ...]:
        """Return wires to a port, best first.

        They come from the left: from ends of chains, then from outputs in use, from an Input last.
        """
        if self._too_many:
            return ()
        candidates = [node_id for node_id in self._output_ports if node_id not in excluded]
        ends = [node_id for node_id in candidates if node_id in self._unused_outputs]
        near_ends, far_ends = self._by_distance(ends, target, before=True)
        near, far = self._by_distance(candidates, target, before=True)
        ranked = dict.fromkeys((*near_ends, *near, *far_ends, *far))
        return tuple(
            self._suggestion(source, target, port) for source in islice(ranked, MAX_SUGGESTIONS)
        )

    def for_output(self, source: str, excluded: Collection[str]) -> tuple[Repair, ...]:
        """Return wires from a card to one with a missing input, best first."""
        if self._too_many or source not in self._output_ports:
            return ()
        candidates = [node_id for node_id in self._missing_inputs if node_id not in excluded]
        near, far = self._by_distance(candidates, source, before=False)
        return tuple(
            self._suggestion(source, target, self._missing_inputs[target])
            for target in (*near, *far)[:MAX_SUGGESTIONS]
        )

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

    def _by_distance(
        self, candidates: Collection[str], anchor: str, *, before: bool
    ) -> tuple[list[str], list[str]]:
        """Return the candidates on the expected side of a card, nearest first, and the others.

        The inputs of the network come last on that side.
        """
        positions, rank = self._positions, self._order
        anchored = anchor in positions

        def is_on_side(node_id: str) -> bool:
            if not anchored or node_id not in positions:
                return False
            return (
                positions[node_id] != positions[anchor]
                and (positions[node_id][0] < positions[anchor][0]) is before
            )

        on_side = [node_id for node_id in candidates if is_on_side(node_id)]
        on_side.sort(
            key=lambda node_id: (
                node_id in self._inputs,
                dist(positions[node_id], positions[anchor]),
            )
        )
        sign = -1 if before else 1
        others = [node_id for node_id in candidates if node_id not in on_side]
        others.sort(
            key=lambda node_id: (
                (rank[node_id] < rank[anchor]) is not before,
                sign * rank[node_id],
            )
        )
        return on_side, others
