"""Renames `Ref`s in values, or replaces them by what their names stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from dlstudio.design.editing.errors import EditError
from dlstudio.design.model.model import Graph, Node
from dlstudio.design.model.values import Ref, Value

RefReplacement = Callable[[Ref], Value]


def substitute(value: Value, values: Mapping[str, Value]) -> Value:
    """Return a value with every `Ref` to a name in `values` replaced.

    Raises:
        EditError: A division would leave a remainder.
    """
    return replace_refs(
        value, lambda ref: _scaled(ref, values[ref.name]) if ref.name in values else ref
    )


def replace_refs(value: Value, replacement: RefReplacement) -> Value:
    """Return a value with its `Ref`s replaced; the same object if nothing changes."""
    if isinstance(value, tuple):
        parts = tuple(replace_refs(part, replacement) for part in value)
        same = all(one is other for one, other in zip(parts, value, strict=True))
        return value if same else parts
    if isinstance(value, Mapping):
        replaced = {key: replace_refs(part, replacement) for key, part in value.items()}
        return value if all(replaced[key] is part for key, part in value.items()) else replaced
    return replacement(value) if isinstance(value, Ref) else value


def replace_node_refs(node: Node, replacement: RefReplacement) -> Node:
    """Return a node with the `Ref`s of its settings replaced; the same object if unchanged."""
    settings = replace_refs(node.settings, replacement)
    if settings is node.settings or not isinstance(settings, Mapping):
        return node
    return replace(node, settings=settings)


def replace_graph_refs(graph: Graph, replacement: RefReplacement) -> Graph:
    """Return a graph with the `Ref`s of all settings replaced; the same object if unchanged."""
    nodes = {node_id: replace_node_refs(node, replacement) for node_id, node in graph.nodes.items()}
    if all(nodes[node_id] is node for node_id, node in graph.nodes.items()):
        return graph
    return Graph(nodes, graph.edges)


def refs_in(value: Value) -> Iterator[Ref]:
    """Yield every `Ref` in a value."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, (tuple, Mapping)):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from refs_in(part)


def referenced_names(graph: Graph) -> frozenset[str]:
    """Return the names that the settings of a graph's nodes refer to."""
    return frozenset(ref.name for node in graph.nodes.values() for ref in refs_in(node.settings))


def _scaled(ref: Ref, base: Value) -> Value:
    if isinstance(base, Ref):
        return Ref(base.name, base.times * ref.times, base.divide * ref.divide)
    if isinstance(base, int) and ref.divide > 0 and base * ref.times % ref.divide == 0:
        return base * ref.times // ref.divide
    raise EditError(f"{ref.name} × {ref.times} / {ref.divide} is not an integer.")
