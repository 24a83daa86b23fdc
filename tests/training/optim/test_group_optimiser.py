from __future__ import annotations

import pytest
import torch

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.model.training_settings import (
    Clipping,
    Optimiser,
    ParameterGroup,
    Schedule,
    Selector,
)
from dlstudio.network.compile.compile import Compiled, compile_design
from dlstudio.training.optim.group_optimiser import (
    assign_parameters,
    build_group_optimisers,
    build_optimiser,
)
from dlstudio.training.optim.schedules import EpochSpan, SchedulePosition
from dlstudio.training.options.training_options import OPTIMISERS
from tests.training.training_designs import NOISY_LAYERS, PLAIN_LAYERS, chain

CPU = torch.device("cpu")


def compile_layers(layers=NOISY_LAYERS) -> Compiled:
    project = chain(layers)
    return compile_design(project, info_of(project.data))


def parameter_names(compiled: Compiled, parameters) -> list[str]:
    names_by_id = {id(parameter): name for name, parameter in compiled.module.named_parameters()}
    return [names_by_id[id(parameter)] for parameter in parameters]


def test_biases_and_norms_do_not_decay() -> None:
    compiled = compile_layers()
    (optimiser,) = build_group_optimisers(
        compiled, (ParameterGroup(optimiser=Optimiser("adamw", weight_decay=0.1)),), CPU
    )
    decaying, others = optimiser.torch_optimiser.param_groups
    assert (decaying["weight_decay"], others["weight_decay"]) == (0.1, 0.0)
    assert parameter_names(compiled, decaying["params"]) == ["linear_1.weight", "linear_2.weight"]
    assert parameter_names(compiled, others["params"]) == [
        "linear_1.bias",
        "batch_norm1d_1.weight",
        "batch_norm1d_1.bias",
        "linear_2.bias",
    ]


def test_decay_all_includes_biases_and_norms() -> None:
    settings = Optimiser("sgd", weight_decay=0.1, decay_all=True)
    (optimiser,) = build_group_optimisers(
        compile_layers(), (ParameterGroup(optimiser=settings),), CPU
    )
    assert [
        param_group["weight_decay"] for param_group in optimiser.torch_optimiser.param_groups
    ] == [0.1]


def test_groups_select_by_path_and_role() -> None:
    compiled = compile_layers()
    groups = (
        ParameterGroup("first", Selector(paths=("linear_1", "batch_norm1d_1"))),
        ParameterGroup("empty", Selector(role="realness")),
        ParameterGroup("scores", Selector(role="class scores", paths=("linear",))),
        ParameterGroup("rest", Selector(role="class scores")),
    )
    first, empty, scores, rest = (
        parameter_names(compiled, members) for members in assign_parameters(compiled, groups)
    )
    assert [name.partition(".")[0] for name in first] == ["linear_1"] * 2 + ["batch_norm1d_1"] * 2
    assert empty == scores == []
    assert rest == ["linear_2.weight", "linear_2.bias"]


def test_learning_rate_combines_factor_and_schedule() -> None:
    group = ParameterGroup(
        optimiser=Optimiser(learning_rate=0.2), factor=0.5, schedule=Schedule("step", {"every": 1})
    )
    (optimiser,) = build_group_optimisers(compile_layers(), (group,), CPU)
    assert optimiser.learning_rate(
        SchedulePosition(1, 0, EpochSpan(0, 9), 5), 1.0
    ) == pytest.approx(0.01)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_optimisers_are_fused_if_torch_supports_it(name: str) -> None:
    optimiser = build_optimiser(Optimiser(name), [torch.nn.Parameter(torch.ones(2, 2))], CPU)
    assert bool(optimiser.defaults.get("fused")) is (name != "rmsprop")


@pytest.mark.parametrize("mode", ["norm", "value"])
def test_gradients_are_clipped(mode: str) -> None:
    group = ParameterGroup(clipping=Clipping(mode, 0.1))
    (optimiser,) = build_group_optimisers(compile_layers(PLAIN_LAYERS), (group,), CPU)
    for parameter in optimiser.parameters:
        parameter.grad = torch.ones_like(parameter)
    optimiser.clip_gradients()
    flat = torch.cat([gradient.flatten() for gradient in optimiser.gradients()])
    largest = flat.norm() if mode == "norm" else flat.abs().max()
    assert float(largest) == pytest.approx(0.1, rel=1e-4)
    optimiser.zero_grad()
    assert not [*optimiser.gradients()]


@pytest.mark.parametrize(
    ("optimiser", "message"),
    [
        (Optimiser("luck"), "no optimiser called 'luck'"),
        (Optimiser("adam", settings={"beta1": 2.0}), "Beta 1 must be between"),
        (Optimiser("sgd", settings={"nesterov": True}), "Nesterov"),
        (Optimiser("sgd", settings={"speed": 1}), "no setting called 'speed'"),
    ],
)
def test_invalid_optimisers_are_rejected(optimiser: Optimiser, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build_group_optimisers(compile_layers(), (ParameterGroup(optimiser=optimiser),), CPU)


def test_network_without_weights_has_no_optimiser() -> None:
    compiled = compile_layers([("flatten", {}), ("relu", {})])
    assert build_group_optimisers(compiled, (ParameterGroup(),), CPU) == ()
