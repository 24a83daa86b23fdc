"""Graphs of known architectures and sizes, for tests of wiring and arrangement."""

from __future__ import annotations

import random
from collections.abc import Iterable

from dlstudio.design.model.identifiers import new_id
from dlstudio.design.model.model import TOP, Edge, Graph, Node, Project


class GraphBuilder:
    """Builds a graph node by node."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: dict[str, Edge] = {}

    def add(self, kind: str, *sources: str) -> str:
        node = Node(new_id(Project(self.graph), TOP, kind), kind)
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
    builder = GraphBuilder()
    builder.chain(builder.add("input"), *["relu"] * (length - 2), "output")
    return builder.graph


def resnet50() -> Graph:
    builder = GraphBuilder()
    node = builder.chain(builder.add("input"), "conv2d", "batch_norm2d", "relu", "max_pool2d")
    for blocks in (3, 4, 6, 3):
        for number in range(blocks):
            body = builder.chain(
                node,
                *("conv2d", "batch_norm2d", "relu", "conv2d", "batch_norm2d", "relu"),
                *("conv2d", "batch_norm2d"),
            )
            skip = node if number else builder.chain(node, "conv2d", "batch_norm2d")
            node = builder.chain(builder.add("add", body, skip), "relu")
    builder.chain(node, "adaptive_avg_pool2d", "flatten", "linear", "output")
    return builder.graph


def unet(depth: int = 4) -> Graph:
    builder = GraphBuilder()
    node = builder.add("input")
    skips = []
    for _ in range(depth):
        skips.append(builder.chain(node, "conv2d", "relu", "conv2d", "relu"))
        node = builder.chain(skips[-1], "max_pool2d")
    node = builder.chain(node, "conv2d", "relu")
    for skip in reversed(skips):
        up = builder.chain(node, "conv_transpose2d")
        node = builder.chain(builder.add("concatenate", up, skip), "conv2d", "relu")
    builder.chain(node, "conv2d", "output")
    return builder.graph


def inception(modules: int = 3) -> Graph:
    builder = GraphBuilder()
    node = builder.chain(builder.add("input"), "conv2d", "relu")
    for _ in range(modules):
        branches = (
            builder.chain(node, "conv2d"),
            builder.chain(node, "conv2d", "conv2d"),
            builder.chain(node, "conv2d", "conv2d", "conv2d"),
            builder.chain(node, "max_pool2d", "conv2d"),
        )
        node = builder.add("concatenate", *branches)
    builder.chain(node, "flatten", "linear", "output")
    return builder.graph


def densenet(layers: int = 6) -> Graph:
    builder = GraphBuilder()
    node = builder.chain(builder.add("input"), "conv2d")
    for _ in range(layers):
        features = builder.chain(node, "batch_norm2d", "relu", "conv2d")
        node = builder.add("concatenate", node, features)
    builder.chain(node, "flatten", "linear", "output")
    return builder.graph


def transformer(layers: int = 4) -> Graph:
    builder = GraphBuilder()
    node = builder.chain(builder.add("input"), "embedding")
    for _ in range(layers):
        attention = builder.chain(node, "layer_norm", "linear", "softmax", "linear")
        node = builder.add("add", node, attention)
        feed_forward = builder.chain(node, "layer_norm", "linear", "gelu", "linear", "dropout")
        node = builder.add("add", node, feed_forward)
    builder.chain(node, "layer_norm", "linear", "output")
    return builder.graph


def squeeze_and_excitation(blocks: int = 3) -> Graph:
    builder = GraphBuilder()
    node = builder.chain(builder.add("input"), "conv2d")
    for _ in range(blocks):
        body = builder.chain(node, "conv2d", "batch_norm2d", "relu", "conv2d")
        gate = builder.chain(body, "adaptive_avg_pool2d", "linear", "relu", "linear", "sigmoid")
        node = builder.add("add", node, builder.add("add", body, gate))
    builder.chain(node, "output")
    return builder.graph


def two_inputs() -> Graph:
    builder = GraphBuilder()
    image_branch = builder.chain(builder.add("input"), "conv2d", "relu", "flatten", "linear")
    row_branch = builder.chain(builder.add("input"), "linear")
    merged = builder.add("concatenate", image_branch, row_branch)
    builder.chain(merged, "linear", "output")
    builder.chain(merged, "linear", "relu", "output")
    builder.chain(builder.add("input"), "linear", "output")
    builder.add("relu")
    return builder.graph


def thousand() -> Graph:
    builder = GraphBuilder()
    node = builder.add("input")
    while len(builder.nodes) < 994:
        body = builder.chain(node, "conv2d", "batch_norm2d", "relu", "conv2d", "batch_norm2d")
        node = builder.chain(builder.add("add", body, node), "relu")
    builder.chain(node, "flatten", "linear", "output")
    return builder.graph


def random_graph(seed: int, count: int, max_sources: int = 3, reach: int = 12) -> Graph:
    """Return a random acyclic graph whose wires span up to `reach` earlier nodes."""
    rng = random.Random(seed)
    builder = GraphBuilder()
    nodes = [builder.add("input")]
    for _ in range(count - 1):
        sources = rng.sample(nodes[-reach:], min(len(nodes), rng.randint(1, max_sources)))
        nodes.append(builder.add("add" if len(sources) > 1 else "relu", *sources))
    return builder.graph


def series_parallel(seed: int, size: int) -> Graph:
    """Return a random graph of nested chains, branches and skips."""
    rng = random.Random(seed)
    builder = GraphBuilder()

    def grow(source: str, budget: int) -> str:
        while budget > 0:
            if budget < 4 or rng.random() < 0.5:
                source, budget = builder.add("relu", source), budget - 1
                continue
            sizes = [rng.randint(0, budget // 2) for _ in range(rng.randint(2, 3))]
            ends: Iterable[str] = [grow(source, branch_size) for branch_size in sizes]
            source, budget = builder.add("add", *dict.fromkeys(ends)), budget - sum(sizes) - 1
        return source

    builder.add("output", grow(builder.add("input"), size))
    return builder.graph
