"""A short training with rising rates: what each step uses, and what stays as it is."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from dlstudio.data.core.errors import Cancelled
from dlstudio.data.core.progress import ignore_progress
from dlstudio.data.load import load_data
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import Optimiser, ParameterGroup, Schedule, Selector
from dlstudio.training.loop.prepare import create_trainer
from dlstudio.training.protocol.events import RunOptions
from dlstudio.training.rate_range.range_test import RateCurve, RateSweep, refusal, suggest
from dlstudio.training.rate_range.sweep import run_range_test, sweep_rates
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.step.trainer import Trainer
from tests.training.training_designs import (
    NOISY_LAYERS,
    PLAIN_LAYERS,
    all_losses,
    chain,
    run_training,
    with_optimiser,
)

OPTIONS = RunOptions(threads=1)

SHORT = RateSweep(1e-5, 1e-2, 12)


def trainer_of(project: Project) -> Trainer:
    return create_trainer(project, load_data(project.data), OPTIONS, 1)


def losses_of(project: Project) -> list[float]:
    return list(all_losses(run_training(project)).values())


def curve_of(project: Project, sweep: RateSweep = SHORT) -> RateCurve:
    return run_range_test(project, OPTIONS, sweep, ignore_progress)


def recorded_rates(trainer: Trainer) -> list[list[float]]:
    """Return a list for each group that receives the rate of every step."""
    lists: list[list[float]] = []
    for group in trainer.context.optimisers:
        rates: list[float] = []

        def record(
            optimiser: torch.optim.Optimizer, *_: object, rates: list[float] = rates
        ) -> None:
            rates.append(optimiser.param_groups[0]["lr"])

        group.torch_optimiser.register_step_post_hook(record)
        lists.append(rates)
    return lists


def test_every_step_uses_the_rate_of_the_sweep_without_the_schedule() -> None:
    optimiser, schedule = Optimiser(learning_rate=0.5), Schedule("one-cycle")
    trainer = trainer_of(with_optimiser(chain(PLAIN_LAYERS), optimiser, schedule))
    rates = recorded_rates(trainer)
    curve = sweep_rates(trainer, SHORT, ignore_progress)
    assert rates == [[SHORT.rate(step) for step in range(12)]]
    assert curve.rates == tuple(SHORT.rate(step) for step in range(12))


def test_groups_keep_factors_and_ratios() -> None:
    head = ParameterGroup(
        "head", Selector(paths=("linear_2",)), Optimiser(learning_rate=0.01), factor=0.5
    )
    trunk = ParameterGroup("trunk", optimiser=Optimiser(learning_rate=0.001), factor=0.1)
    trainer = trainer_of(chain(PLAIN_LAYERS, groups=(head, trunk)))
    rates = recorded_rates(trainer)
    sweep_rates(trainer, SHORT, ignore_progress)
    for step, (first, second) in enumerate(zip(*rates, strict=True)):
        assert first == pytest.approx(SHORT.rate(step) * 0.5, rel=1e-5)
        assert second == pytest.approx(SHORT.rate(step) * 0.1 * 0.1, rel=1e-5)


def test_small_data_is_used_several_times_in_new_orders() -> None:
    project = chain(PLAIN_LAYERS, batch_size=512)
    trainer = trainer_of(project)
    steps = trainer.batches.steps
    assert steps < 12
    sweep_rates(trainer, SHORT, ignore_progress)
    assert trainer.state.step == 12
    assert trainer.state.epoch == (12 - 1) // steps


def test_first_losses_are_those_of_a_run() -> None:
    """At rates that change nothing, the test measures what a run with that rate measures."""
    project = with_optimiser(chain(NOISY_LAYERS, epochs=1), Optimiser("sgd", learning_rate=1e-6))
    losses = losses_of(project)[:12]
    curve = curve_of(project, RateSweep(1e-6, 1e-6, 12))
    assert list(curve.losses) == pytest.approx(losses, rel=1e-6)


def test_test_ends_when_training_diverges() -> None:
    project = with_optimiser(chain(PLAIN_LAYERS), Optimiser("sgd"))
    curve = curve_of(project, RateSweep(1e-4, 1e6, 100))
    assert curve.diverged
    assert len(curve.losses) < 100
    assert all(map(math.isfinite, curve.losses))


def test_digits_get_a_rate_that_trains_well() -> None:
    project = chain(PLAIN_LAYERS)
    suggestion = suggest(curve_of(project, RateSweep(1e-6, 1.0)))
    assert suggestion.rate is not None
    assert 1e-3 < suggestion.rate < 0.05


def test_cancelled_between_two_steps() -> None:
    steps = 0

    def progress(text: str, _share: float | None) -> None:
        nonlocal steps
        steps += text.startswith("Step")
        if steps == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        run_range_test(chain(PLAIN_LAYERS), OPTIONS, SHORT, progress)
    assert steps == 3


def test_two_tests_and_the_runs_around_them_are_equal(tmp_path: Path) -> None:
    project = chain(NOISY_LAYERS, epochs=1)
    before = losses_of(project)
    options = replace(OPTIONS, runs_dir=str(tmp_path / "runs"))
    first = run_range_test(project, options, SHORT, ignore_progress)
    assert curve_of(project) == first
    assert losses_of(project) == before
    assert not (tmp_path / "runs").exists()


EXAMPLES = {task.name: task.example for task in TASKS.values() if task.example and not task.groups}


@pytest.mark.parametrize("task", EXAMPLES)
def test_every_task_but_the_gan_can_be_tested(task: str) -> None:
    project = load(example_path(EXAMPLES[task]))
    assert project.training.task == task
    assert not refusal(project.training)
    curve = curve_of(project, RateSweep(1e-5, 1e-4, 3))
    assert len(curve.losses) == 3


@pytest.mark.parametrize("optimiser", ["sgd", "adam", "adamw", "rmsprop"])
def test_every_optimiser_can_be_tested(optimiser: str) -> None:
    curve = curve_of(with_optimiser(chain(PLAIN_LAYERS), Optimiser(optimiser)))
    assert len(curve.losses) == 12
    assert torch.get_num_threads() >= 1
