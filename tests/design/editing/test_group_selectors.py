"""Parameter groups follow their layers into blocks and out of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlstudio.design import edits
from dlstudio.design.blocks import group, ungroup
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import ParameterGroup, Selector


def project_with(*paths: str) -> Project:
    project, last = Project(), None
    for kind in ("input", "linear", "relu", "linear", "output"):
        project, last = edits.append_after(project, last, kind)
    return with_group(project, *paths)


def with_group(project: Project, *paths: str) -> Project:
    groups = (ParameterGroup("own", Selector(paths=paths), factor=0.1), ParameterGroup())
    return edits.set_training(project, replace(project.training, groups=groups))


def paths(project: Project) -> tuple[str, ...]:
    return project.training.groups[0].selector.paths


def test_layer_keeps_its_group_when_grouped_and_ungrouped() -> None:
    project = project_with("linear_1", "linear_2")
    grouped, placement = group(project, ["linear_1", "relu_1"])
    assert paths(grouped) == (f"{placement}.linear_1", "linear_2")
    nested, outer = group(grouped, [placement])
    assert paths(nested) == (f"{outer}.{placement}.linear_1", "linear_2")
    assert ungroup(nested, outer) == grouped
    assert ungroup(grouped, placement) == project


def test_parameter_group_follows_grouping_inside_a_block() -> None:
    grouped, placement = group(project_with("linear_1"), ["linear_1", "relu_1"])
    nested, inner = group(grouped, ["linear_1"], scope="block")
    assert paths(nested) == (f"{placement}.{inner}.linear_1",)
    assert ungroup(nested, inner, "block") == grouped


@pytest.mark.parametrize(
    ("path", "after"),
    [
        ("{0}", ("linear_1", "relu_1", "linear_3", "relu_2")),
        ("{0}.1", ("linear_3", "relu_2")),
        ("{0}.1.linear_1", ("linear_3",)),
        ("linear_2", ("linear_2",)),
    ],
)
def test_parameter_group_of_a_block_covers_its_ungrouped_layers(
    path: str, after: tuple[str, ...]
) -> None:
    grouped, placement = group(project_with("linear_2"), ["linear_1", "relu_1"])
    repeated = edits.set_settings(grouped, [placement], {"repeat": 2})
    assert paths(ungroup(with_group(repeated, path.format(placement)), placement)) == after


def test_settings_of_unaffected_groups_stay_the_same_object() -> None:
    project = project_with("linear_2")
    grouped, placement = group(project, ["linear_1", "relu_1"])
    assert grouped.training is project.training
    assert ungroup(grouped, placement).training is project.training
