"""Blocks for each time step: the same as a loop over the steps written by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, fx, nn

from dlstudio.design.blocks import group, ungroup
from dlstudio.design.edits import EditError, append_after, connect, set_settings
from dlstudio.design.expand import expand
from dlstudio.design.fingerprint import fingerprint
from dlstudio.design.model import Edge, Graph, Node, Project
from dlstudio.design.signals import DataFacts, Signal
from dlstudio.design.storage.codec import decode, encode
from dlstudio.layers.registry import KINDS
from dlstudio.network.compile import Compiled, CompileError, compile_design
from dlstudio.network.inference import Checker
from tests.network.random_designs import SETTINGS, accepted

VIDEO = DataFacts(inputs={"samples": Signal((5, 2, 8, 8), "float32", "array")})
ROWS = DataFacts(inputs={"samples": Signal((7, 6), "float32", "sequence")})
Layer = tuple[str, dict[str, Any]]
FRAME: tuple[Layer, ...] = (
    ("conv2d", {"out_channels": 3}),
    ("relu", {}),
    ("flatten", {}),
    ("linear", {"out_features": 4}),
)


def stepwise(layers: tuple[Layer, ...], after: tuple[Layer, ...] = (), **more: Any) -> Project:
    """Return a design whose first layers stand in a block for each time step."""
    project, last = append_after(Project(), None, "input")
    inner = []
    for kind, values in layers:
        project, last = append_after(project, last, kind, values)
        inner.append(last)
    for kind, values in (*after, ("output", {"role": "embedding"})):
        project, last = append_after(project, last, kind, values)
    project, placement = group(project, inner)
    return set_settings(project, [placement], {"each_step": True, **more})


def compiled(project: Project, facts: DataFacts) -> Compiled:
    network = compile_design(project, facts)
    network.module.eval()
    return network


def by_hand(module: nn.Module, names: list[str], x: Tensor) -> Tensor:
    steps = []
    for t in range(x.shape[1]):
        step = x[:, t]
        for name in names:
            step = module.get_submodule(name)(step)
        steps.append(step)
    return torch.stack(steps, 1)


def order(module: fx.GraphModule) -> list[str]:
    """Return the layers that see single steps, in the order of their calls."""
    calls = (str(node.target) for node in module.graph.nodes if node.op == "call_module")
    return [target for target in calls if "fold_steps" not in target]


def test_a_block_for_each_step_is_a_loop_over_the_steps() -> None:
    module = compiled(stepwise(FRAME), VIDEO).single.module
    x = torch.randn(3, 5, 2, 8, 8)
    assert len(order(module)) == len(FRAME)
    torch.testing.assert_close(module(x), by_hand(module, order(module), x))


def test_gradients_are_those_of_the_loop() -> None:
    module = compiled(stepwise(FRAME), VIDEO).single.module
    x = torch.randn(3, 5, 2, 8, 8)
    weight = next(parameter for name, parameter in module.named_parameters() if "conv2d" in name)
    gradients = [
        torch.autograd.grad(answer.square().sum(), weight)[0]
        for answer in (module(x), by_hand(module, order(module), x))
    ]
    torch.testing.assert_close(*gradients, rtol=1e-4, atol=1e-4)


def test_shapes_and_costs_are_told_for_all_steps() -> None:
    report = Checker().check(stepwise(FRAME), VIDEO)
    assert report.ok, report.problems
    single = DataFacts(inputs={"samples": Signal((2, 8, 8), "float32", "picture")})
    plain = set_settings(project := stepwise(FRAME), [_placement(project)], {"each_step": False})
    once = Checker().check(plain, single)
    assert report.cost.parameters == once.cost.parameters
    assert report.cost.multiply_adds == 5 * once.cost.multiply_adds
    assert report.cost.activation_bytes == 5 * once.cost.activation_bytes
    assert report.nodes["output_1"].inputs["input"][0].shape == (5, 4)


def _placement(project: Project) -> str:
    return next(node_id for node_id, node in project.graph.nodes.items() if node.kind == "block")


@pytest.mark.parametrize("share", [False, True])
def test_repeats_stay_inside_the_steps(share: bool) -> None:
    project = stepwise((("linear", {"out_features": 6}),), repeat=3, share=share)
    component = compiled(project, ROWS).single
    x = torch.randn(2, 7, 6)
    layer_names = [
        name for name, layer in component.module.named_modules() if isinstance(layer, nn.Linear)
    ]
    assert len(layer_names) == (1 if share else 3)
    names = layer_names * 3 if share else layer_names
    torch.testing.assert_close(component.module(x), by_hand(component.module, names, x))
    folds = [path for path, flat in expand(project).nodes.items() if "fold" in flat.node.kind]
    assert len(folds) == 2


def test_blocks_for_each_step_nest() -> None:
    project = stepwise((("linear", {"out_features": 3}),))
    project, _ = group(project, [_placement(project)])
    project = set_settings(project, [_placement(project)], {"each_step": True})
    facts = DataFacts(inputs={"samples": Signal((4, 5, 6), "float32", "array")})
    report = Checker().check(project, facts)
    assert report.ok, report.problems
    assert report.cost.multiply_adds == 4 * 5 * 6 * 3
    component = compiled(project, facts).single
    linear = next(layer for layer in component.module.modules() if isinstance(layer, nn.Linear))
    x = torch.randn(2, 4, 5, 6)
    torch.testing.assert_close(component.module(x), linear(x))


def _joined(other: tuple[int, ...]) -> tuple[Project, DataFacts]:
    """Return an Add of two inputs, in a block for each step."""
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


def test_several_inputs_go_step_by_step_together() -> None:
    project, facts = _joined((7, 6))
    assert Checker().check(project, facts).ok
    component = compiled(project, facts).single
    x, y = torch.randn(2, 7, 6), torch.randn(2, 7, 6)
    torch.testing.assert_close(component.module(x, y), x + y)


def test_inputs_of_other_lengths_are_refused_on_the_placement() -> None:
    project, facts = _joined((4, 6))
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
        (Signal((3, 8, 8), "float32", "picture"), "a picture"),
        (Signal((9,), "float32", "features"), "one row of numbers"),
    ],
)
def test_what_has_no_time_axis_is_refused_with_a_remedy(signal: Signal, word: str) -> None:
    project = stepwise((("relu", {}),))
    report = Checker().check(project, DataFacts(inputs={"samples": signal}))
    problem = report.problems[0]
    placement = _placement(project)
    assert (problem.code, problem.path) == ("no-time-axis", placement)
    assert word in problem.text
    assert report.nodes["output_1"].waiting_for == placement
    repair = problem.repairs[0]
    assert (repair.arguments["scope"], repair.arguments["node"]) == ("", placement)
    repaired = set_settings(project, [placement], repair.arguments["changes"])
    assert Checker().check(repaired, DataFacts(inputs={"samples": signal})).ok
    with pytest.raises(CompileError, match="no steps"):
        compile_design(project, DataFacts(inputs={"samples": signal}))


def test_tokens_are_taken_one_by_one() -> None:
    facts = DataFacts(
        inputs={"samples": Signal((6,), "int64", "tokens")}, numbers={"vocabulary": 9}
    )
    project = stepwise((("one_hot", {"num_classes": 9}),))
    component = compiled(project, facts).single
    tokens = torch.randint(0, 9, (2, 6))
    expected = nn.functional.one_hot(tokens, 9).float()
    torch.testing.assert_close(component.module(tokens).float(), expected)


def test_an_input_inside_is_refused() -> None:
    project = stepwise((("linear", {"out_features": 6}), ("add", {})))
    block = next(iter(project.blocks))
    inside = project.blocks[block].graph
    nodes = {**inside.nodes, "input_9": Node("input_9", "input")}
    project = project.with_graph(Graph(nodes, inside.edges), block)
    project = connect(project, Edge("input_9", "add_1", "output", "inputs", 1), scope=block)
    codes = {problem.code for problem in Checker().check(project, ROWS).problems}
    assert "end-in-steps" in codes


def test_the_option_is_kept_in_the_file_and_told_apart() -> None:
    project = stepwise(FRAME)
    assert decode(encode(project)) == project
    off = set_settings(project, [_placement(project)], {"each_step": False})
    assert fingerprint(off) != fingerprint(project)
    with pytest.raises(Exception, match="kind"):
        decode(_renamed(encode(project)))


def _renamed(plain: dict[str, Any]) -> dict[str, Any]:
    plain["graph"]["nodes"]["input_1"]["kind"] = "fold steps"
    return plain


def test_ungrouping_is_refused_as_it_would_change_the_network() -> None:
    project = stepwise(FRAME)
    with pytest.raises(EditError, match="time step"):
        ungroup(project, _placement(project))


def test_no_palette_offers_what_is_written_out() -> None:
    assert not [kind for kind in KINDS if "fold steps" in kind]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_random_blocks_for_each_step_run_as_a_loop(data: st.DataObject) -> None:
    facts = data.draw(st.sampled_from((VIDEO, ROWS)))
    signal = facts.inputs["samples"]
    inner = DataFacts(inputs={"samples": replace(signal, shape=signal.shape[1:], meaning="")})
    layers: list[Layer] = []
    for _ in range(data.draw(st.integers(1, 4))):
        kind = data.draw(st.sampled_from(sorted(SETTINGS)))
        if kind.startswith("batch_norm"):
            continue
        values = data.draw(st.fixed_dictionaries({}, optional=SETTINGS[kind]))
        plain, last = append_after(Project(), None, "input")
        for layer_kind, layer_values in [*layers, (kind, values)]:
            plain, last = append_after(plain, last, layer_kind, layer_values)
        if accepted(plain, inner, last):
            layers.append((kind, values))
    if not layers:
        return
    project = stepwise(tuple(layers))
    if not Checker().check(project, facts).ok:
        return
    component = compiled(project, facts).single
    x = torch.randn(2, *signal.shape)
    names = order(component.module)
    torch.testing.assert_close(
        component.module(x), by_hand(component.module, names, x), rtol=1e-4, atol=1e-4
    )
