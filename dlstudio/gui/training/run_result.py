"""Judges the result of a run by simple predictions: better or not. Imports no widget."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from dlstudio.gui.runs.run_history import STEP_LOSS, RunHistory
from dlstudio.gui.runs.run_record import RunRecord
from dlstudio.gui.widgets.metric_format import format_metric
from dlstudio.training.metrics.metric_names import metric_title, split_name
from dlstudio.training.metrics.trend import overfitting_since
from dlstudio.training.specs.registry import METRICS, TASKS
from dlstudio.training.storage.weights_origin import leak_text

if TYPE_CHECKING:  # imports numpy, which the first paint must not need
    from dlstudio.training.metrics.linear_baseline import Baseline

_TOLERANCE = 1e-6
"""Differences of metrics up to this are rounding errors; those of losses relative to the loss."""
_CONSTANT = "the same answer"
_METRIC_OF_MEASURE = {"accuracy": "accuracy", "error": "mae"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The tone of a metric in the style sheet, and the reason for a warning."""

    tone: str = ""
    reason: str = ""


def result_of(run: RunRecord, metric: str) -> tuple[float, str]:
    """Return a metric of the weights that were kept, and of which epoch they are if not the last.

    During a run it is the last value. A metric that is computed only at the end has no curve.
    """
    last = run.history.last(metric)
    if math.isnan(last):
        return run.metrics.get(metric, last), ""
    kept = run.metrics.get(metric, last)
    if math.isclose(kept, last, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE):
        return last, ""
    series = run.history.series[metric]
    distances = [abs(float(value) - kept) for value in series.y]
    epoch = round(
        float(run.history.epoch_axis.epochs_at(series.x[distances.index(min(distances))]))
    )
    return kept, f"The best epoch, {epoch}, whose weights were kept"


def judge(run: RunRecord, metric: str, task: str, linear: Baseline | None = None) -> Judgement:
    """Judge the result of a shown metric.

    A metric without a baseline of its own is judged by the others of its subset: an error in the
    unit of the data by R² and by the loss. Without any, nothing is good or bad. `linear` is what a
    linear model reaches on the same samples, if it is known: no better is not good, and worse at
    the end is a warning.
    """
    spec = TASKS.get(task)
    if spec is not None and spec.not_judged:
        return Judgement("", spec.not_judged)
    history, (subset, _) = run.history, split_name(metric)
    if subset in history.leaks:
        return Judgement("warning", leak_text([subset]))
    others = [name for name in history.baseline if split_name(name)[0] == subset]
    for name in [metric] if metric in history.baseline else others:
        value, baseline = _value(run, name), history.baseline[name]
        if _is_no_better(name, value, baseline):
            constant = (spec.constant if spec is not None else "") or _CONSTANT
            return Judgement(
                "warning",
                f"No better than always predicting {constant}: {metric_title(name)} "
                f"{format_metric(name, value)}, against {format_metric(name, baseline)}",
            )
    tone = "good" if others and _is_good(run, metric) else ""
    advantage, text = compare_with_linear(run, linear)
    if advantage > 0 or not text:
        return Judgement(tone, text)
    return Judgement("warning" if advantage < 0 and run.state else "", text)


def constant_text(run: RunRecord, metric: str, task: str) -> str:
    """Return what the best constant answer reaches of a metric; empty if that is not known."""
    spec, constant = TASKS.get(task), run.history.baseline.get(metric)
    if spec is None or spec.not_judged or not spec.constant or constant is None:
        return ""
    return f"Always predicting {spec.constant} would reach {format_metric(metric, constant)}"


def overfitting_text(run: RunRecord) -> str:
    """Return that a run overfitted, and what helps, as a sentence; empty if it did not."""
    if "validation_loss" not in run.history.series or not run.state:
        return ""
    epoch = overfitting_since(_training_losses(run.history), run.history.epoch_losses())
    if not epoch:
        return ""
    kept = run.history.kept_epoch
    keeping = "" if kept else "keep the best epoch, "
    return (
        f"The validation loss has risen since epoch {epoch} while the training loss fell: the "
        f"network overfits. To get a better result, {keeping}add dropout or use more data"
    )


def compare_with_linear(run: RunRecord, linear: Baseline | None) -> tuple[float, str]:
    """Compare the network with a linear model on the same samples.

    Returns:
        By how much the network is better, negative if it is worse; and a sentence without a full
        stop, empty if there is nothing to compare.
    """
    if linear is None or not linear.linear_title:
        return 0.0, ""
    name = f"{linear.subset}_{_METRIC_OF_MEASURE[linear.measure]}"
    value = _value(run, name)
    if math.isnan(value):
        return 0.0, ""
    advantage = value - linear.linear if linear.measure == "accuracy" else linear.linear - value
    if abs(advantage) <= _TOLERANCE * max(abs(linear.linear), 1.0):
        advantage = 0.0
    rank = "Better than" if advantage > 0 else "Worse than" if advantage else "No better than"
    return advantage, (
        f"{rank} {linear.linear_title} on the same {linear.rows:,} {linear.subset} samples: "
        f"{metric_title(name)} {format_metric(name, value)}, "
        f"against {format_metric(name, linear.linear)}"
    )


def _training_losses(history: RunHistory) -> list[float]:
    """Return the mean training loss between the validations; empty if a step is not known."""
    if STEP_LOSS not in history.series:
        return []
    steps, ends = history.series[STEP_LOSS], history.series["validation_loss"].x
    limits = [0, *(int(limit) for limit in steps.x.searchsorted(ends, side="right"))]
    if any(start >= end for start, end in pairwise(limits)):
        return []
    return [float(steps.y[start:end].mean()) for start, end in pairwise(limits)]


def _value(run: RunRecord, name: str) -> float:
    """Return the result of a metric; that of the training loss is the mean of an epoch."""
    history = run.history
    if name != STEP_LOSS:
        return run.metrics.get(name, history.last(name))
    losses = history.epoch_losses() if "validation_loss" not in history.series else []
    return losses[-1] if losses else math.nan


def _is_no_better(name: str, value: float, baseline: float) -> bool:
    spec = METRICS.get(split_name(name)[1])
    if spec is not None and spec.higher_is_better:
        return value <= baseline + _TOLERANCE
    return value >= baseline * (1 - _TOLERANCE)


def _is_good(run: RunRecord, metric: str) -> bool:
    """Whether a metric is an accuracy that is no worse than the run's mean."""
    if not metric.endswith("accuracy"):
        return False
    series = run.history.series[metric]
    return _value(run, metric) >= series.last_mean(len(series)) - _TOLERANCE
