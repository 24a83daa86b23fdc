"""A layer for another number of axes is replaced by its variant."""

from __future__ import annotations

import re

import pytest

from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import append_after, set_title
from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.layers.registry import KINDS
from dlstudio.network.check.inference import Checker

SHAPES = {1: (8, 24), 2: (8, 24, 24), 3: (8, 24, 24, 24)}


def takes(name: str, axes: int) -> bool:
    """Whether a layer with default settings takes an input of so many axes."""
    kind = KINDS[name].parse({}, {})
    return not list(kind.check({"input": (Signal(SHAPES[axes]),)}))


VARIANTS = [name for name in KINDS if re.fullmatch(r".*\D[123]d", name)]
CASES = [
    (name, axes)
    for name in VARIANTS
    for axes in SHAPES
    if f"{name[:-2]}{axes}d" in KINDS and not takes(name, axes)
]


def chain(kind: str, shape: tuple[int, ...], **settings: object) -> tuple[Project, DatasetInfo]:
    project, last = append_after(Project(), None, "input")
    project, last = append_after(project, last, kind, settings)
    project = set_title(project, last, "Mine")
    project, _ = append_after(project, last, "output")
    return project, DatasetInfo(inputs={"samples": Signal(shape)})


@pytest.mark.parametrize(("kind", "axes"), CASES)
def test_first_fix_is_the_variant_for_these_axes(kind: str, axes: int) -> None:
    project, facts = chain(kind, SHAPES[axes])
    (problem,) = Checker().analyse(project, facts).report.problems
    variant = KINDS[f"{kind[:-2]}{axes}d"]
    assert problem.repairs[0].title == f"Use {variant.title} instead"
    fixed = apply_repair(project, problem.repairs[0])
    node = fixed.graph.nodes[f"{kind}_1"]
    assert (node.kind, node.title) == (variant.name, "Mine")
    assert Checker().analyse(fixed, facts).report.ok


def test_settings_are_kept_for_each_axis() -> None:
    project, facts = chain("conv1d", SHAPES[2], out_channels=5, kernel_size=(7,), stride=(2,))
    (problem,) = Checker().analyse(project, facts).report.problems
    settings = apply_repair(project, problem.repairs[0]).graph.nodes["conv1d_1"].settings
    assert settings == {"out_channels": 5, "kernel_size": (7, 7), "stride": (2, 2)}


def test_variant_that_does_not_fit_either_is_not_offered() -> None:
    project, facts = chain("conv1d", (8, 2, 2), kernel_size=(7,))
    (problem,) = Checker().analyse(project, facts).report.problems
    assert not any("instead" in repair.title for repair in problem.repairs)
