"""The training loop equals a hand-written one with the same weights and order of samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn, optim

from dlstudio.data.core.batches import Batches
from dlstudio.data.load import load_data
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import Clipping, Optimiser
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.weights.weights import read_weights
from dlstudio.training.protocol.events import EpochDone, Finished
from dlstudio.training.step.seeding import mix_seed
from tests.training.training_designs import (
    NOISY_LAYERS,
    PLAIN_LAYERS,
    all_losses,
    chain,
    events_of,
    run_training,
    single_event,
    with_optimiser,
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


def reference_training(
    project: Project, build: Build, clip: float = 0.0
) -> tuple[list[float], nn.Module]:
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
            torch.manual_seed(mix_seed(training.seed, len(losses)))
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
def test_losses_and_weights_equal_a_reference_loop(name: str, tmp_path) -> None:
    optimiser, build = CASES[name]
    project = with_optimiser(chain(PLAIN_LAYERS, epochs=2), optimiser)
    expected, module = reference_training(project, build)
    events = run_training(project, run_dir=str(tmp_path / "run"))
    assert [*all_losses(events).values()] == expected
    weights = read_weights(single_event(events, Finished).weights_file)
    for key, value in module.state_dict().items():
        assert torch.equal(weights[key], value), key


def test_dropout_norms_and_clipping_equal_a_reference_loop() -> None:
    optimiser, build = CASES["adam"]
    project = with_optimiser(
        chain(NOISY_LAYERS, epochs=2), optimiser, clipping=Clipping("norm", 0.5)
    )
    expected, _ = reference_training(project, build, clip=0.5)
    assert [*all_losses(run_training(project)).values()] == expected


def test_clipping_by_value_bounds_the_update() -> None:
    project = chain(PLAIN_LAYERS, epochs=1)
    clipped = with_optimiser(project, Optimiser("sgd", 1.0), clipping=Clipping("value", 1e-9))
    losses = all_losses(run_training(clipped))
    assert losses != all_losses(run_training(with_optimiser(project, Optimiser("sgd", 1.0))))
    assert max(losses.values()) < 2.7


def test_last_batch_of_one_sample_does_not_break_a_norm() -> None:
    project = chain(NOISY_LAYERS, epochs=2, batch_size=1297)
    events = run_training(project)
    assert len(all_losses(events)) == 2
    assert single_event(events, Finished).epochs == 2


def test_smaller_last_batch_is_trained_on() -> None:
    project = chain(NOISY_LAYERS, epochs=1, batch_size=1000)
    assert len(all_losses(run_training(project))) == 2


def test_train_loss_is_the_mean_over_samples() -> None:
    project = chain(PLAIN_LAYERS, epochs=1, batch_size=1000)
    events = run_training(project)
    first, second = all_losses(events).values()
    metrics = single_event(events, EpochDone).metrics
    assert metrics["train_loss"] == pytest.approx((first * 1000 + second * 298) / 1298)
    assert 0 < metrics["train_accuracy"] < 1


def test_equal_seeds_repeat_and_other_seeds_differ() -> None:
    project = chain(NOISY_LAYERS, epochs=1)
    losses = all_losses(run_training(project))
    assert all_losses(run_training(project)) == losses
    assert all_losses(run_training(project, seed=6)) != losses


def test_random_numbers_of_observers_change_no_loss() -> None:
    class DrawingObserver:
        name = "drawing"

        def wants(self, _step: int, _epoch: int) -> bool:
            torch.rand(3)
            return False

    project = chain(NOISY_LAYERS, epochs=1)
    assert all_losses(run_training(project, observers=[DrawingObserver()])) == all_losses(
        run_training(project)
    )


def test_digits_are_learned() -> None:
    project = with_optimiser(chain(PLAIN_LAYERS, epochs=12), Optimiser("adam", 5e-3))
    finished = single_event(run_training(project), Finished)
    assert finished.reason == "done"
    assert finished.metrics["test_accuracy"] > 0.93
    assert finished.metrics["validation_accuracy"] > 0.93


def test_test_subset_is_evaluated_each_epoch_only_on_request() -> None:
    project = chain(PLAIN_LAYERS, epochs=2)
    events = run_training(project)
    assert all("test_loss" not in epoch.metrics for epoch in events_of(events, EpochDone))
    tested = replace(project, training=replace(project.training, test_each_epoch=True))
    tested_events = run_training(tested)
    assert all("test_loss" in epoch.metrics for epoch in events_of(tested_events, EpochDone))
    assert all_losses(tested_events) == all_losses(events)
    assert single_event(tested_events, Finished).metrics == pytest.approx(
        single_event(events, Finished).metrics
    )
