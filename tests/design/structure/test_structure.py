from __future__ import annotations

import random

import pytest

from dlstudio.design.changes.diff import difference
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import add_node, connect, disconnect, move_nodes, remove_nodes
from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.design.model.ports import Port, Ports
from dlstudio.design.model.problems import Problem
from dlstudio.design.structure.structure import (
    downstream,
    structure_problems,
    topological_order,
    upstream,
)
from tests.design.sample_graphs import chain, random_graph, resnet50, series_parallel

IN = (Port("input"),)
OUT = (Port("output"),)


def ports_of(node: Node) -> Ports | None:
    if node.kind == "martian":
        return None
    if node.kind in {"add", "concatenate"}:
        return Ports((Port("inputs", variadic=True),), OUT)
    return {"input": Ports((), OUT), "output": Ports(IN, ())}.get(node.kind, Ports(IN, OUT))


def problems_of(graph: Graph) -> list[Problem]:
    return structure_problems(
        graph, ports_of, lambda node: node.kind == "input", lambda node: node.kind == "output"
    )


def codes(graph: Graph) -> list[str]:
    return [problem.code for problem in problems_of(graph)]


def test_valid_networks_have_no_problems() -> None:
    assert codes(chain(4)) == []
    assert codes(resnet50()) == []


def test_empty_network_is_a_problem() -> None:
    assert codes(Graph()) == ["empty"]


def test_structural_problems_have_their_codes() -> None:
    project = Project(graph=chain(5))
    edges = list(project.graph.edges)
    assert codes(disconnect(project, edges[1:2]).graph) == [
        "unconnected-port",
        "reaches-no-output",
    ]
    assert codes(remove_nodes(project, ["input_1"]).graph) == ["no-input", "unconnected-port"]
    assert codes(remove_nodes(project, ["output_1"]).graph) == ["no-output"]
    assert codes(connect(project, Edge("input_1", "relu_3", "side")).graph) == [
        "unknown-port",
        "reaches-no-output",
    ]


def test_two_wires_into_one_port_are_a_problem() -> None:
    graph = chain(4)
    extra = Edge("input_1", "relu_2", slot=1)
    graph = Graph(graph.nodes, {**graph.edges, extra.key: extra})
    assert codes(graph) == ["port-taken"]
    (problem,) = problems_of(graph)
    assert codes(apply_repair(Project(graph=graph), problem.repairs[0]).graph) == []


def test_ports_of_unknown_kinds_are_not_checked() -> None:
    graph = Graph({"a": Node("a", "input"), "m": Node("m", "martian"), "o": Node("o", "output")})
    project = connect(Project(graph=graph), Edge("a", "m", "output", "mouth"))
    project = connect(project, Edge("m", "o", "tail"))
    assert codes(project.graph) == []


@pytest.mark.parametrize("seed", range(20))
def test_one_click_cuts_a_cycle_and_undo_restores_it(seed: int) -> None:
    rng = random.Random(seed)
    project = Project(graph=series_parallel(seed, 20))
    ids = topological_order(project.graph)[1:-1]
    target = rng.choice(
        [node_id for node_id in ids if project.graph.nodes[node_id].kind != "input"]
    )
    source = rng.choice(sorted(downstream(project.graph, [target]) - {target, "output_1"}) or [""])
    if not source:
        target, source = ids[0], ids[-1]
    port = "inputs" if project.graph.nodes[target].kind == "add" else "input"
    broken = connect(project, Edge(source, target, "output", port, 9 if port == "inputs" else 0))
    problem = next(problem for problem in problems_of(broken.graph) if problem.code == "cycle")
    repaired = apply_repair(broken, problem.repairs[0])
    assert "cycle" not in codes(repaired.graph)
    assert difference(broken, repaired).backward(repaired) is broken
    assert len(problem.repairs[0].arguments["keys"]) == 1


@pytest.mark.parametrize("seed", range(20))
def test_one_click_wires_the_last_layer_to_an_output(seed: int) -> None:
    project = Project(graph=series_parallel(seed, 15))
    if seed % 2:
        broken = remove_nodes(project, ["output_1"])
        code = "no-output"
    else:
        keys = [e.key for e in project.graph.edges.values() if e.target == "output_1"]
        broken = disconnect(project, keys)
        code = "reaches-no-output"
    problem = next(problem for problem in problems_of(broken.graph) if problem.code == code)
    repaired = apply_repair(broken, problem.repairs[0])
    assert codes(repaired.graph) == []
    assert difference(broken, repaired).backward(repaired) is broken


@pytest.mark.parametrize("seed", range(10))
def test_order_and_reachability_agree_with_networkx(seed: int) -> None:
    networkx = pytest.importorskip("networkx")
    graph = random_graph(seed, 40)
    reference = networkx.DiGraph([(e.source, e.target) for e in graph.edges.values()])
    order = {node_id: number for number, node_id in enumerate(topological_order(graph))}
    assert all(order[e.source] < order[e.target] for e in graph.edges.values())
    for node_id in graph.nodes:
        assert downstream(graph, [node_id]) == networkx.descendants(reference, node_id) | {node_id}
        assert upstream(graph, [node_id]) == networkx.ancestors(reference, node_id) | {node_id}


def chain_with_gap(seed: int, *, placed: bool) -> tuple[Project, str, str]:
    """Return a chain without one of its cards, and the cards before and after the gap."""
    rng = random.Random(seed)
    project = Project(graph=chain(rng.randint(4, 30)))
    ids = topological_order(project.graph)
    if placed:
        rows = {node_id: (170.0 * i, rng.uniform(-80, 80)) for i, node_id in enumerate(ids)}
        project = move_nodes(project, rows)
    gap = rng.randrange(1, len(ids) - 1)
    return remove_nodes(project, [ids[gap]]), ids[gap - 1], ids[gap + 1]


@pytest.mark.parametrize("placed", [False, True])
@pytest.mark.parametrize("code", ["unconnected-port", "reaches-no-output"])
@pytest.mark.parametrize("seed", range(24))
def test_one_click_bridges_a_deleted_card(seed: int, code: str, placed: bool) -> None:
    broken, before, after = chain_with_gap(seed, placed=placed)
    problem = next(problem for problem in placed_problems(broken) if problem.code == code)
    assert problem.repairs[0].title == f"Wire {before} to {after}"
    repaired = apply_repair(broken, problem.repairs[0])
    assert codes(repaired.graph) == []
    assert difference(broken, repaired).backward(repaired) is broken


def placed_problems(project: Project) -> list[Problem]:
    is_input, is_output = (
        lambda node: node.kind == "input",
        lambda node: node.kind == "output",
    )
    positions = project.layout_at().positions
    return structure_problems(project.graph, ports_of, is_input, is_output, positions)


def test_new_card_is_wired_to_the_card_on_its_left() -> None:
    project = Project(graph=chain(5))
    positions = {
        node_id: (170.0 * i, 0.0) for i, node_id in enumerate(topological_order(project.graph))
    }
    project, new = add_node(move_nodes(project, positions), "relu", (2.5 * 170, 120.0))
    problem = next(
        problem for problem in placed_problems(project) if problem.code == "unconnected-port"
    )
    assert problem.path == new
    assert problem.repairs[0].title == f"Wire relu_2 to {new}"
    assert problem.title == f"“input” of {new} is not connected"
    assert problem.text == "Draw a wire to “input” from the layer that provides its input."


def test_nearest_of_several_open_outputs_is_suggested() -> None:
    nodes = {
        "far": Node("far", "input"),
        "near": Node("near", "input"),
        "right": Node("right", "input"),
        "relu_1": Node("relu_1", "relu"),
        "output_1": Node("output_1", "output"),
    }
    project = connect(Project(graph=Graph(nodes)), Edge("relu_1", "output_1"))
    positions = {"far": (0.0, 0.0), "near": (200.0, 90.0), "right": (430.0, 0.0)}
    project = move_nodes(project, {**positions, "relu_1": (400.0, 0.0), "output_1": (600.0, 0.0)})
    problem = next(problem for problem in placed_problems(project) if problem.path == "relu_1")
    assert problem.repairs[0].title == "Wire near to relu_1"


def test_wires_that_would_close_a_cycle_are_not_suggested() -> None:
    project = remove_nodes(Project(graph=chain(6)), ["input_1"])
    problem = next(
        problem for problem in problems_of(project.graph) if problem.code == "unconnected-port"
    )
    assert problem.repairs == ()


def test_many_unwired_cards_get_no_suggestions() -> None:
    graph = Graph({f"relu_{i}": Node(f"relu_{i}", "relu") for i in range(300)})
    assert all(
        not problem.repairs for problem in problems_of(graph) if problem.code == "unconnected-port"
    )
