"""The loop against one written by hand with the same weights and the same order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn, optim

from dlstudio.data.batches import Batches
from dlstudio.data.load import load_data
from dlstudio.design.model import Project
from dlstudio.design.training_settings import Clipping, Optimiser
from dlstudio.network.compile import compile_design
from dlstudio.network.weights import read_weights
from dlstudio.training.events import EpochDone, Finished
from dlstudio.training.seeding import mixed
from tests.training.training_designs import (
    NOISY,
    PLAIN,
    all_losses,
    chain,
    every,
    follow,
    learning,
    only,
)

Build = Callable[[list[nn.Parameter]], optim.Optimizer]
CASES: dict[str, tuple[Optimiser, Build]] = {
    "sgd": (Optimiser("sgd", 0.05), lambda p: optim.SGD(p, lr=0.05, fused=True)),
    "momentum": (
        Optimiser("sgd", 0.05, settings={"momentum": 0.9, "nesterov": True}),
        lambda p: optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, fused=True),
    ),
    "adam": (Optimiser("adam", 2e-3), lambda p: optim.Adam(p, lr=2e-3, fused=True)),
    "betas": (
        Optimiser("adam", 2e-3, settings={"beta1": 0.8, "beta2": 0.95, "eps": 1e-6}),
        lambda p: optim.Adam(p, lr=2e-3, betas=(0.8, 0.95), eps=1e-6, fused=True),
    ),
    "adamw": (
        Optimiser("adamw", 2e-3, weight_decay=0.1, decay_all=True),
        lambda p: optim.AdamW(p, lr=2e-3, weight_decay=0.1, fused=True),
    ),
    "rmsprop": (
        Optimiser("rmsprop", 1e-3, settings={"alpha": 0.9, "momentum": 0.5}),
        lambda p: optim.RMSprop(p, lr=1e-3, alpha=0.9, momentum=0.5),
    ),
}


def by_hand(project: Project, build: Build, clip: float = 0.0) -> tuple[list[float], nn.Module]:
    torch.set_num_threads(1)
    data = load_data(project.data)
    module = compile_design(project, data.facts).single.module
    training = project.training
    batches = Batches(data.train, training.batch_size, "cpu", data.normaliser)
    optimiser = build(list(module.parameters()))
    losses = []
    module.train()
    for epoch in range(training.epochs):
        order = batches.order(training.seed, epoch)
        for index in range(batches.steps):
            batch = batches.batch(order, index)
            torch.manual_seed(mixed(training.seed, len(losses)))
            target = batch.target
            assert isinstance(target, Tensor)
            loss = nn.functional.cross_entropy(module(batch.inputs["samples"]), target)
            optimiser.zero_grad()
            loss.backward()
            if clip:
                nn.utils.clip_grad_norm_(module.parameters(), clip)
            optimiser.step()
            losses.append(loss.item())
    return losses, module


@pytest.mark.parametrize("name", CASES)
def test_losses_and_weights_equal_a_loop_written_by_hand(name: str, tmp_path) -> None:
    optimiser, build = CASES[name]
    project = learning(chain(PLAIN, epochs=2), optimiser)
    expected, module = by_hand(project, build)
    events = follow(project, run_dir=str(tmp_path / "run"))
    assert [*all_losses(events).values()] == expected
    weights = read_weights(only(events, Finished).weights_file)
    for key, value in module.state_dict().items():
        assert torch.equal(weights[key], value), key


def test_dropout_norms_and_clipping_equal_a_loop_written_by_hand() -> None:
    optimiser, build = CASES["adam"]
    project = learning(chain(NOISY, epochs=2), optimiser, clipping=Clipping("norm", 0.5))
    expected, _ = by_hand(project, build, clip=0.5)
    assert [*all_losses(follow(project)).values()] == expected


def test_clipping_by_value_bounds_the_update() -> None:
    project = chain(PLAIN, epochs=1)
    tight = learning(project, Optimiser("sgd", 1.0), clipping=Clipping("value", 1e-9))
    losses = all_losses(follow(tight))
    assert losses != all_losses(follow(learning(project, Optimiser("sgd", 1.0))))
    assert max(losses.values()) < 2.7


def test_a_last_batch_of_one_sample_does_not_break_a_norm() -> None:
    project = chain(NOISY, epochs=2, batch_size=1297)
    events = follow(project)
    assert len(all_losses(events)) == 2
    assert only(events, Finished).epochs == 2


def test_an_odd_last_batch_is_learnt_from_too() -> None:
    project = chain(NOISY, epochs=1, batch_size=1000)
    assert len(all_losses(follow(project))) == 2


def test_train_loss_is_the_mean_over_samples() -> None:
    project = chain(PLAIN, epochs=1, batch_size=1000)
    events = follow(project)
    first, second = all_losses(events).values()
    metrics = only(events, EpochDone).metrics
    assert metrics["train_loss"] == pytest.approx((first * 1000 + second * 298) / 1298)
    assert 0 < metrics["train_accuracy"] < 1


def test_equal_seeds_repeat_and_other_seeds_differ() -> None:
    project = chain(NOISY, epochs=1)
    losses = all_losses(follow(project))
    assert all_losses(follow(project)) == losses
    assert all_losses(follow(project, seed=6)) != losses


def test_what_others_draw_meanwhile_changes_nothing() -> None:
    class Drawing:
        name = "drawing"

        def wants(self, _step: int, _epoch: int) -> bool:
            torch.rand(3)
            return False

    project = chain(NOISY, epochs=1)
    assert all_losses(follow(project, observers=[Drawing()])) == all_losses(follow(project))


def test_digits_are_learnt() -> None:
    project = learning(chain(PLAIN, epochs=12), Optimiser("adam", 5e-3))
    finished = only(follow(project), Finished)
    assert finished.reason == "done"
    assert finished.metrics["test_accuracy"] > 0.93
    assert finished.metrics["validation_accuracy"] > 0.93


def test_the_test_part_is_read_each_epoch_only_where_asked() -> None:
    project = chain(PLAIN, epochs=2)
    events = follow(project)
    assert all("test_loss" not in epoch.metrics for epoch in every(events, EpochDone))
    shown = replace(project, training=replace(project.training, test_each_epoch=True))
    again = follow(shown)
    assert all("test_loss" in epoch.metrics for epoch in every(again, EpochDone))
    assert all_losses(again) == all_losses(events)
    assert only(again, Finished).metrics == pytest.approx(only(events, Finished).metrics)
