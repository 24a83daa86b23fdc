"""The wire offered for an unconnected card comes from the nearest output that fits."""

from __future__ import annotations

import pytest

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design import edits
from dlstudio.design.blocks import group
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.model import Edge, Project
from dlstudio.design.model.problems import Problem
from dlstudio.network.check.inference import Checker

STEP = 170.0


def chain(*kinds: str, project: Project | None = None, row: float = 0.0) -> Project:
    """Return a design with a chain of layers from left to right, added to a given one."""
    project, before = project or Project(), ""
    for column, kind in enumerate(kinds):
        project, node = edits.add_node(project, kind, (column * STEP, row))
        if before:
            project = edits.connect(project, Edge(before, node))
        before = node
    return project


def problem_of(project: Project, path: str) -> Problem:
    report = Checker().check(project, info_of(project.data))
    return next(problem for problem in report.problems if problem.path == path)


def offered_source(project: Project, node: str) -> str:
    problem = problem_of(project, node)
    assert problem.code == "unconnected-port"
    wires = [repair for repair in problem.repairs if repair.edit == "connect"]
    assert len(wires) <= 1
    if not wires:
        return ""
    fixed = apply_repair(project, wires[0])
    remaining = Checker().check(fixed, info_of(project.data)).problems
    assert not any(other.is_contradiction for other in remaining if other.path == node)
    return str(wires[0].arguments["source"])


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("linear", "flatten_1"),
        ("batch_norm1d", "flatten_1"),
        ("conv2d", "relu_1"),
        ("max_pool2d", "relu_1"),
        ("output", "flatten_1"),
        ("relu", "flatten_1"),
        ("embedding", ""),
    ],
)
def test_end_of_the_chain_comes_before_outputs_in_use(kind: str, source: str) -> None:
    project = chain("input", "conv2d", "relu", "flatten")
    project, node = edits.add_node(project, kind, (4 * STEP, 90.0))
    assert offered_source(project, node) == source


def test_of_two_ends_the_one_that_fits_is_chosen() -> None:
    project = chain("input", "conv2d", "relu")
    project = chain("input", "flatten", project=project, row=300.0)
    project, linear = edits.add_node(project, "linear", (3 * STEP, 60.0))
    assert offered_source(project, linear) == "flatten_1"
    project, conv = edits.add_node(project, "conv2d", (3 * STEP, 260.0))
    assert offered_source(project, conv) == "relu_1"


def test_an_input_in_use_is_the_last_choice() -> None:
    project = chain("input", "conv2d", "relu", "flatten", "linear", "output")
    project, node = edits.add_node(project, "conv2d", (1.2 * STEP, 120.0))
    assert offered_source(project, node) == "conv2d_1"
    project, first = edits.add_node(project, "conv2d", (0.5 * STEP, 120.0))
    assert offered_source(project, first) == "input_1"


def test_cards_inside_a_block_are_wired_there() -> None:
    project = chain("input", "conv2d", "relu", "flatten")
    grouped, placement = group(project, ["conv2d_1", "relu_1"])
    block = str(grouped.graph.nodes[placement].settings["block"])
    inside, node = edits.add_node(grouped, "max_pool2d", (3 * STEP, 200.0), scope=block)
    problem = problem_of(inside, f"{placement}.{node}")
    (wire,) = (repair for repair in problem.repairs if repair.edit == "connect")
    assert wire.arguments["scope"] == block
    assert wire.arguments["source"] in {"relu_1", "conv2d_1"}
