"""A card's texts and ports, from the layer registry and the block definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.model import (
    BLOCK,
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    Block,
    Graph,
    Node,
    Project,
)
from dlstudio.design.model.ports import Port, Ports
from dlstudio.design.model.values import Ref, Value
from dlstudio.layers.framework.kind import LayerKind
from dlstudio.layers.registry import find, is_plugin

INPUT = "input"

BLOCK_PORTS = {
    BLOCK_INPUT: Ports(outputs=(Port("output"),)),
    BLOCK_OUTPUT: Ports(inputs=(Port("input"),)),
}
BLOCK_TITLES = {BLOCK_INPUT: "Block input", BLOCK_OUTPUT: "Block output"}


@dataclass(frozen=True, slots=True)
class NodeDescription:
    """The texts and ports of a card that do not depend on a check.

    Attributes:
        known: False if neither the layer registry nor the design knows the kind.
    """

    title: str
    card_summary: str
    category: str
    ports: Ports
    known: bool = True


class SymbolicInt(int):
    """An integer displayed as the name of its reference, so that a card shows `classes`."""

    name: str

    def __new__(cls, number: int, name: str) -> SymbolicInt:
        result = super().__new__(cls, number)
        result.name = name
        return result

    def __str__(self) -> str:
        return self.name

    def __format__(self, _spec: str) -> str:
        return self.name


def describe_node(project: Project, graph: Graph, node: Node) -> NodeDescription:
    """Return the title, summary, category and ports of a node's card."""
    if node.kind == BLOCK:
        return _describe_block(project, graph, node)
    if node.kind in BLOCK_PORTS:
        title = node.title or BLOCK_TITLES[node.kind]
        return NodeDescription(title, "", "blocks", BLOCK_PORTS[node.kind])
    kind = find(node.kind)
    if kind is None:
        return NodeDescription(
            node.title or node.kind, "", "", used_ports(graph, node.id), known=False
        )
    ports = Ports(kind.inputs, kind.outputs)
    summary = _card_summary(kind, node) or (_source_title(project) if node.kind == INPUT else "")
    return NodeDescription(node.title or kind.title, summary, kind.category, ports)


def used_ports(graph: Graph, node_id: str) -> Ports:
    """Return the ports of a node of unknown kind, taken from the wires that reach it."""
    inputs = sorted({edge.target_port for edge in graph.edges.values() if edge.target == node_id})
    outputs = sorted({edge.source_port for edge in graph.edges.values() if edge.source == node_id})
    return Ports(tuple(map(Port, inputs)), tuple(map(Port, outputs)))


def _describe_block(project: Project, graph: Graph, node: Node) -> NodeDescription:
    block = project.blocks.get(str(node.settings.get("block", "")))
    if block is None:
        return NodeDescription(
            node.title or "Block", "", "blocks", used_ports(graph, node.id), known=False
        )
    title = node.title or block.title or block.id
    return NodeDescription(
        title + _repeat_text(node), _values_text(block, node), "blocks", block_ports(block)
    )


def block_ports(block: Block) -> Ports:
    """Return the ports of a placed block, named and titled after its block inputs and outputs."""
    inner = block.graph.nodes.values()
    return Ports(
        tuple(Port(node.id, node.title) for node in inner if node.kind == BLOCK_INPUT),
        tuple(Port(node.id, node.title) for node in inner if node.kind == BLOCK_OUTPUT),
    )


def _repeat_text(node: Node) -> str:
    repeat = node.settings.get("repeat", 1)
    if repeat in {1, None} or isinstance(repeat, bool):
        return ""
    return f" ×{_value_text(repeat)}"


def _values_text(block: Block, node: Node) -> str:
    """Return the parameter values in declaration order, defaults included."""
    values = node.settings.get("values")
    own_values = values if isinstance(values, Mapping) else {}
    shared = "shared" if _repeat_text(node) and node.settings.get("share") is True else ""
    texts = (
        _value_text(own_values.get(parameter.name, parameter.default))
        for parameter in block.parameters
    )
    stepwise = "each step" if node.settings.get("each_step") is True else ""
    return " · ".join(text for text in (*texts, shared, stepwise) if text)


def _source_title(project: Project) -> str:
    """Return the title of the data source, shown on Input cards."""
    source = SOURCES.get(project.data.source)
    return source.title if source is not None else ""


def _card_summary(kind: type[LayerKind], node: Node) -> str:
    named = {name: _with_symbols(value) for name, value in node.settings.items()}
    try:
        return kind.parse(named, {}).card_summary()
    except (ValueError, TypeError):
        return ""
    except Exception:
        if is_plugin(kind):
            return ""
        raise


def _with_symbols(value: Value) -> Value:
    if isinstance(value, Ref):
        return SymbolicInt(1, _value_text(value))
    if isinstance(value, tuple):
        return tuple(map(_with_symbols, value))
    return value


def _value_text(value: Value) -> str:
    if not isinstance(value, Ref):
        return str(value)
    times = f" × {value.times}" if value.times != 1 else ""
    divide = f" ÷ {value.divide}" if value.divide != 1 else ""
    return value.name + times + divide
