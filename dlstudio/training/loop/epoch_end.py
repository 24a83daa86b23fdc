"""The end of an epoch: metrics, early stopping, plateau schedules and the best weights."""

from __future__ import annotations

import math
from collections.abc import Mapping

from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.training.optim.module_tensors import clone_tensors, load_tensors
from dlstudio.training.protocol.events import EpochDone
from dlstudio.training.specs.registry import HIGHER_IS_BETTER, TASKS
from dlstudio.training.step.trainer import Diverged, Trainer


def finish_epoch(trainer: Trainer) -> EpochDone:
    """Evaluate the completed epoch and decide whether the run ends.

    Raises:
        Diverged: A weight is not finite.
    """
    state = trainer.state
    if not trainer.has_finite_weights():
        raise Diverged(state.step + 1)
    metrics = {f"train_{name}": value for name, value in trainer.train_metrics.compute().items()}
    training_seconds = trainer.clock.lap()
    for subset in _subsets_each_epoch(trainer):
        metrics.update(trainer.evaluate(subset))
    evaluation_seconds = trainer.clock.lap()
    state.seconds += training_seconds
    state.evaluation_seconds += evaluation_seconds
    seconds = state.epoch_seconds + training_seconds + evaluation_seconds
    state.epoch, state.index, state.epoch_seconds = state.epoch + 1, 0, 0.0
    state.metrics = metrics
    trainer.train_metrics.reset()
    rate = trainer.context.optimisers[0].torch_optimiser.param_groups[0]["lr"]
    _update_best(trainer, metrics)
    return EpochDone(state.epoch, state.step, dict(metrics), float(rate), seconds)


def final_metrics(trainer: Trainer, reason: str) -> tuple[dict[str, float], int]:
    """Return the run's final metrics, after finalising the weights or restoring the best ones.

    Those of the training samples are the ones of the epoch whose weights are kept.
    Also returns the epoch whose weights were restored, 0 for those of the last step.

    The test set is evaluated here for the first time, unless it was displayed after every epoch; a
    run that is stopped by hand ends without it.
    """
    state, is_stopped = trainer.state, reason == "stopped"
    metrics = dict(state.metrics)
    trainer.finalise_weights()
    trainer.clock.lap()
    restored = state.best_epoch if _keeps_best(trainer.training) else 0
    is_between_epochs = not state.index
    if trainer.best is None or (restored == state.epoch and is_between_epochs):
        restored = 0
    if restored and trainer.best is not None:
        load_tensors(trainer.best, trainer.module)
        of_best = state.best_metrics.items()
        metrics.update((name, value) for name, value in of_best if name.startswith("train_"))
    known = {name.partition("_")[0] for name in metrics}
    outdated = known if restored or not is_between_epochs else set()
    wanted = outdated if is_stopped else {"test"} | outdated
    for subset in ("validation", "test"):
        is_known = subset in known and subset not in outdated
        if subset in wanted and subset in trainer.context.evaluation_batches and not is_known:
            metrics.update(trainer.evaluate(subset))
    state.evaluation_seconds += trainer.clock.lap()
    return metrics, restored


def _keeps_best(training: TrainingSettings) -> bool:
    """Whether the best epoch counts; competing networks have no loss that ranks epochs."""
    stopping = training.early_stopping
    if stopping.enabled:
        return stopping.restore_best
    return training.keep_best and TASKS[training.task].networks == 1


def _subsets_each_epoch(trainer: Trainer) -> list[str]:
    enabled = {"validation": True, "test": trainer.training.test_each_epoch}
    return [subset for subset in trainer.context.evaluation_batches if enabled[subset]]


def _update_best(trainer: Trainer, metrics: Mapping[str, float]) -> None:
    """Compare the monitored metric with the best one; one that is missing counts as not better."""
    state, stopping = trainer.state, trainer.training.early_stopping
    if "validation" in trainer.context.evaluation_batches:
        monitor = trainer.parts.monitor
        state.measure_best(trainer.parts.best_of)
        value = metrics.get(monitor, math.nan)
        if state.update_best(stopping, monitor, value):
            trainer.best = clone_tensors(trainer.evaluation_tensors())
        for group, plateau in zip(trainer.plan.groups, state.plateaus, strict=True):
            if group.schedule.name == "plateau":
                plateau.update(group.schedule, value, monitor in HIGHER_IS_BETTER)
    if stopping.enabled and state.waited >= stopping.patience:
        state.ended = "early-stopping"
    elif state.epoch >= trainer.plan.epochs:
        state.ended = "done"
