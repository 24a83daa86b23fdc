"""`Ref`s in values led to other names, or exchanged for what the names stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from dlstudio.design.editing.errors import EditError
from dlstudio.design.model import Graph, Node
from dlstudio.design.values import Ref, Value

Exchange = Callable[[Ref], Value]


def put_in(value: Value, values: Mapping[str, Value]) -> Value:
    """Return a value with every `Ref` to a name in `values` exchanged for what it stands for.

    Raises:
        EditError: A division would leave a remainder.
    """
    return exchanged(
        value, lambda ref: _given(ref, values[ref.name]) if ref.name in values else ref
    )


def exchanged(value: Value, exchange: Exchange) -> Value:
    """Return a value with its `Ref`s exchanged; the same object where none changes."""
    if isinstance(value, tuple):
        parts = tuple(exchanged(part, exchange) for part in value)
        same = all(one is other for one, other in zip(parts, value, strict=True))
        return value if same else parts
    if isinstance(value, Mapping):
        replaced = {key: exchanged(part, exchange) for key, part in value.items()}
        return value if all(replaced[key] is part for key, part in value.items()) else replaced
    return exchange(value) if isinstance(value, Ref) else value


def with_refs(node: Node, exchange: Exchange) -> Node:
    """Return a node with the `Ref`s of its settings exchanged; the same one where none changes."""
    settings = exchanged(node.settings, exchange)
    if settings is node.settings or not isinstance(settings, Mapping):
        return node
    return replace(node, settings=settings)


def graph_with_refs(graph: Graph, exchange: Exchange) -> Graph:
    """Return a graph with the `Ref`s of all settings exchanged; the same where none changes."""
    nodes = {node_id: with_refs(node, exchange) for node_id, node in graph.nodes.items()}
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


def names_used(graph: Graph) -> frozenset[str]:
    """Return the names that the settings of a graph's nodes refer to."""
    return frozenset(ref.name for node in graph.nodes.values() for ref in refs_in(node.settings))


def _given(ref: Ref, given: Value) -> Value:
    if isinstance(given, Ref):
        return Ref(given.name, given.times * ref.times, given.divide * ref.divide)
    if isinstance(given, int) and ref.divide > 0 and given * ref.times % ref.divide == 0:
        return given * ref.times // ref.divide
    raise EditError(f"{ref.name} × {ref.times} / {ref.divide} is not a whole number.")
