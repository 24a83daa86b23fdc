"""Every parameter of a compiled network has one owner, one frozen state and one group."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design import edits
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import Optimiser, ParameterGroup, Selector
from dlstudio.design.model.values import Ref
from dlstudio.network.compile.compile import Compiled, compile_design
from dlstudio.training.optim.group_optimiser import assign_parameters
from dlstudio.training.protocol.events import Finished
from tests.training.training_designs import chain, run_training, single_event


def tied(settings: Mapping[str, Mapping[str, Any]], *, bias: bool = True) -> Project:
    """Return a network in which `linear_2` takes the weight, or weight and bias, of `linear_1`."""
    layers = [
        ("flatten", {}),
        ("linear", {"out_features": 64, **settings.get("linear_1", {})}),
        ("relu", {}),
        ("linear", {"out_features": 64, "bias": bias, **settings.get("linear_2", {})}),
        ("linear", {"out_features": Ref("classes")}),
    ]
    return edits.set_weights_from(chain(layers), "linear_2", "linear_1")


def compile_it(project: Project) -> Compiled:
    return compile_design(project, info_of(project.data))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("owner_frozen", [True, False])
@pytest.mark.parametrize("user_frozen", [True, False])
def test_owner_decides_whether_a_shared_weight_is_frozen(
    bias: bool, owner_frozen: bool, user_frozen: bool, tmp_path: Path
) -> None:
    project = tied(
        {"linear_1": {"frozen": owner_frozen}, "linear_2": {"frozen": user_frozen}}, bias=bias
    )
    compiled = compile_it(project)
    weight = compiled.module.get_parameter("linear_1.weight")
    assert weight.requires_grad is not owner_frozen
    short = replace(project, training=replace(project.training, epochs=1))
    finished = single_event(run_training(short, run_dir=str(tmp_path / "run")), Finished)
    trained = load_file(finished.weights_file)["linear_1.weight"]
    assert torch.equal(trained, weight) is owner_frozen


def test_own_part_of_a_layer_that_shares_can_be_frozen_alone() -> None:
    partly = {"linear_1": {"bias": False}, "linear_2": {"frozen": True}}
    compiled = compile_it(tied(partly))
    assert compiled.ties == {"linear_2.weight": "linear_1.weight"}
    assert compiled.module.get_parameter("linear_1.weight").requires_grad
    assert compiled.module.get_parameter("linear_2.weight").requires_grad
    assert not compiled.module.get_parameter("linear_2.bias").requires_grad


def test_shared_weight_follows_the_group_of_its_owner() -> None:
    groups = (
        ParameterGroup("second", Selector(paths=("linear_2",)), Optimiser("sgd")),
        ParameterGroup("rest"),
    )
    compiled = compile_it(tied({"linear_1": {"bias": False}}))
    members = assign_parameters(compiled, groups)
    weight = compiled.module.get_parameter("linear_1.weight")
    assert [any(p is weight for p in group) for group in members] == [False, True]
    bias = compiled.module.get_parameter("linear_2.bias")
    assert [any(p is bias for p in group) for group in members] == [True, False]


@pytest.mark.parametrize("seed", range(20))
def test_each_parameter_has_one_owner_one_state_and_one_group(seed: int) -> None:
    rng = random.Random(seed)
    width, count = 8, rng.randint(3, 6)
    layers: list[tuple[str, Mapping[str, Any]]] = [
        ("flatten", {}),
        ("linear", {"out_features": width}),
    ]
    layers += [
        (
            "linear",
            {
                "out_features": width,
                "bias": rng.random() < 0.6,
                "frozen": rng.random() < 0.4,
            },
        )
        for _ in range(count)
    ]
    project = chain([*layers, ("linear", {"out_features": Ref("classes")})])
    inner = [f"linear_{number}" for number in range(2, count + 2)]
    for path in inner:
        source = rng.choice(inner)
        if source != path and rng.random() < 0.5:
            changed = edits.set_weights_from(project, path, source)
            if not _is_cyclic(changed):
                project = changed
    compiled = compile_it(project)
    groups = tuple(
        ParameterGroup(str(number), Selector(paths=tuple(rng.sample(inner, 2))))
        for number in range(2)
    )
    members = assign_parameters(compiled, (*groups, ParameterGroup("rest")))
    flat = [id(parameter) for group in members for parameter in group]
    assert sorted(flat) == sorted({id(p) for p in compiled.module.parameters()})
    nodes = project.graph.nodes
    for name, parameter in compiled.module.named_parameters(remove_duplicate=False):
        layer = compiled.ties.get(name, name).partition(".")[0]
        assert parameter is compiled.module.get_parameter(compiled.ties.get(name, name))
        assert parameter.requires_grad is (nodes[layer].settings.get("frozen") is not True)


def _is_cyclic(project: Project) -> bool:
    for start in project.graph.nodes.values():
        seen, node = set(), start
        while node.weights_from:
            if node.id in seen:
                return True
            seen.add(node.id)
            node = project.graph.nodes[node.weights_from]
    return False
