"""Graphs of well-known shapes and sizes, for tests of wiring and arrangement."""

from __future__ import annotations

import random
from collections.abc import Iterable

from dlstudio.design.identifiers import new_id
from dlstudio.design.model import Edge, Graph, Node


class Drawing:
    """A graph that grows."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: dict[str, Edge] = {}

    def add(self, kind: str, *sources: str) -> str:
        node = Node(new_id(self.graph, kind), kind)
        self.nodes[node.id] = node
        for slot, source in enumerate(sources):
            port = "inputs" if kind in {"add", "concatenate"} else "input"
            edge = Edge(source, node.id, "output", port, slot)
            self.edges[edge.key] = edge
        return node.id

    def chain(self, source: str, *kinds: str) -> str:
        for kind in kinds:
            source = self.add(kind, source)
        return source

    @property
    def graph(self) -> Graph:
        return Graph(self.nodes, self.edges)


def chain(length: int) -> Graph:
    drawing = Drawing()
    drawing.chain(drawing.add("input"), *["relu"] * (length - 2), "output")
    return drawing.graph


def resnet50() -> Graph:
    drawing = Drawing()
    here = drawing.chain(drawing.add("input"), "conv2d", "batch_norm2d", "relu", "max_pool2d")
    for blocks in (3, 4, 6, 3):
        for number in range(blocks):
            body = drawing.chain(
                here,
                *("conv2d", "batch_norm2d", "relu", "conv2d", "batch_norm2d", "relu"),
                *("conv2d", "batch_norm2d"),
            )
            skip = here if number else drawing.chain(here, "conv2d", "batch_norm2d")
            here = drawing.chain(drawing.add("add", body, skip), "relu")
    drawing.chain(here, "adaptive_avg_pool2d", "flatten", "linear", "output")
    return drawing.graph


def unet(depth: int = 4) -> Graph:
    drawing = Drawing()
    here = drawing.add("input")
    skips = []
    for _ in range(depth):
        skips.append(drawing.chain(here, "conv2d", "relu", "conv2d", "relu"))
        here = drawing.chain(skips[-1], "max_pool2d")
    here = drawing.chain(here, "conv2d", "relu")
    for skip in reversed(skips):
        up = drawing.chain(here, "conv_transpose2d")
        here = drawing.chain(drawing.add("concatenate", up, skip), "conv2d", "relu")
    drawing.chain(here, "conv2d", "output")
    return drawing.graph


def inception(modules: int = 3) -> Graph:
    drawing = Drawing()
    here = drawing.chain(drawing.add("input"), "conv2d", "relu")
    for _ in range(modules):
        branches = (
            drawing.chain(here, "conv2d"),
            drawing.chain(here, "conv2d", "conv2d"),
            drawing.chain(here, "conv2d", "conv2d", "conv2d"),
            drawing.chain(here, "max_pool2d", "conv2d"),
        )
        here = drawing.add("concatenate", *branches)
    drawing.chain(here, "flatten", "linear", "output")
    return drawing.graph


def densenet(layers: int = 6) -> Graph:
    drawing = Drawing()
    here = drawing.chain(drawing.add("input"), "conv2d")
    for _ in range(layers):
        grown = drawing.chain(here, "batch_norm2d", "relu", "conv2d")
        here = drawing.add("concatenate", here, grown)
    drawing.chain(here, "flatten", "linear", "output")
    return drawing.graph


def transformer(layers: int = 4) -> Graph:
    drawing = Drawing()
    here = drawing.chain(drawing.add("input"), "embedding")
    for _ in range(layers):
        attended = drawing.chain(here, "layer_norm", "linear", "softmax", "linear")
        here = drawing.add("add", here, attended)
        fed = drawing.chain(here, "layer_norm", "linear", "gelu", "linear", "dropout")
        here = drawing.add("add", here, fed)
    drawing.chain(here, "layer_norm", "linear", "output")
    return drawing.graph


def squeeze_and_excitation(blocks: int = 3) -> Graph:
    drawing = Drawing()
    here = drawing.chain(drawing.add("input"), "conv2d")
    for _ in range(blocks):
        body = drawing.chain(here, "conv2d", "batch_norm2d", "relu", "conv2d")
        gate = drawing.chain(body, "adaptive_avg_pool2d", "linear", "relu", "linear", "sigmoid")
        here = drawing.add("add", here, drawing.add("add", body, gate))
    drawing.chain(here, "output")
    return drawing.graph


def two_inputs() -> Graph:
    drawing = Drawing()
    one = drawing.chain(drawing.add("input"), "conv2d", "relu", "flatten", "linear")
    two = drawing.chain(drawing.add("input"), "linear")
    joined = drawing.add("concatenate", one, two)
    drawing.chain(joined, "linear", "output")
    drawing.chain(joined, "linear", "relu", "output")
    drawing.chain(drawing.add("input"), "linear", "output")
    drawing.add("relu")
    return drawing.graph


def thousand() -> Graph:
    drawing = Drawing()
    here = drawing.add("input")
    while len(drawing.nodes) < 994:
        body = drawing.chain(here, "conv2d", "batch_norm2d", "relu", "conv2d", "batch_norm2d")
        here = drawing.chain(drawing.add("add", body, here), "relu")
    drawing.chain(here, "flatten", "linear", "output")
    return drawing.graph


def random_graph(seed: int, count: int, most_sources: int = 3, reach: int = 12) -> Graph:
    """Return a graph without circles in which wires span up to `reach` earlier nodes."""
    chance = random.Random(seed)
    drawing = Drawing()
    known = [drawing.add("input")]
    for _ in range(count - 1):
        sources = chance.sample(known[-reach:], min(len(known), chance.randint(1, most_sources)))
        known.append(drawing.add("add" if len(sources) > 1 else "relu", *sources))
    return drawing.graph


def series_parallel(seed: int, size: int) -> Graph:
    """Return a random graph made of chains, branches and skips nested in each other."""
    chance = random.Random(seed)
    drawing = Drawing()

    def grow(source: str, budget: int) -> str:
        while budget > 0:
            if budget < 4 or chance.random() < 0.5:
                source, budget = drawing.add("relu", source), budget - 1
                continue
            parts = [chance.randint(0, budget // 2) for _ in range(chance.randint(2, 3))]
            ends: Iterable[str] = [grow(source, part) for part in parts]
            source, budget = drawing.add("add", *dict.fromkeys(ends)), budget - sum(parts) - 1
        return source

    drawing.add("output", grow(drawing.add("input"), size))
    return drawing.graph
