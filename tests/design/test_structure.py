from __future__ import annotations

import random

import pytest
from sample_graphs import chain, random_graph, resnet50, series_parallel

from dlstudio.design.diff import difference
from dlstudio.design.edits import connect, disconnect, remove_nodes
from dlstudio.design.model import Edge, Graph, Node, Project
from dlstudio.design.ports import Port, Ports
from dlstudio.design.problems import Problem
from dlstudio.design.repairs import apply_repair
from dlstudio.design.structure import downstream, structure_problems, topological, upstream

ONE = (Port("input"),)
OUT = (Port("output"),)


def ports_of(node: Node) -> Ports | None:
    if node.kind == "martian":
        return None
    if node.kind in {"add", "concatenate"}:
        return Ports((Port("inputs", variadic=True),), OUT)
    return {"input": Ports((), OUT), "output": Ports(ONE, ())}.get(node.kind, Ports(ONE, OUT))


def problems_of(graph: Graph) -> list[Problem]:
    return structure_problems(
        graph, ports_of, lambda node: node.kind == "input", lambda node: node.kind == "output"
    )


def codes(graph: Graph) -> list[str]:
    return [problem.code for problem in problems_of(graph)]


def test_sound_networks_have_no_problems() -> None:
    assert codes(chain(4)) == []
    assert codes(resnet50()) == []


def test_an_empty_network_says_so() -> None:
    assert codes(Graph()) == ["empty"]


def test_each_mistake_has_its_code() -> None:
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
    both = Graph(graph.nodes, {**graph.edges, extra.key: extra})
    assert codes(both) == ["port-taken"]
    (problem,) = problems_of(both)
    assert codes(apply_repair(Project(graph=both), problem.repairs[0]).graph) == []


def test_ports_of_unknown_kinds_are_not_judged() -> None:
    graph = Graph({"a": Node("a", "input"), "m": Node("m", "martian"), "o": Node("o", "output")})
    project = connect(Project(graph=graph), Edge("a", "m", "output", "mouth"))
    project = connect(project, Edge("m", "o", "tail"))
    assert codes(project.graph) == []


@pytest.mark.parametrize("seed", range(20))
def test_one_click_cuts_a_circle_and_undo_brings_it_back(seed: int) -> None:
    chance = random.Random(seed)
    project = Project(graph=series_parallel(seed, 20))
    ids = topological(project.graph)[1:-1]
    target = chance.choice([each for each in ids if project.graph.nodes[each].kind != "input"])
    source = chance.choice(
        sorted(downstream(project.graph, [target]) - {target, "output_1"}) or [""]
    )
    if not source:
        target, source = ids[0], ids[-1]
    port = "inputs" if project.graph.nodes[target].kind == "add" else "input"
    broken = connect(project, Edge(source, target, "output", port, 9 if port == "inputs" else 0))
    problem = next(each for each in problems_of(broken.graph) if each.code == "cycle")
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
    problem = next(each for each in problems_of(broken.graph) if each.code == code)
    repaired = apply_repair(broken, problem.repairs[0])
    assert codes(repaired.graph) == []
    assert difference(broken, repaired).backward(repaired) is broken


@pytest.mark.parametrize("seed", range(10))
def test_order_and_reach_agree_with_networkx(seed: int) -> None:
    networkx = pytest.importorskip("networkx")
    graph = random_graph(seed, 40)
    known = networkx.DiGraph([(e.source, e.target) for e in graph.edges.values()])
    order = {each: number for number, each in enumerate(topological(graph))}
    assert all(order[e.source] < order[e.target] for e in graph.edges.values())
    for each in graph.nodes:
        assert downstream(graph, [each]) == networkx.descendants(known, each) | {each}
        assert upstream(graph, [each]) == networkx.ancestors(known, each) | {each}
