from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from dlstudio.design import edits
from dlstudio.design.blocks import group
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.model import BLOCK_OUTPUT, Graph, Project
from dlstudio.design.model.problems import Severity
from dlstudio.layers.framework.kind import Call
from dlstudio.network.check.inference import Checker
from dlstudio.network.check.meta import MetaResult, MetaRunner
from tests.network.design_builders import IMAGES, ROWS

CONV = {"out_channels": 4, "padding": (1, 1)}


def repeated(times: int, share: bool) -> Project:
    project, last = Project(), None
    for kind, settings in (
        ("input", {}), ("conv2d", CONV), ("conv2d", CONV), ("relu", {}), ("output", {}),
    ):  # fmt: skip
        project, last = edits.append_after(project, last, kind, settings)
    project, placement = group(project, ["conv2d_2", "relu_1"])
    return edits.set_settings(project, [placement], {"repeat": times, "share": share})


@pytest.mark.parametrize("share", [False, True])
def test_edit_inside_a_block_evaluates_only_the_first_repeats(
    monkeypatch: pytest.MonkeyPatch, share: bool
) -> None:
    checker, project = Checker(), repeated(40, share)
    assert len(checker.check(project, IMAGES).nodes) == 3 + 80
    calls: list[str] = []
    run = MetaRunner.run

    def recording_run(self: MetaRunner, call: Call, *args: Any, **kwargs: Any) -> MetaResult:
        calls.append(call.target.rpartition(".")[2])
        return run(self, call, *args, **kwargs)

    monkeypatch.setattr(MetaRunner, "run", recording_run)
    changed = edits.set_settings(project, ["conv2d_2"], {"bias": False}, scope="block")
    checker.check(changed, IMAGES)
    assert calls == ["Conv2d"]


def test_repeats_share_one_evaluation() -> None:
    checker, project = Checker(), repeated(5, share=True)
    first = checker.analyse(project, IMAGES)
    evaluation_ids = {
        id(evaluation) for path, evaluation in first.evaluations.items() if path.endswith("relu_1")
    }
    assert len(evaluation_ids) == 1
    wider = edits.set_settings(project, ["conv2d_1"], {"out_channels": 7})
    again = checker.check(wider, IMAGES)
    assert again == Checker().check(wider, IMAGES)


def repeated_convolution(
    settings: Mapping[str, Any], times: int = 3, share: bool = True
) -> Project:
    """Return a repeated block of a convolution, after a convolution with 4 channels."""
    project, last = Project(), None
    for kind, layer_settings in (
        ("input", {}), ("conv2d", CONV), ("conv2d", {**CONV, **settings}), ("output", {}),
    ):  # fmt: skip
        project, last = edits.append_after(project, last, kind, layer_settings)
    project, placement = group(project, ["conv2d_2"])
    return edits.set_settings(project, [placement], {"repeat": times, "share": share})


def codes(project: Project) -> set[tuple[str, str]]:
    return {(problem.code, problem.path) for problem in Checker().check(project, IMAGES).problems}


def test_only_layers_with_weights_need_equal_sizes_in_shared_repeats() -> None:
    project, last = Project(), None
    for kind, settings in (
        ("input", {}), ("zero_pad2d", {}), ("global_avg_pool", {}), ("unsqueeze", {}),
        ("unsqueeze", {}), ("output", {}),
    ):  # fmt: skip
        project, last = edits.append_after(project, last, kind, settings)
    inner = [node_id for node_id in project.graph.nodes if node_id[:3] not in ("inp", "out")]
    project, placement = group(project, inner)
    project = edits.set_settings(project, [placement], {"repeat": 3, "share": True})
    assert codes(project) == set()


def test_empty_block_is_checked() -> None:
    project = repeated_convolution({}, times=1, share=False)
    (block,) = project.blocks
    nodes = project.blocks[block].graph.nodes
    ends = {node_id: node for node_id, node in nodes.items() if node.kind.startswith("block_")}
    problem_codes = codes(project.with_graph(Graph(ends), block))
    (output,) = (node_id for node_id, node in ends.items() if node.kind == BLOCK_OUTPUT)
    assert ("unconnected-port", f"block_1.{output}") in problem_codes


def shared_unequal_repeats(*, bias: bool) -> Project:
    """Return a nested, repeated Linear from 12 to 4 features that shares its weights."""
    project, last = Project(), None
    for kind, settings in (
        ("input", {}), ("linear", {"out_features": 4, "bias": bias}), ("relu", {}), ("output", {}),
    ):  # fmt: skip
        project, last = edits.append_after(project, last, kind, settings)
    project, inner = group(project, ["linear_1"], "Inner")
    project, _ = group(project, [inner, "relu_1"], "Outer")
    return edits.set_settings(project, [inner], {"repeat": 3, "share": True}, "outer")


@pytest.mark.parametrize(
    ("bias", "severity", "message"),
    [
        (True, Severity.WARNING, "only “bias” can be shared"),
        (False, Severity.ERROR, "no weight can be shared"),
    ],
)
def test_repeats_that_cannot_share_are_reported_once_and_fixed(
    bias: bool, severity: Severity, message: str
) -> None:
    project = shared_unequal_repeats(bias=bias)
    (problem,) = Checker().check(project, ROWS).problems
    assert (problem.severity, problem.path) == (severity, "outer_1.inner_1.1.linear_1")
    assert message in problem.text
    repaired = apply_repair(project, problem.repairs[0])
    assert repaired.graph_at("outer").nodes["inner_1"].settings["share"] is False
    assert not Checker().check(repaired, ROWS).problems


def test_layer_that_shares_only_its_bias_is_reported() -> None:
    project, last = Project(), None
    for kind, size in (("input", 0), ("linear", 4), ("linear", 4), ("output", 0)):
        settings = {"out_features": size} if size else {}
        project, last = edits.append_after(project, last, kind, settings)
    tied = edits.set_weights_from(project, "linear_2", "linear_1")
    (problem,) = Checker().check(tied, ROWS).problems
    assert problem.title == "Only part of the weights is shared"
    assert apply_repair(tied, problem.repairs[0]) == project


def repeated_pooling(times: int) -> Project:
    """Return a nested, repeated block that halves an 8×8 image."""
    project, last = Project(), None
    for kind in ("input", "max_pool2d", "relu", "output"):
        project, last = edits.append_after(project, last, kind)
    project, inner = group(project, ["max_pool2d_1"], "Inner")
    project, _ = group(project, [inner, "relu_1"], "Outer")
    return edits.set_settings(project, [inner], {"repeat": times}, "outer")


def test_fix_of_too_many_repeats_is_the_largest_valid_number() -> None:
    assert not Checker().check(repeated_pooling(3), IMAGES).problems
    project = repeated_pooling(5)
    (problem,) = Checker().check(project, IMAGES).problems
    assert problem.path == "outer_1.inner_1.3.max_pool2d_1"
    repair = problem.repairs[-1]
    assert repair.title == "Repeat the block 3 times"
    assert apply_repair(project, repair) == repeated_pooling(3)


def test_error_in_the_first_repeat_has_no_fix_of_fewer_repeats() -> None:
    project = edits.set_settings(
        repeated_pooling(2), ["max_pool2d_1"], {"kernel_size": (9, 9)}, "inner"
    )
    (problem,) = Checker().check(project, IMAGES).problems
    assert not any("epeat" in repair.title for repair in problem.repairs)
