"""Chains on built-in data, and the problems that prevent their training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import append_after
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.design.model.values import Ref
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project

Layer = tuple[str, Mapping[str, Any]]
CHECKER = Checker()
LAST = ("linear", {"out_features": Ref("classes")})


def chain(*layers: Layer, source: str = "iris", **training: Any) -> Project:
    """Return a chain of Input, the layers and Output on a built-in data set."""
    project = Project(data=DataSettings(source=source), training=TrainingSettings(**training))
    project, end = append_after(project, None, "input")
    for kind, settings in (*layers, ("output", {})):
        port = "inputs" if kind == "add" else "input"
        project, end = append_after(project, end, kind, settings, port)
    return project


def problems(project: Project, facts: DatasetInfo | None = None) -> dict[str, Problem]:
    return {problem.code: problem for problem in check_project(project, CHECKER, facts).problems}


def assert_every_fix_resolves(project: Project, code: str) -> None:
    problem = problems(project)[code]
    assert problem.repairs
    for repair in problem.repairs:
        assert code not in problems(apply_repair(project, repair)), repair.title
