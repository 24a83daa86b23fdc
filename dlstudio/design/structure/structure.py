"""Checks the wiring of one graph, apart from shapes. Uses ports, but no layer kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from dlstudio.design.model.canvas_metrics import Position
from dlstudio.design.model.model import Edge, Graph, Node
from dlstudio.design.model.ports import Port, Ports
from dlstudio.design.model.problems import Problem, Repair, error, incomplete
from dlstudio.design.model.short_texts import compact, short_enough
from dlstudio.design.structure.cycles import (
    cycle_closing_wires,
    cyclic_components,
    topological_order,
)
from dlstudio.design.structure.wire_rules import PortLookup, WireRules, place_of
from dlstudio.design.structure.wire_suggestions import WireSuggestions

__all__ = ["downstream", "structure_problems", "topological_order"]

NodePredicate = Callable[[Node], bool]
IncomingEdges = Mapping[tuple[str, str], list[Edge]]


def structure_problems(
    graph: Graph,
    ports_of: PortLookup,
    is_input: NodePredicate,
    is_output: NodePredicate,
    positions: Mapping[str, Position] | None = None,
) -> list[Problem]:
    """Return the wiring problems of one scope; fixes leave `scope` and `node` to the caller.

    Args:
        graph: The nodes and wires of the scope.
        ports_of: Returns the ports of a node, or None if its kind is unknown (not checked then).
        is_input: Whether a node is an entry for data.
        is_output: Whether a node is an output of the network.
        positions: Card positions, if known; they decide which wire is suggested first.
    """
    if not graph.nodes:
        text = "There is nothing here yet. Drag an Input, some layers and an Output here."
        return [incomplete("empty", "The network is empty", text)]
    incoming: dict[tuple[str, str], list[Edge]] = {}
    for edge in graph.edges.values():
        incoming.setdefault((edge.target, edge.target_port), []).append(edge)
    outputs = [node for node in graph.nodes.values() if is_output(node)]
    order = topological_order(graph)
    known = {
        node_id: ports for node_id in order if (ports := ports_of(graph.nodes[node_id])) is not None
    }
    inputs = [node.id for node in graph.nodes.values() if is_input(node)]
    suggestions = WireSuggestions(graph, known, order, positions or {}, inputs)
    problems = list(_input_problems(graph, ports_of, is_input))
    problems += _port_problems(graph, known, incoming, suggestions)
    problems += _cycle_problems(graph)
    problems += _output_problems(graph, known, outputs, suggestions)
    return problems


def downstream(graph: Graph, ids: Iterable[str]) -> frozenset[str]:
    """Return these nodes and everything downstream of them."""
    successors: dict[str, list[str]] = {}
    for edge in graph.edges.values():
        successors.setdefault(edge.source, []).append(edge.target)
    return _reachable(successors, ids)


def upstream(graph: Graph, ids: Iterable[str]) -> frozenset[str]:
    """Return these nodes and everything upstream of them."""
    predecessors: dict[str, list[str]] = {}
    for edge in graph.edges.values():
        predecessors.setdefault(edge.target, []).append(edge.source)
    return _reachable(predecessors, ids)


def _reachable(neighbours: Mapping[str, list[str]], ids: Iterable[str]) -> frozenset[str]:
    waiting = list(ids)
    reached = set(waiting)
    while waiting:
        for node_id in neighbours.get(waiting.pop(), ()):
            if node_id not in reached:
                reached.add(node_id)
                waiting.append(node_id)
    return frozenset(reached)


def _display_name(node: Node) -> str:
    return node.title or node.id


def _input_problems(
    graph: Graph, ports_of: PortLookup, is_input: NodePredicate
) -> Iterator[Problem]:
    if any(is_input(node) for node in graph.nodes.values()):
        return
    wired = {(edge.target, edge.target_port) for edge in graph.edges.values()}
    repair = Repair("Add an Input", "add_node", {"kind": "input"})
    for node_id in topological_order(graph):
        ports = ports_of(graph.nodes[node_id])
        open_ports = [p for p in ports.inputs if (node_id, p.name) not in wired] if ports else []
        if open_ports:
            title = f"Add an Input before {_display_name(graph.nodes[node_id])}"
            arguments = {"node": node_id, "port": open_ports[0].name, "kind": "input"}
            repair = Repair(title, "insert_before", arguments)
            break
    text = "The network has no Input, so no data comes in. Add one and wire it to the first layer."
    yield incomplete("no-input", "No Input", text, repair)


def _port_problems(
    graph: Graph,
    node_ports: Mapping[str, Ports],
    incoming: IncomingEdges,
    suggestions: WireSuggestions,
) -> Iterator[Problem]:
    for node in graph.nodes.values():
        for port in node_ports[node.id].inputs if node.id in node_ports else ():
            wires = incoming.get((node.id, port.name), [])
            if not wires and not port.optional:
                is_only = len(node_ports[node.id].inputs) == 1
                needed = "needs an input" if is_only else _needed(port)
                yield _unconnected_problem(graph, node, port, needed, suggestions)
            elif len(wires) > 1:
                yield from _surplus_wire_problems(node, port, wires)
    rules = WireRules(graph, lambda node: node_ports.get(node.id))
    for edge in graph.edges.values():
        yield from _unknown_port_problems(graph, edge, rules)


def _unconnected_problem(
    graph: Graph, node: Node, port: Port, needed: str, suggestions: WireSuggestions
) -> Problem:
    text = f"Draw a wire to “{port.name}” from the layer that provides its input."
    wires = suggestions.for_input(node.id, port.name, excluded=downstream(graph, [node.id]))
    return incomplete(
        "unconnected-port",
        f"“{port.name}” of {_display_name(node)} is not connected",
        text,
        *wires,
        path=node.id,
        port=port.name,
        short=needed,
    )


def _needed(port: Port) -> str:
    """Return for a card what an unconnected port needs: `needs a query`."""
    return short_enough(f"needs {port.name.replace('_', ' ')}", "needs an input")


def _surplus_wire_problems(node: Node, port: Port, wires: list[Edge]) -> Iterator[Problem]:
    first_wires: dict[tuple[str, str, int], Edge] = {}
    for edge in wires:
        first_wires.setdefault(place_of(edge, port), edge)
    surplus = [edge for edge in wires if first_wires[place_of(edge, port)] is not edge]
    if not surplus:
        return
    label = f"“{port.name}” of {_display_name(node)}"
    text = (
        f"{label} accepts only one wire, but {len(wires)} end there. Remove the others, or combine "
        "them with Add or Concatenate first."
    )
    keys = tuple(edge.key for edge in surplus)
    repair = Repair("Keep only the first wire", "disconnect", {"keys": keys})
    yield error(
        "port-taken",
        f"Too many wires into {label}",
        text,
        repair,
        path=node.id,
        port=port.name,
        edge=keys[0],
        short=f"{compact(len(wires))} wires ≠ 1",
    )


def _unknown_port_problems(graph: Graph, edge: Edge, rules: WireRules) -> Iterator[Problem]:
    for missing in rules.missing_ports(edge):
        available = ", ".join(missing.available) or "none"
        text = (
            f"A wire uses the {missing.side} “{missing.port}” of "
            f"{_display_name(graph.nodes[missing.node])}, which has no such {missing.side} "
            f"(available: {available}). Remove the wire, or connect it to one of these."
        )
        repair = Repair("Remove the wire", "disconnect", {"keys": (edge.key,)})
        title = f"No {missing.side} called “{missing.port}”"
        yield error(
            "unknown-port",
            title,
            text,
            repair,
            path=missing.node,
            port=missing.port,
            edge=edge.key,
            short="no such port",
        )


def _cycle_problems(graph: Graph) -> Iterator[Problem]:
    for component in cyclic_components(graph):
        cut = cycle_closing_wires(graph, component)
        edge = cut[0]
        names = [_display_name(graph.nodes[node_id]) for node_id in sorted(component)]
        layers = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        source, target = (
            _display_name(graph.nodes[node_id]) for node_id in (edge.source, edge.target)
        )
        text = (
            f"These layers form a cycle: {layers}. A network must be acyclic. Remove the wire from "
            f"{source} to {target}."
        )
        more = f" and {len(cut) - 1} more" if len(cut) > 1 else ""
        title = f"Remove the wire {source} → {target}{more}"
        repair = Repair(title, "disconnect", {"keys": tuple(wire.key for wire in cut)})
        yield error(
            "cycle",
            "Cycle of layers",
            text,
            repair,
            path=edge.target,
            port=edge.target_port,
            edge=edge.key,
            short="cycle",
        )


def _output_problems(
    graph: Graph, node_ports: Mapping[str, Ports], outputs: list[Node], suggestions: WireSuggestions
) -> Iterator[Problem]:
    sources = {edge.source for edge in graph.edges.values()}
    reaching = upstream(graph, [node.id for node in outputs])
    unreached = [node for node_id, node in graph.nodes.items() if node_id not in reaching]
    dead_ends = [node for node in unreached if node.id not in sources]
    if not outputs:
        order = topological_order(graph)
        last = max(dead_ends or unreached, key=lambda node: order.index(node.id))
        text = (
            "The network has no Output, so its prediction is undefined. Add one after "
            f"{_display_name(last)}."
        )
        repairs = _new_output_repairs(last, node_ports)
        yield incomplete(
            "no-output", "No Output", text, *repairs, path=last.id, short="needs an Output"
        )
        return
    for node in dead_ends:
        text = (
            f"{_display_name(node)} is not connected to any Output, so it cannot learn. Wire it to "
            "a later layer or to an Output, or remove it."
        )
        wires = suggestions.for_output(node.id, excluded=upstream(graph, [node.id]))
        repairs = (*wires, *_new_output_repairs(node, node_ports))
        title = f"{_display_name(node)} is not connected to an Output"
        yield incomplete(
            "reaches-no-output", title, text, *repairs, path=node.id, short="needs an Output"
        )


def _new_output_repairs(node: Node, node_ports: Mapping[str, Ports]) -> tuple[Repair, ...]:
    if node.id not in node_ports or not node_ports[node.id].outputs:
        return ()
    arguments = {"node": node.id, "port": node_ports[node.id].outputs[0].name}
    return (Repair(f"Add an Output after {_display_name(node)}", "add_output", arguments),)
