from __future__ import annotations

import pytest

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project


@pytest.mark.parametrize(("name", "source"), [("gpt-2-small", "text"), ("resnet-18", "digits")])
def test_suggested_data_matches_the_inputs(name: str, source: str) -> None:
    project = load(example_path(name))
    report = check_project(project, Checker(), info_of(project.data))
    (problem,) = (problem for problem in report.problems if problem.code == "no-data")
    fixed = apply_repair(project, problem.repairs[0])
    assert fixed.data.source == source
    if source == "text":
        assert not check_project(fixed, Checker(), info_of(fixed.data)).problems
