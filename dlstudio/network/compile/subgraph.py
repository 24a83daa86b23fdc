"""Selects the part of a checked network to compile, and splits it into components."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import networkx as nx

from dlstudio.network.check.inference import DesignAnalysis


@dataclass(frozen=True, slots=True)
class Subgraph:
    """Paths to build in order, upstream first; values of `inputs` come from outside."""

    order: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def select_subgraph(
    analysis: DesignAnalysis, inputs: Sequence[str], outputs: Sequence[str]
) -> Subgraph:
    """Return the nodes in between; empty `inputs` or `outputs` mean the design's own."""
    nodes = analysis.expanded.nodes
    ends = tuple(outputs) or tuple(
        path for path in analysis.topology.order if nodes[path].node.kind == "output"
    )
    stops = set(inputs)
    needed: set[str] = set()
    pending = list(ends)
    while pending:
        path = pending.pop()
        if path not in needed:
            needed.add(path)
            if path not in stops:
                pending.extend(analysis.topology.sources(path))
    order = tuple(path for path in analysis.topology.order if path in needed)
    design_inputs = (path for path in order if path in stops or nodes[path].node.kind == "input")
    starts = (*(path for path in inputs if path in needed), *design_inputs)
    return Subgraph(order, tuple(dict.fromkeys(starts)), ends)


def connected_subgraphs(analysis: DesignAnalysis, subgraph: Subgraph) -> Iterable[Subgraph]:
    """Yield the connected components of a subgraph, in the order of their first node."""
    graph = nx.Graph()
    graph.add_nodes_from(subgraph.order)
    for path in subgraph.order:
        if path not in subgraph.inputs:
            graph.add_edges_from((source, path) for source in analysis.topology.sources(path))
    for paths in nx.connected_components(graph):
        yield Subgraph(
            tuple(path for path in subgraph.order if path in paths),
            tuple(path for path in subgraph.inputs if path in paths),
            tuple(path for path in subgraph.outputs if path in paths),
        )
