"""Which wires are legal, and the reasons for refusing others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlstudio.design.editing.errors import EditError
from dlstudio.design.edits import connect, reconnect
from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.design.model.ports import Port, Ports
from dlstudio.design.storage.codec import decode_graph, encode_graph
from dlstudio.design.storage.errors import FileError
from dlstudio.design.structure.structure import structure_problems
from dlstudio.design.structure.wire_rules import (
    MAX_SLOTS,
    WireReason,
    WireRules,
    malformed_wire,
    next_slot,
    unreadable_wire,
)

IN_OUT = Ports((Port("input"),), (Port("output"),))
PORTS = {
    "input": Ports((), (Port("output"),)),
    "output": Ports((Port("input"),), ()),
    "relu": IN_OUT,
    "tanh": IN_OUT,
    "add": Ports((Port("inputs", variadic=True),), (Port("output"),)),
}


def graph_of(*wires: Edge, **kinds: str) -> Graph:
    nodes = {node_id: Node(node_id, kind) for node_id, kind in kinds.items()}
    return Graph(nodes, {edge.key: edge for edge in wires})


def rules_of(graph: Graph) -> WireRules:
    return WireRules(graph, lambda node: PORTS.get(node.kind), lambda node: node.kind.title())


CHAIN = graph_of(
    Edge("a", "b"), Edge("b", "c"), Edge("c", "d"), a="input", b="relu", c="tanh", d="output"
)


@pytest.mark.parametrize(
    ("edge", "reason", "text"),
    [
        (Edge("b", "b"), WireReason.ITSELF, "Relu cannot feed itself"),
        (
            Edge("c", "b"),
            WireReason.CYCLE,
            "Relu already feeds Tanh: this wire would close a cycle",
        ),
        (Edge("b", "c"), WireReason.DUPLICATE, "Relu is already wired to Tanh"),
        (Edge("b", "gone"), WireReason.NO_NODE, "There is no layer called 'gone' here"),
        (Edge("d", "b"), WireReason.NO_PORT, "Output has no output"),
        (Edge("b", "a"), WireReason.NO_PORT, "Input has no input"),
        (
            Edge("b", "c", target_port="query"),
            WireReason.NO_PORT,
            "Tanh has no input called 'query'",
        ),
        (
            Edge("b", "c", target_port="class"),
            WireReason.BAD_END,
            "A wire must go from a named output to a named input",
        ),
    ],
)
def test_refused_wire_has_a_reason_and_a_text(edge: Edge, reason: WireReason, text: str) -> None:
    refusal = rules_of(CHAIN).refusal(edge)
    assert refusal is not None
    assert (refusal.reason, refusal.text) == (reason, text)


def test_reason_distinguishes_nodes_with_equal_titles() -> None:
    graph = graph_of(Edge("a", "b"), a="relu", b="relu", c="tanh")
    refusal = rules_of(graph).refusal(Edge("b", "a"))
    assert refusal is not None
    assert refusal.text == "a already feeds b: this wire would close a cycle"


def test_wire_may_replace_itself() -> None:
    rules = rules_of(CHAIN)
    assert rules.refusal(Edge("a", "d")) is None
    assert rules.refusal(Edge("b", "c"), replaced_key=Edge("b", "c").key) is None


def test_ports_of_an_unknown_kind_are_not_checked() -> None:
    graph = graph_of(a="input", b="mystery")
    edge = Edge("a", "b", target_port="anything")
    assert rules_of(graph).refusal(edge) is None
    assert rules_of(graph).with_slot(edge).slot == 0


def test_variadic_port_appends_wires_after_the_last_slot() -> None:
    wires = (
        Edge("a", "add", "output", "inputs", 0),
        Edge("b", "add", "output", "inputs", 4),
    )
    graph = graph_of(*wires, a="input", b="relu", c="tanh", add="add")
    edge = Edge("c", "add", "output", "inputs")
    assert rules_of(graph).with_slot(edge).slot == 5
    assert rules_of(graph).with_slot(edge, replaced_key=wires[1].key).slot == 1
    assert next_slot(wires, "add", "inputs") == 5
    assert next_slot(wires, "add", "elsewhere") == 0


def test_edits_refuse_malformed_wires_but_allow_cycles() -> None:
    project = Project(CHAIN)
    with pytest.raises(EditError, match=r"^b cannot feed itself\.$"):
        connect(project, Edge("b", "b"))
    with pytest.raises(EditError, match=r"^There is no layer called 'gone' here\.$"):
        reconnect(project, Edge("b", "c").key, Edge("b", "gone"))
    assert malformed_wire(CHAIN, Edge("a", "b", slot=MAX_SLOTS)) is not None
    cyclic = connect(project, Edge("c", "b")).graph
    problems = structure_problems(
        cyclic,
        lambda node: PORTS[node.kind],
        lambda node: node.kind == "input",
        lambda node: node.kind == "output",
    )
    assert "cycle" in [problem.code for problem in problems]


def test_check_and_wire_rules_find_the_same_missing_ports() -> None:
    wire = Edge("b", "c", "left", "query")
    graph = Graph(CHAIN.nodes, {**CHAIN.edges, wire.key: wire})
    missing = [(end.node, end.port) for end in rules_of(graph).missing_ports(wire)]
    problems = structure_problems(
        graph, lambda node: PORTS[node.kind], lambda node: True, lambda node: node.id == "d"
    )
    unknown = [problem for problem in problems if problem.code == "unknown-port"]
    assert [(problem.path, problem.port) for problem in unknown] == missing
    assert missing == [("b", "left"), ("c", "query")]


@pytest.mark.parametrize(
    ("edge", "reason"),
    [
        (Edge("b", "gone"), WireReason.NO_NODE),
        (Edge("b", "c", source_port=""), WireReason.BAD_END),
        (Edge("b", "c", slot=-1), WireReason.BAD_END),
    ],
)
def test_file_with_a_malformed_wire_is_refused(edge: Edge, reason: WireReason) -> None:
    refusal = unreadable_wire(CHAIN.nodes, edge)
    assert refusal is not None
    assert refusal.reason is reason
    with pytest.raises(FileError, match=f"graph: a wire .*'{refusal.node}'"):
        decode_graph(encode_graph(replace(CHAIN, edges={edge.key: edge})), "graph")


@pytest.mark.parametrize(
    "edge", [Edge("b", "b"), Edge("c", "b"), Edge("d", "b"), Edge("a", "b", slot=MAX_SLOTS)]
)
def test_file_with_an_illegal_wire_is_opened_unchanged(edge: Edge) -> None:
    graph = replace(CHAIN, edges={**CHAIN.edges, edge.key: edge})
    assert decode_graph(encode_graph(graph), "graph") == graph
