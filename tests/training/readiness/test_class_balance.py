"""Imbalanced classes are noticed, and one click balances their weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dlstudio.data.load import load_data
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import dumps, load, loads
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem, Severity
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project


@pytest.fixture
def points() -> Project:
    project = load(example_path("spirals-mlp"))
    return replace(project, data=replace(project.data, source="moons", options={"share": 0.05}))


def problems_of(project: Project) -> list[Problem]:
    return list(check_project(project, Checker()).problems)


def test_imbalance_is_a_hint_with_a_fix(points: Project) -> None:
    (problem,) = problems_of(points)
    assert problem.code == "imbalanced-classes"
    assert problem.severity is Severity.HINT
    assert problem.title == "A has 19 times the samples of B"
    assert "475 samples are A and only 25 are B" in problem.text
    assert "95 %" in problem.text
    fixed = apply_repair(points, problem.repairs[0])
    assert fixed.training.class_weights == "balanced"
    assert problems_of(fixed) == []


@pytest.mark.parametrize(("share", "expected"), [(0.5, 0), (0.18, 0), (0.16, 1), (0.9, 1)])
def test_hint_begins_at_five_to_one(points: Project, share: float, expected: int) -> None:
    changed = replace(points, data=replace(points.data, options={"share": share}))
    assert len(problems_of(changed)) == expected


def test_weights_without_effect_are_a_warning(points: Project) -> None:
    training = replace(points.training, task="reconstruction", class_weights="balanced")
    project = replace(points, training=training)
    by_code = {problem.code: problem for problem in problems_of(project)}
    assert by_code["class-weights"].severity is Severity.WARNING
    fixed = apply_repair(project, by_code["class-weights"].repairs[0])
    assert fixed.training.class_weights == "none"


def test_unknown_class_weights_are_refused(points: Project) -> None:
    training = replace(points.training, class_weights="loud")
    assert "error" in {
        str(problem.severity) for problem in problems_of(replace(points, training=training))
    }


def test_declared_counts_are_those_of_the_data(points: Project) -> None:
    data = load_data(points.data)
    assert data.facts == info_of(points.data)
    assert data.facts.class_counts == (475, 25)
    counted = sum(int((subset.target == 1).sum()) for subset in data.subsets.values())
    assert counted == 25


def test_own_data_counts_its_classes(points: Project, tmp_path: Path) -> None:
    rows = "\n".join(f"{i},{i % 7},{'rare' if i % 10 == 0 else 'usual'}" for i in range(200))
    (tmp_path / "own.csv").write_text(f"a,b,kind\n{rows}\n", encoding="utf-8")
    settings = DataSettings(
        source="csv", options={"path": str(tmp_path / "own.csv"), "columns": {"kind": "class"}}
    )
    facts = load_data(settings).facts
    assert dict(zip(facts.class_names, facts.class_counts, strict=True)) == {
        "rare": 20,
        "usual": 180,
    }
    project = replace(points, data=replace(settings, facts=facts))
    assert loads(dumps(project)).data.facts == facts
    assert "imbalanced-classes" in {problem.code for problem in problems_of(project)}
