"""Which wires are valid between the cards of one graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from dlstudio.design.model.model import Edge, Graph, Project
from dlstudio.design.model.ports import Port
from dlstudio.gui.canvas.model.node_description import NodeDescription, describe_node


class LinkError(ValueError):
    """The wire is not valid; the message gives the reason."""


class LinkRules:
    """Checks wires of one graph; caches ancestors, so that many candidates are cheap."""

    def __init__(
        self,
        project: Project,
        graph: Graph,
        descriptions: Mapping[str, NodeDescription] | None = None,
    ) -> None:
        """Read the graph; `descriptions` are reused in place of describing nodes again."""
        self._project = project
        self._graph = graph
        self._descriptions = dict(descriptions or {})
        self._incoming: dict[str, list[Edge]] = {}
        for edge in graph.edges.values():
            self._incoming.setdefault(edge.target, []).append(edge)
        self._ancestor_cache: dict[str, set[str]] = {}
        self._title_counts = Counter((node.kind, node.title) for node in graph.nodes.values())

    def check(self, edge: Edge, replaced_key: str = "") -> Edge:
        """Return the wire with its slot assigned.

        Args:
            edge: The requested wire; its slot is ignored.
            replaced_key: Key of the wire it replaces.

        Raises:
            LinkError: The wire is not valid.
        """
        source, target = self._description(edge.source), self._description(edge.target)
        if edge.source == edge.target:
            raise LinkError(f"{self._name(edge.source)} cannot feed itself")
        names = self._name(edge.source), self._name(edge.target)
        _require_port(names[0], source.ports.outputs, edge.source_port, "output")
        port = _require_port(names[1], target.ports.inputs, edge.target_port, "input")
        if edge.target in self._ancestors(edge.source):
            raise LinkError(f"{names[1]} already feeds {names[0]}: this would be a cycle")
        others = [
            other for other in self._incoming.get(edge.target, ()) if other.key != replaced_key
        ]
        if any(_ends(other) == _ends(edge) for other in others):
            raise LinkError(f"{names[0]} is already wired to {names[1]}")
        used_slots = {other.slot for other in others if other.target_port == edge.target_port}
        slot = max(used_slots, default=-1) + 1 if port.variadic else 0
        return replace(edge, slot=slot)

    def is_allowed(self, edge: Edge, replaced_key: str = "") -> bool:
        """Return whether `check` accepts the wire."""
        try:
            self.check(edge, replaced_key)
        except LinkError:
            return False
        return True

    def _description(self, node_id: str) -> NodeDescription:
        node = self._graph.nodes.get(node_id)
        if node is None:
            raise LinkError(f"there is no node called {node_id!r} here")
        if node_id not in self._descriptions:
            self._descriptions[node_id] = describe_node(self._project, self._graph, node)
        return self._descriptions[node_id]

    def _name(self, node_id: str) -> str:
        """Return a card's title, or its id if several cards have that title."""
        node = self._graph.nodes[node_id]
        shared = self._title_counts[node.kind, node.title] > 1
        return node_id if shared else self._description(node_id).title

    def _ancestors(self, node_id: str) -> set[str]:
        if node_id not in self._ancestor_cache:
            ancestors: set[str] = set()
            pending = [node_id]
            while pending:
                for edge in self._incoming.get(pending.pop(), ()):
                    if edge.source not in ancestors:
                        ancestors.add(edge.source)
                        pending.append(edge.source)
            self._ancestor_cache[node_id] = ancestors
        return self._ancestor_cache[node_id]


def _require_port(owner: str, ports: tuple[Port, ...], name: str, side: str) -> Port:
    for port in ports:
        if port.name == name:
            return port
    if not ports:
        raise LinkError(f"{owner} has no {side}")
    raise LinkError(f"{owner} has no {side} called {name!r}")


def _ends(edge: Edge) -> tuple[str, str, str, str]:
    return edge.source, edge.source_port, edge.target, edge.target_port
