"""What happens when an epoch is over: figures, early stopping, plateaus, the best weights."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.training.checkpoint import copies, put_back
from dlstudio.training.events import EpochDone
from dlstudio.training.run import Diverged, Run
from dlstudio.training.task_table import HIGHER_IS_BETTER


def finish_epoch(run: Run) -> EpochDone:
    """Score the epoch that is over and decide how the run goes on.

    Raises:
        Diverged: A weight is not finite any more.
    """
    state = run.state
    if not run.is_finite():
        raise Diverged(state.step + 1)
    metrics = {f"train_{name}": value for name, value in run.tally.read().items()}
    training_seconds = run.clock.lap()
    for subset in _parts_each_epoch(run):
        metrics.update(run.evaluate(subset))
    evaluation_seconds = run.clock.lap()
    state.seconds += training_seconds
    state.evaluation_seconds += evaluation_seconds
    seconds = state.epoch_seconds + training_seconds + evaluation_seconds
    state.epoch, state.index, state.epoch_seconds = state.epoch + 1, 0, 0.0
    state.metrics = metrics
    run.tally.clear()
    rate = run.equipment.learners[0].optimiser.param_groups[0]["lr"]
    _judge(run, metrics)
    return EpochDone(state.epoch, state.step, dict(metrics), float(rate), seconds)


def final_metrics(run: Run, reason: str) -> dict[str, float]:
    """Return the run's last figures; settles the weights, the best ones where that was asked for.

    The test part is read here for the first time, unless it was displayed every epoch.
    """
    state = run.state
    stopping = run.training.early_stopping
    metrics = dict(state.metrics)
    run.settle()
    run.clock.lap()
    if reason == "stopped":
        return metrics
    restores_best = stopping.enabled and stopping.restore_best and state.best_epoch != state.epoch
    if restores_best and run.best is not None:
        put_back(run.best, run.module)
        metrics.update(run.evaluate("validation"))
    if "test" in run.equipment.evaluated and (restores_best or "test_loss" not in metrics):
        metrics.update(run.evaluate("test"))
    state.evaluation_seconds += run.clock.lap()
    return metrics


def _parts_each_epoch(run: Run) -> list[str]:
    enabled = {"validation": True, "test": run.training.test_each_epoch}
    return [subset for subset in run.equipment.evaluated if enabled[subset]]


def _judge(run: Run, metrics: Mapping[str, float]) -> None:
    state, stopping = run.state, run.training.early_stopping
    monitor = stopping.monitor if stopping.monitor in metrics else "validation_loss"
    if monitor in metrics:
        value = metrics[monitor]
        if state.judge(stopping, monitor, value):
            run.best = copies(run.answer_tensors())
        for group, plateau in zip(run.plan.groups, state.plateaus, strict=True):
            if group.schedule.name == "plateau":
                plateau.judge(group.schedule, value, monitor in HIGHER_IS_BETTER)
    if stopping.enabled and state.waited >= stopping.patience:
        state.ended = "early-stopping"
    elif state.epoch >= run.plan.epochs:
        state.ended = "done"
