"""Fixes of problems inside blocks change what their titles name, and nothing else."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from dlstudio.design import edits
from dlstudio.design.blocks import group, merge_definitions
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.editing.blocks.grouping import placements
from dlstudio.design.editing.blocks.parameters import promote_setting
from dlstudio.design.library.library import shipped_blocks
from dlstudio.design.model.model import BLOCK, BLOCK_INPUT, TOP, Project
from dlstudio.design.model.problems import Problem, Repair
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from tests.network.design_builders import IMAGES

CHECKER = Checker()
DESIGNS = 24


def problems_of(project: Project) -> list[Problem]:
    return list(check_project(project, CHECKER, IMAGES).problems)


def place(project: Project, after: str, name: str, **settings: object) -> tuple[Project, str]:
    """Return the project with a shipped block appended after a card."""
    file = shipped_blocks()[name]
    project, ids = merge_definitions(project, file.definitions)
    port = next(node.id for node in file.block.graph.nodes.values() if node.kind == BLOCK_INPUT)
    chosen = {"block": ids[file.block_id], **settings}
    return edits.append_after(project, after, BLOCK, chosen, input_port=port)


def convolution(channels: int) -> tuple[Project, str]:
    project, source = edits.add_node(Project(), "input", (0.0, 0.0))
    settings = {"out_channels": channels, "padding": (1, 1)}
    return edits.append_after(project, source, "conv2d", settings)


def mismatches() -> Iterator[Project]:
    """Yield designs with a mismatch inside blocks: with parameters, repeated, placed twice."""
    rng = random.Random(3)
    names = sorted(shipped_blocks())
    for _ in range(DESIGNS):
        project, last = convolution(rng.choice((4, 6, 16, 20)))
        repeat = {"repeat": rng.choice((1, 2, 3))}
        name = rng.choice(names)
        project, last = place(project, last, name, **repeat)
        if rng.random() < 0.5:
            project, last = place(project, last, rng.choice((name, rng.choice(names))))
        yield project


def changed_scopes(before: Project, after: Project) -> set[str]:
    """Return the scopes whose graphs differ."""
    scopes = {TOP, *before.blocks, *after.blocks}
    return {scope for scope in scopes if before.graph_at(scope) != after.graph_at(scope)}


def check_title(before: Project, after: Project, repair: Repair) -> None:
    (scope,) = changed_scopes(before, after)
    inside = re.search(r" inside (.+?)(?:, used (\d+) times)?$", repair.title)
    assert bool(inside) is (scope != TOP)
    if inside:
        assert inside[1] == before.blocks[scope].title
        assert int(inside[2] or 1) == len(placements(before, scope))
    value = re.match(r"Set (.+) to (\d+) on ", repair.title)
    if value and scope == TOP:
        old, new = before.graph.nodes, after.graph.nodes
        (node_id,) = (key for key, node in new.items() if node is not old[key])
        assert before.graph.edges == after.graph.edges
        values = new[node_id].settings["values"]
        assert isinstance(values, dict)
        assert values[value[1].replace(" ", "_")] == int(value[2])


def test_every_fix_in_blocks_changes_only_what_its_title_names() -> None:
    repairs = 0
    for project in mismatches():
        for problem in problems_of(project):
            for number, repair in enumerate(problem.repairs):
                fixed = apply_repair(project, repair)
                check_title(project, fixed, repair)
                repairs += 1
                left = {(p.path, p.code) for p in problems_of(fixed) if p.is_contradiction}
                if number == 0 and problem.is_contradiction:
                    assert (problem.path, problem.code) not in left, repair.title
    assert repairs > DESIGNS


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("residual", "Set channels to 16 on Residual"),
        ("bottleneck", "Set channels to 4 on Bottleneck"),
        ("squeeze-excitation", "Set channels to 16 on Squeeze-and-excitation"),
        ("transformer-encoder", "Insert Reshape to 128×8 before Transformer encoder"),
    ],
)
def test_fix_is_offered_where_the_person_sees_it(name: str, title: str) -> None:
    project, placed = place(*convolution(16), name)
    problem = next(p for p in problems_of(project) if p.is_contradiction)
    assert problem.path.startswith(f"{placed}.")
    assert problem.repairs[0].title == title
    fixed = apply_repair(project, problem.repairs[0])
    assert fixed.blocks is project.blocks
    assert (problem.path, problem.code) not in {(p.path, p.code) for p in problems_of(fixed)}


def test_only_the_wrong_one_of_two_placements_is_changed() -> None:
    project, first = place(*convolution(16), "residual", values={"channels": 16})
    project, second = place(project, first, "residual", values={"channels": 24})
    problem = next(p for p in problems_of(project) if p.is_contradiction)
    assert problem.repairs[0].title == f"Set channels to 16 on Residual ({second})"
    assert problem.repairs[1].title.endswith(" inside Residual, used 2 times")
    fixed = apply_repair(project, problem.repairs[0])
    assert fixed.graph.nodes[first] is project.graph.nodes[first]


def test_output_of_a_block_is_resized_by_its_parameter() -> None:
    project, source = edits.add_node(Project(), "input", (0.0, 0.0))
    project, last = edits.append_after(project, source, "flatten", {})
    project, last = edits.append_after(project, last, "linear", {"out_features": 64})
    project, _ = edits.append_after(project, last, "output", {})
    project = grouped(project, last)
    problem = next(p for p in problems_of(project) if p.code == "output-classes")
    assert problem.repairs[0].title == "Set outputs to 10 on Block"
    assert not any(
        p.is_contradiction for p in problems_of(apply_repair(project, problem.repairs[0]))
    )


def grouped(project: Project, node: str) -> Project:
    """Return the project with a card grouped into a block, whose outputs are a parameter."""
    project, placement = group(project, [node])
    block = str(project.graph.nodes[placement].settings["block"])
    return promote_setting(project, node, "out_features", "outputs", 64, scope=block)
