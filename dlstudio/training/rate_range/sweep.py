"""Trains a new copy of a network with a rising learning rate, and records the losses."""

from __future__ import annotations

import math
from dataclasses import replace

from dlstudio.data.core.progress import ProgressCallback
from dlstudio.data.load import load_data
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import Schedule
from dlstudio.training.loop.prepare import create_trainer, thread_count
from dlstudio.training.protocol.events import RunOptions
from dlstudio.training.rate_range.range_test import (
    RateCurve,
    RateSweep,
    has_risen,
    smooth,
    with_rate,
)
from dlstudio.training.step.devices import deterministic_algorithms, torch_threads
from dlstudio.training.step.trainer import Trainer


def run_range_test(
    project: Project,
    options: RunOptions,
    sweep: RateSweep,
    progress: ProgressCallback,
) -> RateCurve:
    """Return the loss at each rate, from the weights that a new run would start from.

    Draws from torch's global generator: not while a run lives in this process.

    Args:
        project: The design; schedules are ignored during the test.
        options: Threads, folders of the data, and initial weights.
        sweep: The rates, see `with_rate` for several parameter groups.
        progress: Called between the steps; its exceptions end the test.

    Raises:
        TrainingError, DataError, CompileError, WeightsError: The design cannot be trained.
    """
    threads = thread_count(options)
    with torch_threads(threads):
        progress("Loading the data", None)
        data = load_data(
            project.data,
            data_dir=options.data_dir,
            design_dir=options.design_dir,
            progress=progress,
        )
        progress("Building the network", None)
        trainer = create_trainer(project, data, options, threads)
        with deterministic_algorithms(trainer.context.device, project.training.reproducible):
            return sweep_rates(trainer, sweep, progress)


def sweep_rates(trainer: Trainer, sweep: RateSweep, progress: ProgressCallback) -> RateCurve:
    """Train with rising rates, as often over the data as needed, and return the loss at each."""
    losses: list[float] = []
    rates: list[float] = []
    for step in range(sweep.steps):
        rate = sweep.rate(step)
        progress(f"Step {step + 1} of {sweep.steps}", step / sweep.steps)
        _set_rate(trainer, rate)
        if trainer.is_epoch_over:
            trainer.state.epoch, trainer.state.index = trainer.state.epoch + 1, 0
        loss = float(trainer.step().loss)
        if not math.isfinite(loss):
            return RateCurve(tuple(rates), tuple(losses), diverged=True)
        rates.append(rate)
        losses.append(loss)
        if has_risen(smooth(losses)):
            return RateCurve(tuple(rates), tuple(losses), diverged=True)
    return RateCurve(tuple(rates), tuple(losses))


def _set_rate(trainer: Trainer, rate: float) -> None:
    """Set the rate of the next step, without the schedules."""
    groups = with_rate(trainer.training, rate).groups
    for optimiser in trainer.context.optimisers:
        optimiser.update_settings(replace(groups[optimiser.index], schedule=Schedule()))
