"""Blocks applied to each time step equal a hand-written loop over the steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, fx, nn

from dlstudio.design.blocks import group, ungroup
from dlstudio.design.changes.fingerprint import fingerprint
from dlstudio.design.edits import EditError, append_after, connect, set_settings
from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.design.storage.codec import decode, encode
from dlstudio.design.structure.expand import expand
from dlstudio.layers.registry import KINDS
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import Compiled, CompileError, compile_design
from tests.network.random_designs import SETTINGS, is_accepted

VIDEO = DatasetInfo(inputs={"samples": Signal((5, 2, 8, 8), "float32", "array")})
ROWS = DatasetInfo(inputs={"samples": Signal((7, 6), "float32", "sequence")})
Layer = tuple[str, dict[str, Any]]
FRAME: tuple[Layer, ...] = (
    ("conv2d", {"out_channels": 3}),
    ("relu", {}),
    ("flatten", {}),
    ("linear", {"out_features": 4}),
)


def design_for_each_step(
    layers: tuple[Layer, ...], after: tuple[Layer, ...] = (), **block_settings: Any
) -> Project:
    """Return a design whose first layers are in a block applied to each time step."""
    project, last = append_after(Project(), None, "input")
    inner = []
    for kind, values in layers:
        project, last = append_after(project, last, kind, values)
        inner.append(last)
    for kind, values in (*after, ("output", {"role": "embedding"})):
        project, last = append_after(project, last, kind, values)
    project, placement = group(project, inner)
    return set_settings(project, [placement], {"each_step": True, **block_settings})


def compile_eval(project: Project, facts: DatasetInfo) -> Compiled:
    network = compile_design(project, facts)
    network.module.eval()
    return network


def loop_over_steps(module: nn.Module, names: list[str], x: Tensor) -> Tensor:
    steps = []
    for t in range(x.shape[1]):
        step = x[:, t]
        for name in names:
            step = module.get_submodule(name)(step)
        steps.append(step)
    return torch.stack(steps, 1)


def step_layers(module: fx.GraphModule) -> list[str]:
    """Return the layers applied to single steps, in the order of their calls."""
    calls = (str(node.target) for node in module.graph.nodes if node.op == "call_module")
    return [target for target in calls if "fold_steps" not in target]


def test_block_for_each_step_equals_a_loop_over_the_steps() -> None:
    module = compile_eval(design_for_each_step(FRAME), VIDEO).single.module
    x = torch.randn(3, 5, 2, 8, 8)
    assert len(step_layers(module)) == len(FRAME)
    torch.testing.assert_close(module(x), loop_over_steps(module, step_layers(module), x))


def test_gradients_equal_those_of_the_loop() -> None:
    module = compile_eval(design_for_each_step(FRAME), VIDEO).single.module
    x = torch.randn(3, 5, 2, 8, 8)
    weight = next(parameter for name, parameter in module.named_parameters() if "conv2d" in name)
    gradients = [
        torch.autograd.grad(output.square().sum(), weight)[0]
        for output in (module(x), loop_over_steps(module, step_layers(module), x))
    ]
    torch.testing.assert_close(*gradients, rtol=1e-4, atol=1e-4)


def test_shapes_and_costs_include_all_steps() -> None:
    report = Checker().check(design_for_each_step(FRAME), VIDEO)
    assert report.ok, report.problems
    single = DatasetInfo(inputs={"samples": Signal((2, 8, 8), "float32", "picture")})
    plain = set_settings(
        project := design_for_each_step(FRAME), [_placement(project)], {"each_step": False}
    )
    single_step = Checker().check(plain, single)
    assert report.cost.parameters == single_step.cost.parameters
    assert report.cost.multiply_adds == 5 * single_step.cost.multiply_adds
    assert report.cost.activation_bytes == 5 * single_step.cost.activation_bytes
    assert report.nodes["output_1"].inputs["input"][0].shape == (5, 4)


def _placement(project: Project) -> str:
    return next(node_id for node_id, node in project.graph.nodes.items() if node.kind == "block")


@pytest.mark.parametrize("share", [False, True])
def test_repeats_stay_inside_the_steps(share: bool) -> None:
    project = design_for_each_step((("linear", {"out_features": 6}),), repeat=3, share=share)
    component = compile_eval(project, ROWS).single
    x = torch.randn(2, 7, 6)
    layer_names = [
        name for name, layer in component.module.named_modules() if isinstance(layer, nn.Linear)
    ]
    assert len(layer_names) == (1 if share else 3)
    names = layer_names * 3 if share else layer_names
    torch.testing.assert_close(component.module(x), loop_over_steps(component.module, names, x))
    folds = [path for path, flat in expand(project).nodes.items() if "fold" in flat.node.kind]
    assert len(folds) == 2


def test_blocks_for_each_step_can_be_nested() -> None:
    project = design_for_each_step((("linear", {"out_features": 3}),))
    project, _ = group(project, [_placement(project)])
    project = set_settings(project, [_placement(project)], {"each_step": True})
    facts = DatasetInfo(inputs={"samples": Signal((4, 5, 6), "float32", "array")})
    report = Checker().check(project, facts)
    assert report.ok, report.problems
    assert report.cost.multiply_adds == 4 * 5 * 6 * 3
    component = compile_eval(project, facts).single
    linear = next(layer for layer in component.module.modules() if isinstance(layer, nn.Linear))
    x = torch.randn(2, 4, 5, 6)
    torch.testing.assert_close(component.module(x), linear(x))


def _add_of_two_inputs(other: tuple[int, ...]) -> tuple[Project, DatasetInfo]:
    """Return an Add of two inputs, in a block applied to each step."""
    nodes = {
        "input_1": Node("input_1", "input"),
        "input_2": Node("input_2", "input", {"role": "condition", "shape": other}),
        "add_1": Node("add_1", "add"),
        "output_1": Node("output_1", "output", {"role": "embedding"}),
    }
    edges = [
        Edge("input_1", "add_1", "output", "inputs", 0),
        Edge("input_2", "add_1", "output", "inputs", 1),
        Edge("add_1", "output_1"),
    ]
    project = Project(graph=Graph(nodes, {edge.key: edge for edge in edges}))
    project, placement = group(project, ["add_1"])
    return set_settings(project, [placement], {"each_step": True}), ROWS


def test_several_inputs_are_processed_step_by_step() -> None:
    project, facts = _add_of_two_inputs((7, 6))
    assert Checker().check(project, facts).ok
    component = compile_eval(project, facts).single
    x, y = torch.randn(2, 7, 6), torch.randn(2, 7, 6)
    torch.testing.assert_close(component.module(x, y), x + y)


def test_inputs_of_different_lengths_are_a_problem_of_the_placement() -> None:
    project, facts = _add_of_two_inputs((4, 6))
    problem = next(
        problem
        for problem in Checker().check(project, facts).problems
        if problem.code == "other-steps"
    )
    assert problem.path == _placement(project)
    assert "7 and 4" in problem.text


@pytest.mark.parametrize(
    ("signal", "word"),
    [
        (Signal((3, 8, 8), "float32", "picture"), "an image"),
        (Signal((9,), "float32", "features"), "one row of numbers"),
    ],
)
def test_input_without_a_time_axis_is_refused_with_a_fix(signal: Signal, word: str) -> None:
    project = design_for_each_step((("relu", {}),))
    report = Checker().check(project, DatasetInfo(inputs={"samples": signal}))
    problem = report.problems[0]
    placement = _placement(project)
    assert (problem.code, problem.path) == ("no-time-axis", placement)
    assert word in problem.text
    assert report.nodes["output_1"].blocked_by == placement
    repair = problem.repairs[0]
    assert (repair.arguments["scope"], repair.arguments["node"]) == ("", placement)
    repaired = set_settings(project, [placement], repair.arguments["changes"])
    assert Checker().check(repaired, DatasetInfo(inputs={"samples": signal})).ok
    with pytest.raises(CompileError, match="without steps"):
        compile_design(project, DatasetInfo(inputs={"samples": signal}))


def test_tokens_are_processed_one_by_one() -> None:
    facts = DatasetInfo(
        inputs={"samples": Signal((6,), "int64", "tokens")}, numbers={"vocabulary": 9}
    )
    project = design_for_each_step((("one_hot", {"num_classes": 9}),))
    component = compile_eval(project, facts).single
    tokens = torch.randint(0, 9, (2, 6))
    expected = nn.functional.one_hot(tokens, 9).float()
    torch.testing.assert_close(component.module(tokens).float(), expected)


def test_input_inside_the_block_is_refused() -> None:
    project = design_for_each_step((("linear", {"out_features": 6}), ("add", {})))
    block = next(iter(project.blocks))
    graph = project.blocks[block].graph
    nodes = {**graph.nodes, "input_9": Node("input_9", "input")}
    project = project.with_graph(Graph(nodes, graph.edges), block)
    project = connect(project, Edge("input_9", "add_1", "output", "inputs", 1), scope=block)
    codes = {problem.code for problem in Checker().check(project, ROWS).problems}
    assert "end-in-steps" in codes


def test_option_is_saved_and_changes_the_fingerprint() -> None:
    project = design_for_each_step(FRAME)
    assert decode(encode(project)) == project
    off = set_settings(project, [_placement(project)], {"each_step": False})
    assert fingerprint(off) != fingerprint(project)
    with pytest.raises(Exception, match="kind"):
        decode(_with_fold_kind(encode(project)))


def _with_fold_kind(document: dict[str, Any]) -> dict[str, Any]:
    document["graph"]["nodes"]["input_1"]["kind"] = "fold steps"
    return document


def test_ungrouping_is_refused_as_it_would_change_the_network() -> None:
    project = design_for_each_step(FRAME)
    with pytest.raises(EditError, match="time step"):
        ungroup(project, _placement(project))


def test_fold_kinds_are_not_in_the_catalogue() -> None:
    assert not [kind for kind in KINDS if "fold steps" in kind]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_random_blocks_for_each_step_run_as_a_loop(data: st.DataObject) -> None:
    facts = data.draw(st.sampled_from((VIDEO, ROWS)))
    signal = facts.inputs["samples"]
    inner = DatasetInfo(inputs={"samples": replace(signal, shape=signal.shape[1:], meaning="")})
    layers: list[Layer] = []
    for _ in range(data.draw(st.integers(1, 4))):
        kind = data.draw(st.sampled_from(sorted(SETTINGS)))
        if kind.startswith("batch_norm"):
            continue
        values = data.draw(st.fixed_dictionaries({}, optional=SETTINGS[kind]))
        plain, last = append_after(Project(), None, "input")
        for layer_kind, layer_values in [*layers, (kind, values)]:
            plain, last = append_after(plain, last, layer_kind, layer_values)
        if is_accepted(plain, inner, last):
            layers.append((kind, values))
    if not layers:
        return
    project = design_for_each_step(tuple(layers))
    if not Checker().check(project, facts).ok:
        return
    component = compile_eval(project, facts).single
    x = torch.randn(2, *signal.shape)
    names = step_layers(component.module)
    torch.testing.assert_close(
        component.module(x), loop_over_steps(component.module, names, x), rtol=1e-4, atol=1e-4
    )
