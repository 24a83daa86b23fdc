from __future__ import annotations

from typing import Any

import pytest

from dlstudio.design.edits import insert_before, set_settings
from dlstudio.design.model.model import Block, Edge, Graph, Node, Project
from dlstudio.design.model.problems import Severity
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.design.model.values import Ref
from dlstudio.layers.framework.kind import Call
from dlstudio.network.check.inference import Checker
from dlstudio.network.check.meta import MetaResult, MetaRunner
from tests.network.design_builders import IMAGES, ROWS, build_design, chain


def codes(project: Project, facts: DatasetInfo = IMAGES) -> list[str]:
    return [problem.code for problem in Checker().check(project, facts).problems]


def cnn() -> Project:
    return chain(
        ("conv2d_1", "conv2d", {"out_channels": 8, "kernel_size": (3, 3)}),
        ("relu_1", "relu", {}),
        ("max_pool2d_1", "max_pool2d", {"kernel_size": (2, 2)}),
        ("flatten_1", "flatten", {}),
        ("linear_1", "linear", {"out_features": Ref("classes")}),
    )


def test_shapes_of_a_small_cnn_are_inferred() -> None:
    report = Checker().check(cnn(), IMAGES)
    assert report.ok
    assert not report.problems
    shapes = {path: next(iter(node.outputs.values())).shape for path, node in report.nodes.items()}
    assert shapes == {
        "input_1": (1, 8, 8),
        "conv2d_1": (8, 6, 6),
        "relu_1": (8, 6, 6),
        "max_pool2d_1": (8, 3, 3),
        "flatten_1": (72,),
        "linear_1": (10,),
        "output_1": (10,),
    }
    assert report.nodes["linear_1"].inputs == {"input": (Signal((72,), "float32", "features"),)}


def test_reference_is_resolved_by_the_data() -> None:
    project = chain(
        ("flatten_1", "flatten", {}), ("linear_1", "linear", {"out_features": Ref("classes")})
    )
    checker = Checker()
    assert checker.check(project, IMAGES).nodes["output_1"].outputs["output"].shape == (10,)
    assert checker.check(project, ROWS).nodes["output_1"].outputs["output"].shape == (3,)


def test_only_the_first_invalid_node_of_a_path_is_reported() -> None:
    project = set_settings(cnn(), ("conv2d_1",), {"kernel_size": (9, 9)})
    report = Checker().check(project, IMAGES)
    assert [(problem.path, problem.code) for problem in report.problems] == [
        ("conv2d_1", "kernel-too-large")
    ]
    assert report.nodes["conv2d_1"].blocked_by == ""
    assert report.nodes["conv2d_1"].inputs["input"][0].shape == (1, 8, 8)
    for path in ("relu_1", "max_pool2d_1", "flatten_1", "linear_1", "output_1"):
        assert report.nodes[path].blocked_by == "conv2d_1"
        assert not report.nodes[path].outputs


def test_invalid_nodes_of_two_branches_are_both_reported() -> None:
    project = build_design(
        [
            ("input_1", "input", {}),
            ("a", "conv2d", {"kernel_size": (9, 9)}),
            ("b", "linear", {"out_features": "x"}),
            ("join", "add", {}),
            ("output_1", "output", {}),
        ],
        [
            ("input_1", "a"),
            ("input_1", "b"),
            ("a", "join", 0),
            ("b", "join", 1),
            ("join", "output_1"),
        ],
    )
    report = Checker().check(project, IMAGES)
    assert {problem.path for problem in report.problems} == {"a", "b"}
    assert report.nodes["join"].blocked_by == "a"


def test_unknown_kind_is_a_problem_and_earlier_nodes_are_inferred() -> None:
    project, added = insert_before(cnn(), "flatten_1", "input", "hypercube", {"size": 4})
    report = Checker().check(project, IMAGES)
    problem = report.problems[0]
    assert (problem.path, problem.code) == (added, "unknown-kind")
    assert problem.severity is Severity.ERROR
    assert "hypercube" in problem.text
    assert report.nodes["max_pool2d_1"].outputs["output"].shape == (8, 3, 3)
    assert report.nodes["linear_1"].blocked_by == added


def test_nodes_on_a_cycle_and_after_it_are_blocked() -> None:
    project = build_design(
        [
            ("input_1", "input", {}),
            ("sum", "add", {}),
            ("relu_1", "relu", {}),
            ("after", "flatten", {}),
            ("output_1", "output", {}),
        ],
        [
            ("input_1", "sum", 0),
            ("sum", "relu_1"),
            ("relu_1", "sum", 1),
            ("relu_1", "after"),
            ("after", "output_1"),
        ],
    )
    report = Checker().check(project, IMAGES)
    assert [problem.code for problem in report.problems] == ["cycle"]
    assert report.nodes["after"].blocked_by in {"sum", "relu_1"}
    assert report.nodes["input_1"].outputs


def test_second_wire_into_a_port_is_a_problem() -> None:
    project = chain(("flatten_1", "flatten", {}))
    second = Edge("input_1", "flatten_1", "output", "input", 1)
    graph = Graph(project.graph.nodes, {**project.graph.edges, second.key: second})
    assert codes(Project(graph=graph)) == ["port-taken"]


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"out_features": 0}, "1"),
        ({"out_features": Ref("vocabulary")}, "vocabulary"),
        ({"wings": 2}, "wings"),
        ({"out_features": Ref("features", 1, 7)}, "remainder"),
    ],
)
def test_invalid_setting_is_a_problem(settings: dict[str, object], word: str) -> None:
    report = Checker().check(chain(("linear_1", "linear", settings)), ROWS)
    problem = report.problems[0]
    assert (problem.path, problem.code) == ("linear_1", "bad-setting")
    assert word in problem.text


def test_torch_error_is_reported_with_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    from dlstudio.layers.basic.dense import Linear

    monkeypatch.setattr(Linear, "check", lambda *_: iter(()))
    call = Linear.call
    monkeypatch.setattr(
        Linear, "call", lambda self, signals: call(self, {"input": (Signal((5,)),)})
    )
    report = Checker().check(chain(("linear_1", "linear", {})), ROWS)
    problem = report.problems[0]
    assert (problem.path, problem.code) == ("linear_1", "refused")
    assert "reduction dim" in problem.details


def test_only_changed_nodes_are_evaluated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    checker, project = Checker(), cnn()
    checker.check(project, IMAGES)
    calls: list[str] = []
    run = MetaRunner.run

    def recording_run(self: MetaRunner, call: Call, *args: Any, **kwargs: Any) -> MetaResult:
        calls.append(call.target)
        return run(self, call, *args, **kwargs)

    monkeypatch.setattr(MetaRunner, "run", recording_run)
    wider = set_settings(project, ("conv2d_1",), {"out_channels": 9})
    checker.check(wider, IMAGES)
    assert [target.removeprefix("torch.nn.") for target in calls] == [
        "Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear",
    ]  # fmt: skip
    calls.clear()
    checker.check(set_settings(wider, ("linear_1",), {"bias": False}), IMAGES)
    assert calls == ["torch.nn.Linear"]
    calls.clear()
    checker.check(project, IMAGES)
    assert not calls


def test_repairs_name_their_node_and_scope() -> None:
    project = chain(("linear_1", "linear", {"out_features": 10}))
    problem = Checker().check(project, IMAGES).problems[0]
    assert problem.code == "missing-flatten"
    assert problem.repairs[0].arguments["node"] == "linear_1"
    assert problem.repairs[0].arguments["scope"] == ""


def test_problems_are_in_topological_order() -> None:
    project = build_design(
        [
            ("output_1", "output", {}),
            ("late", "linear", {"out_features": "x"}),
            ("early", "relu", {"slope": 1}),
            ("input_1", "input", {}),
            ("input_2", "input", {}),
            ("output_2", "output", {}),
            ("flat", "flatten", {}),
        ],
        [
            ("input_1", "early"),
            ("early", "output_1"),
            ("input_2", "flat"),
            ("flat", "late"),
            ("late", "output_2"),
        ],
    )
    assert [problem.path for problem in Checker().check(project, IMAGES).problems] == [
        "early",
        "late",
    ]


def block_of_convolutions(**conv: object) -> Block:
    nodes = {
        "enter": Node("enter", "block_input"),
        "conv2d_1": Node("conv2d_1", "conv2d", {"kernel_size": (3, 3), "padding": (1, 1), **conv}),
        "leave": Node("leave", "block_output"),
    }
    edges = [Edge("enter", "conv2d_1"), Edge("conv2d_1", "leave")]
    return Block("stage", "Stage", (), Graph(nodes, {edge.key: edge for edge in edges}))


def with_block(block: Block, **settings: object) -> Project:
    project = build_design(
        [
            ("input_1", "input", {}),
            ("stage_1", "block", {"block": "stage", **settings}),
            ("flat", "flatten", {}),
            ("output_1", "output", {}),
        ],
        [("flat", "output_1")],
    )
    block_edges = [
        Edge("input_1", "stage_1", "output", "enter"),
        Edge("stage_1", "flat", "leave", "input"),
    ]
    edges = {**project.graph.edges, **{edge.key: edge for edge in block_edges}}
    return Project(graph=Graph(project.graph.nodes, edges), blocks={"stage": block})


def test_blocks_are_checked_inside_with_dotted_paths() -> None:
    report = Checker().check(with_block(block_of_convolutions(out_channels=4), repeat=3), IMAGES)
    assert report.ok, report.problems
    assert "stage_1.2.conv2d_1" in report.nodes
    assert report.nodes["output_1"].outputs["output"].shape == (256,)


def test_problem_inside_a_block_has_its_path_and_scope() -> None:
    broken = block_of_convolutions(kernel_size=(20, 20))
    problem = Checker().check(with_block(broken), IMAGES).problems[0]
    assert (problem.path, problem.code) == ("stage_1.conv2d_1", "kernel-too-large")
    assert problem.repairs[0].arguments["scope"] == "stage"
    assert problem.repairs[0].arguments["node"] == "conv2d_1"


def test_structure_inside_a_block_is_checked() -> None:
    block = block_of_convolutions()
    graph = Graph(block.graph.nodes, dict(list(block.graph.edges.items())[:1]))
    project = with_block(Block("stage", "Stage", (), graph))
    problems = Checker().check(project, IMAGES).problems
    assert any(problem.path.startswith("stage_1.") for problem in problems)
    assert not Checker().check(project, IMAGES).ok


def test_missing_weight_owners_are_reported() -> None:
    project = chain(("a", "linear", {"out_features": 12}), ("b", "linear", {"out_features": 12}))
    nodes = dict(project.graph.nodes)
    for source, expected in (("a", []), ("gone", ["weights-from"]), ("b", ["weights-from"])):
        nodes["b"] = Node("b", "linear", {"out_features": 12}, weights_from=source)
        assert codes(Project(graph=Graph(nodes, project.graph.edges)), ROWS) == expected


def test_shared_weights_count_once() -> None:
    project = chain(("a", "linear", {"out_features": 12}), ("b", "linear", {"out_features": 12}))
    nodes = dict(project.graph.nodes)
    nodes["b"] = Node("b", "linear", {"out_features": 12}, weights_from="a")
    report = Checker().check(Project(graph=Graph(nodes, project.graph.edges)), ROWS)
    assert report.cost.parameters == 12 * 12 + 12
