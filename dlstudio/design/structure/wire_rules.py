"""The rules for wires: which are allowed, why others are not, and the slot at which a wire ends.

The link tool, the commands, the edits, paste, the file format and the structure check all use these
rules. Uses ports, but no layer kinds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from dlstudio.design.model.identifiers import is_valid_id
from dlstudio.design.model.model import Edge, Graph, Node
from dlstudio.design.model.ports import Port, Ports

MAX_SLOTS = 10_000

PortLookup = Callable[[Node], Ports | None]
"""Returns the ports of a node, or None if its kind is unknown, so that they are not checked."""


class WireReason(StrEnum):
    """Why a wire is not valid."""

    NO_NODE = "no-node"
    ITSELF = "itself"
    BAD_END = "bad-end"
    NO_PORT = "no-port"
    CYCLE = "cycle"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a wire is not allowed, as an identifier and as a message.

    Attributes:
        node: Id of the node at the invalid end; empty if both ends are concerned.
    """

    reason: WireReason
    text: str
    node: str = ""


@dataclass(frozen=True, slots=True)
class MissingPort:
    """An end of a wire at a port that its node does not have; `available` lists its ports."""

    node: str
    port: str
    side: str
    available: tuple[str, ...]

    def text(self, name: str) -> str:
        """Return a message with the node's name."""
        if not self.available:
            return f"{name} has no {self.side}"
        return f"{name} has no {self.side} called {self.port!r}"


def unreadable_wire(nodes: Collection[str], edge: Edge) -> Refusal | None:
    """Return why a design cannot contain a wire between these nodes, or None if it can.

    A design can contain cycles, even of one layer, and wires at missing ports: files with such
    wires are opened, and the check reports them and offers to remove the wire.
    """
    for node_id in (edge.source, edge.target):
        if node_id not in nodes:
            text = f"There is no layer called {node_id!r} here"
            return Refusal(WireReason.NO_NODE, text, node_id)
    if is_valid_id(edge.source_port) and is_valid_id(edge.target_port) and edge.slot >= 0:
        return None
    text = "A wire must go from a named output to a named input"
    return Refusal(WireReason.BAD_END, text, edge.source)


def malformed_wire(
    graph: Graph, edge: Edge, name_of: Callable[[Node], str] | None = None
) -> Refusal | None:
    """Return why no edit may add a wire, whatever the ports of its layers, or None if one may."""
    refusal = unreadable_wire(graph.nodes, edge)
    if refusal is None and edge.source == edge.target:
        node = graph.nodes[edge.source]
        name = name_of(node) if name_of else node.title or node.id
        return Refusal(WireReason.ITSELF, f"{name} cannot feed itself", node.id)
    if refusal is None and edge.slot >= MAX_SLOTS:
        text = f"No input takes more than {MAX_SLOTS:,} wires"
        return Refusal(WireReason.BAD_END, text, edge.target)
    return refusal


def next_slot(wires: Iterable[Edge], target: str, port: str, replaced_key: str = "") -> int:
    """Return the slot after all wires of a variadic port, ignoring the one to be replaced."""
    slots = (
        wire.slot
        for wire in wires
        if (wire.target, wire.target_port) == (target, port) and wire.key != replaced_key
    )
    return max(slots, default=-1) + 1


def place_of(edge: Edge, port: Port) -> tuple[str, str, int]:
    """Return the node, port and slot where a wire ends; two wires must not share them."""
    return edge.target, edge.target_port, edge.slot if port.variadic else 0


class WireRules:
    """Checks wires of one graph; caches ancestors, so that checking many candidates is fast."""

    def __init__(
        self,
        graph: Graph,
        ports_of: PortLookup,
        title_of: Callable[[Node], str] = lambda node: node.title or node.id,
    ) -> None:
        """Index the graph; `title_of` returns the name of a node in messages."""
        self._graph = graph
        self._ports_of = ports_of
        self._title_of = title_of
        self._incoming: dict[str, list[Edge]] = {}
        for edge in graph.edges.values():
            self._incoming.setdefault(edge.target, []).append(edge)
        self._ports_cache: dict[str, Ports | None] = {}
        self._ancestor_cache: dict[str, set[str]] = {}
        self._title_counts = Counter((node.kind, node.title) for node in graph.nodes.values())

    def refusal(self, edge: Edge, replaced_key: str = "") -> Refusal | None:
        """Return why a wire is not allowed, or None if it is.

        Args:
            edge: The wire; its slot does not matter.
            replaced_key: Key of the wire that it replaces.
        """
        malformed = malformed_wire(self._graph, edge, self._name)
        if malformed is not None:
            return malformed
        for missing in self.missing_ports(edge):
            name = self._name(self._graph.nodes[missing.node])
            return Refusal(WireReason.NO_PORT, missing.text(name))
        source, target = (self._name(self._graph.nodes[end]) for end in (edge.source, edge.target))
        if edge.target in self._ancestors(edge.source):
            text = f"{target} already feeds {source}: this wire would close a cycle"
            return Refusal(WireReason.CYCLE, text)
        others = (wire for wire in self._wires_into(edge.target) if wire.key != replaced_key)
        if any(_ends(wire) == _ends(edge) for wire in others):
            return Refusal(WireReason.DUPLICATE, f"{source} is already wired to {target}")
        return None

    def with_slot(self, edge: Edge, replaced_key: str = "") -> Edge:
        """Return an allowed wire with its slot set to the next free one."""
        port = self._input_port(edge)
        if port is None or not port.variadic:
            return replace(edge, slot=0)
        wires = self._wires_into(edge.target)
        return replace(edge, slot=next_slot(wires, edge.target, edge.target_port, replaced_key))

    def missing_ports(self, edge: Edge) -> Iterator[MissingPort]:
        """Yield each end of a wire whose port does not exist."""
        for node_id, port, is_output in (
            (edge.source, edge.source_port, True),
            (edge.target, edge.target_port, False),
        ):
            ports = self._ports(node_id)
            if ports is None:
                continue
            names = tuple(known.name for known in (ports.outputs if is_output else ports.inputs))
            if port not in names:
                yield MissingPort(node_id, port, "output" if is_output else "input", names)

    def _input_port(self, edge: Edge) -> Port | None:
        ports = self._ports(edge.target)
        inputs = ports.inputs if ports is not None else ()
        return next((port for port in inputs if port.name == edge.target_port), None)

    def _ports(self, node_id: str) -> Ports | None:
        if node_id not in self._ports_cache:
            self._ports_cache[node_id] = self._ports_of(self._graph.nodes[node_id])
        return self._ports_cache[node_id]

    def _name(self, node: Node) -> str:
        """Return a node's title, or its id if several nodes have that title."""
        shared = self._title_counts[node.kind, node.title] > 1
        return node.id if shared else self._title_of(node)

    def _wires_into(self, node_id: str) -> list[Edge]:
        return self._incoming.get(node_id, [])

    def _ancestors(self, node_id: str) -> set[str]:
        if node_id not in self._ancestor_cache:
            ancestors: set[str] = set()
            pending = [node_id]
            while pending:
                for edge in self._wires_into(pending.pop()):
                    if edge.source not in ancestors:
                        ancestors.add(edge.source)
                        pending.append(edge.source)
            self._ancestor_cache[node_id] = ancestors
        return self._ancestor_cache[node_id]


def _ends(edge: Edge) -> tuple[str, str, str, str]:
    return edge.source, edge.source_port, edge.target, edge.target_port
