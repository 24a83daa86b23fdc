"""Runs a part of a compiled network: from inner values on, or up to them.

A part shares the layers of the whole, so it needs no memory and always has the current weights.
Knows nothing about training.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import networkx as nx
from torch import Tensor, fx

from dlstudio.network.compile.compile import Binding, Component

Sizes = Mapping[fx.Node, int]


def output_node(component: Component, role: str) -> fx.Node | None:
    """Return the graph node of the first Output with a role, None if there is none."""
    for binding, node in zip(component.outputs, _output_nodes(component.module), strict=True):
        if binding.role == role:
            return node
    return None


def input_node(component: Component, role: str) -> fx.Node | None:
    """Return the graph node of the first Input with a role, None if there is none."""
    placeholders = (node for node in component.module.graph.nodes if node.op == "placeholder")
    pairs = zip(component.inputs, placeholders, strict=True)
    return next((node for binding, node in pairs if binding.role == role), None)


def layer_node(component: Component, path: str) -> fx.Node | None:
    """Return the graph node that calls the layer at `path`, None if there is none."""
    nodes = component.module.graph.nodes
    return next((node for node in nodes if node.op == "call_module" and node.target == path), None)


def extract(
    component: Component, input_nodes: Mapping[str, fx.Node], output_roles: Sequence[str]
) -> Component:
    """Return the part of a network that computes Outputs from given inner values.

    Args:
        component: The network.
        input_nodes: Nodes of its graph by the role of the new inputs that replace their values.
        output_roles: Roles of the Outputs to compute.

    Returns:
        A network whose first inputs are the new ones, followed by those of its own inputs that
        are still needed.

    Raises:
        ValueError: There is no Output of a requested role.
    """
    ends: dict[Binding, fx.Node] = {}
    for role in output_roles:
        node = output_node(component, role)
        if node is None:
            raise ValueError(f"this network has no output {role!r}")
        ends[Binding(str(node.target), role)] = node
    return _extract(component, input_nodes, ends)


def truncate_at(component: Component, node: fx.Node, role: str = "") -> Component:
    """Return the part of a network that ends with the value of an inner node."""
    return _extract(component, {}, {Binding(str(node.target), role): node})


def bottleneck(component: Component, inner: fx.Node, end: fx.Node) -> fx.Node | None:
    """Return the first node at or after `inner` that all paths to `end` pass through.

    Where a decoder reads `inner` directly that is `inner`; where it reads a sample around `inner`,
    the sample. None if a path bypasses it. Only inputs that reach `inner` count: a class that the
    decoder also receives is no bypass.
    """
    graph = nx.DiGraph()
    for node in component.module.graph.nodes:
        graph.add_node(node)
        graph.add_edges_from((source, node) for source in node.all_input_nodes)
    if end not in nx.descendants(graph, inner) | {inner}:
        return None
    before = nx.ancestors(graph, inner) | {inner}
    starts = [node for node in before if node.op == "placeholder"]
    graph.add_edges_from(("start", node) for node in starts)
    dominators = nx.immediate_dominators(graph, "start")
    behind = nx.descendants(graph, inner) | {inner}
    current = end
    first = None
    while current in behind:
        first, current = current, dominators[current]
    return first


def narrowest_node(
    component: Component, start: fx.Node, end: fx.Node, sizes: Sizes
) -> fx.Node | None:
    """Return the narrowest node that all paths from `start` to `end` pass through.

    Among equally narrow ones the last, which is what a decoder reads. None if none is smaller than
    `start`. Paths from other inputs are ignored.

    Args:
        component: The network.
        start: An input.
        end: A node computed from it.
        sizes: Number of values per sample of each node, as returned by `node_sizes`.
    """
    graph = nx.DiGraph()
    for node in component.module.graph.nodes:
        graph.add_edges_from((source, node) for source in node.all_input_nodes)
    if start not in graph or end not in nx.descendants(graph, start):
        return None
    dominators = nx.immediate_dominators(graph, start)
    best, current = start, dominators[end]
    while current is not start:
        if sizes.get(current, sizes[start]) < sizes[best]:
            best = current
        current = dominators[current]
    return None if best is start else best


def node_sizes(component: Component, *samples: Tensor) -> Sizes:
    """Return the number of values per sample of each node, by running the network."""
    interpreter = fx.Interpreter(component.module)
    interpreter.args_iter = iter(samples)  # its own `run` starts a thread for a progress bar
    sizes: dict[fx.Node, int] = {}
    for node in component.module.graph.nodes:
        value = interpreter.env[node] = interpreter.run_node(node)
        if isinstance(value, Tensor) and len(value):
            sizes[node] = value[0].numel()
    return sizes


def _output_nodes(module: fx.GraphModule) -> tuple[fx.Node, ...]:
    result = module.graph.output_node().args[0]
    nodes = result if isinstance(result, (tuple, list)) else (result,)
    return tuple(node for node in nodes if isinstance(node, fx.Node))


def _extract(
    component: Component, input_nodes: Mapping[str, fx.Node], ends: Mapping[Binding, fx.Node]
) -> Component:
    source_graph = component.module.graph
    needed = _needed_nodes(ends.values(), set(input_nodes.values()))
    graph = fx.Graph()
    values = {
        node: graph.placeholder(f"given_{index}") for index, node in enumerate(input_nodes.values())
    }
    bindings = [Binding(str(node.target), role) for role, node in input_nodes.items()]
    own = iter(component.inputs)
    for node in source_graph.nodes:
        binding = next(own) if node.op == "placeholder" else None
        if node not in needed or node in values:
            continue
        values[node] = graph.node_copy(node, values.__getitem__)
        if binding is not None:
            bindings.append(binding)
    results = tuple(values[node] for node in ends.values())
    graph.output(results[0] if len(results) == 1 else results)
    graph.lint()
    module = fx.GraphModule(component.module, graph)
    targets = {str(node.target) for node in graph.nodes if node.op == "call_module"}
    return Component(module, tuple(bindings), tuple(ends), component.frozen & targets)


def _needed_nodes(ends: Iterable[fx.Node], stop_at: set[fx.Node]) -> set[fx.Node]:
    """Return the nodes that the ends depend on, no further back than the given ones."""
    needed: set[fx.Node] = set()
    pending = list(ends)
    while pending:
        node = pending.pop()
        if node not in needed:
            needed.add(node)
            if node not in stop_at:
                pending.extend(node.all_input_nodes)
    return needed
