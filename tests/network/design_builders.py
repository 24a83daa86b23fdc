"""Builders of designs for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.design.model.signals import DatasetInfo, Signal

IMAGES = DatasetInfo(
    inputs={"samples": Signal((1, 8, 8), "float32", "picture")},
    target=Signal((), "int64", "class"),
    numbers={"classes": 10, "features": 64},
    class_names=tuple("0123456789"),
    samples={"train": 1000, "validation": 200, "test": 200},
)
ROWS = DatasetInfo(
    inputs={"samples": Signal((12,), "float32", "features")},
    target=Signal((), "int64", "class"),
    numbers={"classes": 3, "features": 12},
    class_names=("a", "b", "c"),
    samples={"train": 100, "validation": 20, "test": 20},
)

Layer = tuple[str, str, Mapping[str, Any]]
"""A layer's id, kind and settings."""


def chain(*layers: Layer) -> Project:
    """Return a chain of Input, these layers and Output."""
    all_layers = [("input_1", "input", {}), *layers, ("output_1", "output", {})]
    ids = [layer[0] for layer in all_layers]
    return build_design(all_layers, pairwise(ids))


def build_design(layers: Iterable[Layer], wires: Iterable[tuple[Any, ...]]) -> Project:
    """Return a design of layers and wires `(source, target)` or `(source, target, slot)`.

    Wires to merging layers go to their port `inputs`.
    """
    nodes = {name: Node(name, kind, dict(settings)) for name, kind, settings in layers}
    edges = {}
    for source, target, *slot in wires:
        merging = nodes[target].kind in {"add", "multiply", "concatenate"}
        port = "inputs" if merging else "input"
        edge = Edge(source, target, "output", port, *slot)
        edges[edge.key] = edge
    return Project(graph=Graph(nodes, edges))
