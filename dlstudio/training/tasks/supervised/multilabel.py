"""Multi-label classification: several labels per sample, each 0 or 1."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.metrics.batch_result import BatchResult, Phase, Proportion
from dlstudio.training.protocol.errors import MisfitError
from dlstudio.training.tasks.core.class_weights import weighted_label_loss
from dlstudio.training.tasks.core.losses import LossFunction, loss_function, loss_settings
from dlstudio.training.tasks.core.objective import Objective, forward_by_role, output_index
from dlstudio.training.tasks.core.output_checks import (
    ends_in_sigmoid,
    target_of,
)

_ROLE = "class scores"


class MultiLabel(Objective):
    """Binary cross-entropy of each label, averaged over labels and samples.

    Scores are raw, or probabilities if the last layer is a Sigmoid.
    """

    metric_names = ("label_accuracy", "rows_right")
    role = _ROLE

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Choose the loss.

        Raises:
            ValueError: The task does not support the loss, or a setting is invalid.
            CompileError: There are several networks.
        """
        super().__init__(training, compiled)
        settings = loss_settings(training)
        self._probabilities = ends_in_sigmoid(self.main, output_index(self.main, _ROLE))
        self._loss = loss_function(training.loss, settings, probabilities=self._probabilities)

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return the loss of a batch, with the weights of its labels, and the metrics.

        Those are the share of correct labels, and of entirely correct rows.

        Raises:
            TrainingError: The data has no labels.
        """
        del phase, generator
        weights = self.class_weights
        if weights is None:
            return self._score(batch, self._loss)
        return self._score(batch, weighted_label_loss(weights, probabilities=self._probabilities))

    def evaluate(self, batch: Batch, generator: torch.Generator) -> BatchResult:
        """Return the loss of a batch, in which every label counts equally."""
        del generator
        return self._score(batch, self._loss)

    def _score(self, batch: Batch, loss_of: LossFunction) -> BatchResult:
        target = target_of(batch)
        scores = forward_by_role(self.main, batch.inputs)[_ROLE]
        predicted = scores.detach().reshape(target.shape) > (0.5 if self._probabilities else 0.0)
        correct = predicted == (target > 0.5)
        metrics = {
            "label_accuracy": Proportion(correct.sum(), correct.numel()),
            "rows_right": Proportion(correct.flatten(1).all(1).sum(), len(target)),
        }
        return BatchResult(loss_of(scores, target), len(target), scores, target, metrics)

    def constant_metrics(self, train: Batch, batch: Batch) -> dict[str, float]:
        """Return what predicting the more common value of each label reaches.

        With weights of the labels, fewer correct labels are intended.
        """
        if self.class_weights is not None:
            return {}
        common = target_of(train).float().mean(0) > 0.5
        return {"label_accuracy": float(((target_of(batch) > 0.5) == common).double().mean())}

    def dry_run(self, batch: Batch) -> None:
        """Check also that targets are within 0 and 1, which only the samples show."""
        super().dry_run(batch)
        target = target_of(batch)
        if bool(((target < 0) | (target > 1)).any()):
            raise MisfitError(
                "the target values are not within 0 and 1, so they are not labels. Choose "
                "regression, or mark other columns"
            )

    def to_predictions(self, output: Tensor, classes: int) -> Tensor:
        """Return the probability of each label."""
        del classes
        return (output if self._probabilities else torch.sigmoid(output)).reshape(-1)
