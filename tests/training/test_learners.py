from __future__ import annotations

import pytest
import torch

from dlstudio.data.facts import facts_of
from dlstudio.design.training_settings import (
    Clipping,
    Optimiser,
    ParameterGroup,
    Schedule,
    Selector,
)
from dlstudio.network.compile import Compiled, compile_design
from dlstudio.training.errors import TrainingError
from dlstudio.training.learners import assign, build_learners, build_optimiser
from dlstudio.training.recipes import OPTIMISERS
from dlstudio.training.schedules import Moment, Span
from tests.training.training_designs import NOISY, PLAIN, chain

CPU = torch.device("cpu")


def networks(layers=NOISY) -> Compiled:
    project = chain(layers)
    return compile_design(project, facts_of(project.data))


def names(found: Compiled, share) -> list[str]:
    names_by_id = {id(parameter): name for name, parameter in found.module.named_parameters()}
    return [names_by_id[id(parameter)] for parameter in share]


def test_biases_and_norms_do_not_decay() -> None:
    compiled = networks()
    (optimiser,) = build_learners(
        compiled, (ParameterGroup(optimiser=Optimiser("adamw", weight_decay=0.1)),), CPU
    )
    decaying, others = optimiser.optimiser.param_groups
    assert (decaying["weight_decay"], others["weight_decay"]) == (0.1, 0.0)
    assert names(compiled, decaying["params"]) == ["linear_1.weight", "linear_2.weight"]
    assert names(compiled, others["params"]) == [
        "linear_1.bias",
        "batch_norm1d_1.weight",
        "batch_norm1d_1.bias",
        "linear_2.bias",
    ]


def test_all_decay_where_that_is_asked_for() -> None:
    settings = Optimiser("sgd", weight_decay=0.1, decay_all=True)
    (optimiser,) = build_learners(networks(), (ParameterGroup(optimiser=settings),), CPU)
    assert [param_group["weight_decay"] for param_group in optimiser.optimiser.param_groups] == [
        0.1
    ]


def test_groups_take_paths_roles_and_the_rest() -> None:
    compiled = networks()
    groups = (
        ParameterGroup("one", Selector(paths=("linear_1", "batch_norm1d_1"))),
        ParameterGroup("nobody", Selector(role="realness")),
        ParameterGroup("scores", Selector(role="class scores", paths=("linear",))),
        ParameterGroup("rest", Selector(role="class scores")),
    )
    one, nobody, scores, rest = (names(compiled, members) for members in assign(compiled, groups))
    assert [name.partition(".")[0] for name in one] == ["linear_1"] * 2 + ["batch_norm1d_1"] * 2
    assert nobody == scores == []
    assert rest == ["linear_2.weight", "linear_2.bias"]


def test_a_factor_and_a_schedule_make_the_rate() -> None:
    group = ParameterGroup(
        optimiser=Optimiser(learning_rate=0.2), factor=0.5, schedule=Schedule("step", {"every": 1})
    )
    (optimiser,) = build_learners(networks(), (group,), CPU)
    assert optimiser.rate(Moment(5, Span(0, 9), 5), 1.0) == pytest.approx(0.01)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_optimiser_is_fused_where_torch_can(name: str) -> None:
    optimiser = build_optimiser(Optimiser(name), [torch.nn.Parameter(torch.ones(2, 2))], CPU)
    assert bool(optimiser.defaults.get("fused")) is (name != "rmsprop")


@pytest.mark.parametrize("mode", ["norm", "value"])
def test_gradients_are_clipped(mode: str) -> None:
    group = ParameterGroup(clipping=Clipping(mode, 0.1))
    (optimiser,) = build_learners(networks(PLAIN), (group,), CPU)
    for parameter in optimiser.parameters:
        parameter.grad = torch.ones_like(parameter)
    optimiser.clip()
    flat = torch.cat([gradient.flatten() for gradient in optimiser.gradients()])
    largest = flat.norm() if mode == "norm" else flat.abs().max()
    assert float(largest) == pytest.approx(0.1, rel=1e-4)
    optimiser.forget_gradients()
    assert not [*optimiser.gradients()]


@pytest.mark.parametrize(
    ("optimiser", "words"),
    [
        (Optimiser("luck"), "no optimiser called 'luck'"),
        (Optimiser("adam", settings={"beta1": 2.0}), "Beta 1 must lie"),
        (Optimiser("sgd", settings={"nesterov": True}), "Nesterov"),
        (Optimiser("sgd", settings={"speed": 1}), "no setting called 'speed'"),
    ],
)
def test_bad_optimisers_are_refused_in_words(optimiser: Optimiser, words: str) -> None:
    with pytest.raises(TrainingError, match=words):
        build_learners(networks(), (ParameterGroup(optimiser=optimiser),), CPU)


def test_a_network_without_weights_has_nothing_to_learn() -> None:
    with pytest.raises(TrainingError, match="nothing to learn"):
        build_learners(networks([("flatten", {}), ("relu", {})]), (ParameterGroup(),), CPU)
