"""Settings of groups and frozen layers that have no effect are told on the card."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.design import edits
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.library.examples import example_names, example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.training_settings import ParameterGroup, Selector
from dlstudio.design.model.values import Ref
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from tests.training.training_designs import chain

CODES = {
    "shared-weights-train",
    "shared-weights-group",
    "no-parameter-group",
    "empty-parameter-group",
}
LAYERS = [
    ("flatten", {}),
    ("linear", {"out_features": 64}),
    ("relu", {}),
    ("linear", {"out_features": 64}),
    ("linear", {"out_features": Ref("classes")}),
]


def design(*groups: ParameterGroup) -> Project:
    project = chain(LAYERS)
    if groups:
        project = replace(project, training=replace(project.training, groups=groups))
    return project


def group_problems(project: Project) -> list[Problem]:
    return [p for p in check_project(project, Checker()).problems if p.code in CODES]


def test_layer_in_no_group_is_named_on_its_card_with_fixes() -> None:
    project = design(ParameterGroup("head", Selector(paths=("linear_3",))))
    problems = group_problems(project)
    assert [(p.code, p.path) for p in problems] == [
        ("no-parameter-group", "linear_1"),
        ("no-parameter-group", "linear_2"),
    ]
    assert group_problems(apply_repair(project, problems[0].repairs[0])) == []
    frozen = apply_repair(project, problems[0].repairs[1])
    assert [p.path for p in group_problems(frozen)] == ["linear_2"]


def test_group_without_layers_can_be_removed() -> None:
    stale = ParameterGroup("old", Selector(paths=("linear_9",)))
    shadowed = ParameterGroup("late", Selector(paths=("linear_1",)))
    project = design(stale, ParameterGroup("all"), shadowed)
    problems = group_problems(project)
    assert [p.title for p in problems] == [
        "The parameter group old has no layer",
        "The parameter group late has no layer",
    ]
    for _ in problems:
        project = apply_repair(project, group_problems(project)[0].repairs[0])
    assert [group.name for group in project.training.groups] == ["all"]


def test_frozen_layer_that_shares_trained_weights_is_named() -> None:
    project = edits.set_weights_from(design(), "linear_2", "linear_1")
    project = edits.set_settings(project, ["linear_2"], {"frozen": True})
    (problem,) = group_problems(project)
    assert (problem.code, problem.path) == ("shared-weights-train", "linear_2")
    for repair in problem.repairs:
        assert group_problems(apply_repair(project, repair)) == []
    both = edits.set_settings(project, ["linear_1"], {"frozen": True})
    assert group_problems(both) == []


def test_group_of_a_layer_with_shared_weights_has_no_effect() -> None:
    project = edits.set_weights_from(
        design(ParameterGroup("second", Selector(paths=("linear_2",))), ParameterGroup("rest")),
        "linear_2",
        "linear_1",
    )
    codes = [(p.code, p.path) for p in group_problems(project)]
    assert ("shared-weights-group", "linear_2") in codes


def test_no_example_contradicts_itself() -> None:
    for name in example_names():
        assert group_problems(load(example_path(name))) == [], name
