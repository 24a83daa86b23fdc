"""The parts of a run that follow its changed settings: loss, batches and the monitored metric."""

from __future__ import annotations

import json
from collections.abc import Callable

import torch

from dlstudio.data.core.batches import Batches
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.training.metrics.metric_names import split_name
from dlstudio.training.step.plan import Plan
from dlstudio.training.tasks.core.objective import Objective

ObjectiveFactory = Callable[[TrainingSettings], Objective]
BatchesFactory = Callable[[int], Batches]
FALLBACK_MONITOR = "validation_loss"


def monitored_metric(training: TrainingSettings, objective: Objective, device: torch.device) -> str:
    """Return the metric that early stopping follows: the chosen one, if this data gives it."""
    chosen_monitor = training.early_stopping.monitor
    names = objective.create_metrics(device).names
    return chosen_monitor if split_name(chosen_monitor)[1] in names else FALLBACK_MONITOR


class ChangingParts:
    """The objective, the training batches and the monitored metric of the plan in force.

    Attributes:
        objective: The task with the loss settings and class weights in force.
        monitor: The validation metric that early stopping, plateau schedules and the best epoch
            follow.
    """

    def __init__(
        self,
        objective: Objective,
        batches: Batches,
        training: TrainingSettings,
        create_objective: ObjectiveFactory,
        create_batches: BatchesFactory,
    ) -> None:
        """Start with the parts made for these settings; factories make those of changed ones."""
        self.objective = objective
        self._create_objective = create_objective
        self._create_batches = create_batches
        self._device = batches.device
        self._loss_key = _loss_key(training)
        self._batches = {batches.batch_size: batches}
        self._first = batches
        self._plan: Plan | None = None
        self.monitor = monitored_metric(training, objective, self._device)

    def apply(self, plan: Plan) -> None:
        """Replace the parts that the plan asks for."""
        key = _loss_key(plan.training)
        if key != self._loss_key:
            self.objective, self._loss_key = self._create_objective(plan.training), key
        self._plan = plan
        self.monitor = monitored_metric(plan.training, self.objective, self._device)

    @property
    def best_of(self) -> str:
        """What the best value measures; values of another loss cannot be compared with it."""
        settings = self._plan.training.loss_settings if self._plan is not None else {}
        is_loss = split_name(self.monitor)[1] == "loss"
        return (
            f"{self.monitor} {json.dumps(dict(settings), sort_keys=True)}"
            if (is_loss and settings)
            else self.monitor
        )

    def batches(self, epoch: int) -> Batches:
        """Return the training batches of the epoch after `epoch` completed ones."""
        if self._plan is None or not self._plan.batch_sizes:
            return self._first
        size = min(self._plan.batch_size_of(epoch), self._first.samples)
        if size not in self._batches:
            self._batches = {self._first.batch_size: self._first, size: self._create_batches(size)}
        return self._batches[size]


def _loss_key(training: TrainingSettings) -> tuple[object, ...]:
    return training.loss_settings, training.class_weights, training.class_weight_values
