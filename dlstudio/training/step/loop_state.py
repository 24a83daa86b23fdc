"""The state of the loop besides tensors, needed to resume a run exactly. Does not import torch."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dlstudio.design.model.training_settings import EarlyStopping, Schedule
from dlstudio.training.metrics.improvement import is_improvement
from dlstudio.training.options.training_options import SCHEDULES
from dlstudio.training.specs.registry import HIGHER_IS_BETTER

PLATEAU_THRESHOLD = 1e-4
"""Smallest improvement that a plateau schedule counts, as a share; that of torch's class."""


@dataclass(slots=True)
class Plateau:
    """The state of one parameter group's plateau schedule."""

    factor: float = 1.0
    best: float | None = None
    waited: int = 0

    def update(self, schedule: Schedule, value: float, higher_is_better: bool) -> None:
        """Update the factor with an epoch's metric, like torch's ReduceLROnPlateau."""
        settings = SCHEDULES[schedule.name].parse(schedule.settings)
        if is_improvement(
            value, self.best, higher_is_better=higher_is_better, share=PLATEAU_THRESHOLD
        ):
            self.best, self.waited = value, 0
        else:
            self.waited += 1
        if self.waited > settings["patience"]:
            self.factor *= settings["factor"]
            self.waited = 0


@dataclass(slots=True)
class LoopState:
    """The progress of a run.

    Attributes:
        step: Completed steps.
        epoch: Completed epochs.
        index: Completed steps of the current epoch.
        metrics: Metrics of the last completed epoch.
        seconds: Time spent training; `evaluation_seconds` evaluating; `epoch_seconds` both, in the
            current epoch.
        best: Best monitored metric so far; `best_epoch` its epoch, `best_step` the steps completed
            by then (0 in checkpoints of older versions), `waited` the epochs since.
        best_metrics: Metrics of that epoch; empty in checkpoints of older versions.
        best_of: What `best` measures: the monitored metric, and the loss settings it depends on;
            empty in checkpoints of older versions.
        ended: `done` or `early-stopping` once the plan is completed.
    """

    step: int = 0
    epoch: int = 0
    index: int = 0
    metrics: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    evaluation_seconds: float = 0.0
    epoch_seconds: float = 0.0
    best: float | None = None
    best_epoch: int = 0
    waited: int = 0
    ended: str = ""
    plateaus: list[Plateau] = field(default_factory=list)
    best_of: str = ""
    best_step: int = 0
    best_metrics: dict[str, float] = field(default_factory=dict)

    def measure_best(self, best_of: str) -> None:
        """Begin anew if the best value so far measures something else."""
        if self.best_of and self.best_of != best_of:
            self.best, self.waited = None, 0
            for plateau in self.plateaus:
                plateau.best, plateau.waited = None, 0
        self.best_of = best_of

    def update_best(self, stopping: EarlyStopping, monitor: str, value: float) -> bool:
        """Update the best value with an epoch's metric; return whether it improved."""
        improved = is_improvement(
            value,
            self.best,
            higher_is_better=monitor in HIGHER_IS_BETTER,
            minimum=stopping.minimum_change,
        )
        if improved:
            self.best, self.best_epoch, self.waited = value, self.epoch, 0
            self.best_step, self.best_metrics = self.step, dict(self.metrics)
        else:
            self.waited += 1
        return improved

    def as_json(self) -> dict[str, Any]:
        """Return plain values, without metrics that are not finite; an infinite best is a text."""
        plain = dataclasses.asdict(self)
        plain["metrics"] = _finite(self.metrics)
        plain["best_metrics"] = _finite(self.best_metrics)
        for record in (plain, *plain["plateaus"]):
            if record["best"] is not None and math.isinf(record["best"]):
                record["best"] = str(record["best"])
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> LoopState:
        """Return the state that `as_json` wrote."""
        plateaus = [Plateau(**_with_best(values)) for values in plain["plateaus"]]
        values = {**_with_best(plain), "metrics": dict(plain["metrics"]), "plateaus": plateaus}
        return cls(**values)


def _finite(metrics: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in metrics.items() if math.isfinite(value)}


def _with_best(plain: Mapping[str, Any]) -> dict[str, Any]:
    best = plain.get("best")
    return {**plain, "best": None if best is None else float(best)}
