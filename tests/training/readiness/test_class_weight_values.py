"""Class weights by hand: what is wrong with them is named, and one click puts it right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem, Severity
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project


def weighted(values: dict[str, float], name: str = "spirals-mlp") -> Project:
    project = load(example_path(name))
    training = replace(project.training, class_weights="custom", class_weight_values=values)
    return replace(project, training=training)


def problems_of(project: Project) -> list[Problem]:
    return list(check_project(project, Checker()).problems)


def test_valid_weights_are_no_problem() -> None:
    assert problems_of(weighted({"A": 0.0, "B": 2.0})) == []


@pytest.mark.parametrize(
    ("values", "title", "fixed"),
    [
        ({"A": 2.0}, "No weight for B", {"A": 2.0, "B": 1.0}),
        ({"A": 2.0, "old": 3.0}, "No weight for B", {"A": 2.0, "B": 1.0}),
        ({}, "No weight for A, B", {"A": 1.0, "B": 1.0}),
        ({"A": 2.0, "B": -1.0}, "The weight of B is not", {"A": 2.0, "B": 1.0}),
        ({"A": 0.0, "B": 0.0}, "All class weights are 0", {"A": 1.0, "B": 1.0}),
    ],
)
def test_wrong_weights_are_an_error_with_a_fix(
    values: dict[str, float], title: str, fixed: dict[str, float]
) -> None:
    project = weighted(values)
    (problem,) = problems_of(project)
    assert (problem.code, problem.severity) == ("class-weights", Severity.ERROR)
    assert problem.title.startswith(title)
    repaired = apply_repair(project, problem.repairs[0])
    assert repaired.training.class_weight_values == fixed
    assert problems_of(repaired) == []


def test_weights_of_other_classes_are_a_warning() -> None:
    project = weighted({"A": 2.0, "B": 1.0, "old": 3.0})
    (problem,) = problems_of(project)
    assert problem.severity is Severity.WARNING
    assert "old" in problem.text
    repaired = apply_repair(project, problem.repairs[0])
    assert repaired.training.class_weight_values == {"A": 2.0, "B": 1.0}


def test_weights_of_labels_are_checked_by_their_names() -> None:
    (problem,) = problems_of(weighted({"circle": 2.0, "square": 1.0}, "shapes-labels"))
    assert problem.title == "No weight for triangle"
    assert "labels" in problem.text
