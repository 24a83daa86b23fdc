"""Chooses epochs, batch size and learning rates that a design leaves open.

Automatic epochs are the most that a run takes: it ends earlier after a long rest of the validation
metric.

The rule reads the facts of the data, the task and the optimiser, never the name of a data source.
It aims at a number of steps instead of epochs, because small data sets need many epochs to take
enough steps. Does not import torch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import (
    EarlyStopping,
    Optimiser,
    TrainingSettings,
    chosen,
)
from dlstudio.training.specs.core.task_spec import STEPS
from dlstudio.training.specs.registry import TASKS

MIN_EPOCHS, MAX_EPOCHS = 3, 500
MIN_BATCH_SIZE, MAX_BATCH_SIZE = 8, 128
MIN_REST, REST_SHARE = 40, 0.3
"""Epochs without a better validation metric that end a run, and their share of the planned ones:
with fewer, a later and better epoch is missed on some of the data of the `defaults` benchmark."""
_HIGH_MOMENTUM = 0.5
_RATES: Mapping[str, tuple[float, float]] = {"sgd": (0.1, 0.05)}
_ADAPTIVE_RATES = (0.005, 0.001)
"""Learning rates for classes of single features, and for the rest: networks of images, sequences
and tokens are deeper and diverge at a higher rate, and those of values overfit noisy tables."""


def resolve(training: TrainingSettings, facts: DatasetInfo) -> TrainingSettings:
    """Return the settings with a number in the place of each automatic value.

    Without a known number of samples, the defaults of a design file are used.
    """
    if not training.has_automatic:
        return training
    samples = facts.samples.get("train", 0)
    defaults = TrainingSettings()
    batch_size = training.batch_size
    if batch_size is None:
        batch_size = _batch_size(samples) if samples else defaults.batch_size
    epochs = training.epochs
    if epochs is None:
        steps = TASKS[training.task].steps if training.task in TASKS else STEPS
        epochs = _epochs(steps, samples, batch_size or 1) if samples else defaults.epochs
    groups = tuple(
        replace(group, optimiser=_with_rate(group.optimiser, facts)) for group in training.groups
    )
    resolved = replace(training, epochs=epochs, batch_size=batch_size, groups=groups)
    if training.epochs is None and _may_stop_early(training, facts):
        return replace(
            resolved, early_stopping=_after_rest(training.early_stopping, chosen(epochs))
        )
    return resolved


def training_of(project: Project) -> TrainingSettings:
    """Return the training settings of a design, resolved for what is known about its data."""
    if not project.training.has_automatic:
        return project.training
    from dlstudio.data.sources.dataset_info import info_of

    return resolve(project.training, info_of(project.data))


def _batch_size(samples: int) -> int:
    """Return the power of two nearest to the square root of the number of samples, in bounds."""
    nearest = 1 << round(math.log2(samples) / 2)
    return min(max(nearest, MIN_BATCH_SIZE), MAX_BATCH_SIZE)


def _epochs(steps: int, samples: int, batch_size: int) -> int:
    """Return the epochs that take about so many steps, in two digits."""
    epochs = steps * batch_size / max(samples, batch_size)
    digits = -max(math.floor(math.log10(max(epochs, 1))) - 1, 0)
    return min(max(int(round(epochs, digits)), MIN_EPOCHS), MAX_EPOCHS)


def _may_stop_early(training: TrainingSettings, facts: DatasetInfo) -> bool:
    """Whether a run may end before its planned epochs although nobody has asked for it.

    A schedule that lowers the rate towards the planned end often improves the network only there.
    """
    task = TASKS.get(training.task)
    has_loss = task is not None and task.networks == 1 and facts.samples.get("validation", 0) > 0
    is_constant = all(group.schedule.name == "constant" for group in training.groups)
    return has_loss and is_constant and training.keep_best and not training.early_stopping.enabled


def _after_rest(stopping: EarlyStopping, epochs: int) -> EarlyStopping:
    """Return early stopping after a long rest, unchanged if the planned epochs are too few."""
    patience = max(MIN_REST, round(REST_SHARE * epochs))
    if patience >= epochs:
        return stopping
    return replace(stopping, enabled=True, patience=patience, restore_best=True, automatic=True)


def _with_rate(optimiser: Optimiser, facts: DatasetInfo) -> Optimiser:
    if optimiser.learning_rate is not None:
        return optimiser
    rate = _RATES.get(optimiser.name, _ADAPTIVE_RATES)[not _learns_fast(facts)]
    momentum = optimiser.settings.get("momentum", 0.0)
    if isinstance(momentum, float) and momentum >= _HIGH_MOMENTUM:
        rate /= 10
    return replace(optimiser, learning_rate=rate)


def _learns_fast(facts: DatasetInfo) -> bool:
    """Whether each sample is a row of numbers with a class."""
    predicts_values = facts.target is not None and facts.target.meaning == "value"
    return not predicts_values and all(
        len(signal.shape) <= 1 and signal.dtype != "int64" for signal in facts.inputs.values()
    )
