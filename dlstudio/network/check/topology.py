"""Topological order and incoming wires of an expanded network. Does not import torch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from dlstudio.design.model.model import Edge


@dataclass(frozen=True, slots=True)
class Topology:
    """The wiring of an expanded network.

    Attributes:
        order: Paths in topological order. It does not depend on the order of storage, so that
            sums over layers are rounded equally; nodes on or after a cycle are missing.
        incoming: Wires by target path and port, in slot order.
        blocked: Nodes on or after a cycle, with the path of a node on that cycle.
    """

    order: tuple[str, ...]
    incoming: Mapping[str, Mapping[str, tuple[Edge, ...]]]
    blocked: Mapping[str, str]

    def wires(self, path: str, port: str) -> tuple[Edge, ...]:
        """Return the wires that end at a port, in slot order."""
        return self.incoming.get(path, _NO_PORTS).get(port, ())

    def sources(self, path: str) -> list[str]:
        """Return the paths of the nodes that feed a node."""
        ports = self.incoming.get(path, _NO_PORTS)
        return [edge.source for wires in ports.values() for edge in wires]


_NO_PORTS: Mapping[str, tuple[Edge, ...]] = {}


def _natural_key(path: str) -> tuple[tuple[int, str], ...]:
    """Return a sort key that puts `conv2d_2` before `conv2d_10`."""
    parts = re.split(r"(\d+)", path)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def build_topology(paths: Sequence[str], edges: Iterable[Edge]) -> Topology:
    """Return the wiring of these nodes; wires to or from unknown nodes are ignored."""
    known = set(paths)
    ports: dict[str, dict[str, list[Edge]]] = {}
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(paths, ()))
    for edge in edges:
        if edge.source in known and edge.target in known:
            ports.setdefault(edge.target, {}).setdefault(edge.target_port, []).append(edge)
            sorter.add(edge.target, edge.source)
    incoming = {
        path: {port: tuple(sorted(wires, key=_slot)) for port, wires in by_port.items()}
        for path, by_port in ports.items()
    }
    cycle: Sequence[str] = ()
    try:
        sorter.prepare()
    except CycleError as error:
        cycle = error.args[1]
    order: list[str] = []
    while ready := sorter.get_ready():
        order.extend(sorted(ready, key=_natural_key))
        sorter.done(*ready)
    culprit = min(cycle) if cycle else ""
    stuck = dict.fromkeys(sorted(known.difference(order)), culprit)
    return Topology(tuple(order), incoming, stuck)


def _slot(edge: Edge) -> int:
    return edge.slot
