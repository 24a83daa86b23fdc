"""Several labels at once: for each of them yes or no."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.metrics.batch_result import BatchResult, Phase
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.tasks.core.losses import loss_function, loss_settings
from dlstudio.training.tasks.core.objective import Objective, forward_by_role, output_index
from dlstudio.training.tasks.core.output_checks import (
    ends_in_sigmoid,
    require_outputs,
    sample_shape_text,
)

_ROLE = "class scores"


class MultiLabel(Objective):
    """Binary cross-entropy of each label, a mean over labels and samples.

    Scores are raw, or probabilities where the last layer is a Sigmoid.
    """

    metric_names = ("label_accuracy", "rows_right")
    role = _ROLE

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Choose the loss.

        Raises:
            TrainingError: Task and loss do not go together, or a setting is wrong.
            CompileError: There are several networks.
        """
        super().__init__(training, compiled)
        settings = loss_settings(training)
        self._probabilities = ends_in_sigmoid(self.main, output_index(self.main, _ROLE))
        self._loss = loss_function(training.loss, settings, probabilities=self._probabilities)

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return what a batch costs, the share of labels told right, and that of whole rows.

        Raises:
            TrainingError: The data has no labels.
        """
        del phase, generator
        target = _labels_of(batch)
        scores = forward_by_role(self.main, batch.inputs)[_ROLE]
        predicted = scores.detach().reshape(target.shape) > (0.5 if self._probabilities else 0.0)
        correct = predicted == (target > 0.5)
        metrics = {"label_accuracy": correct.float().mean()}
        metrics["rows_right"] = correct.flatten(1).all(1).float().mean()
        return BatchResult(self._loss(scores, target), len(target), scores, target, metrics)

    def dry_run(self, batch: Batch, classes: int) -> None:
        """Refuse scores that are not one for each label, and targets beyond 0 and 1."""
        del classes
        target = _labels_of(batch)
        results = forward_by_role(self.main, batch.inputs)
        require_outputs(results, self.task)
        if results[_ROLE].numel() != target.numel():
            raise TrainingError(
                f"The network gives {sample_shape_text(results[_ROLE])} scores for a sample, but there "
                f"are {sample_shape_text(target)} labels. Give the last layer an output for each label."
            )
        if bool(((target < 0) | (target > 1)).any()):
            raise TrainingError(
                "The values to predict go beyond 0 and 1, so they are no labels. Choose "
                "regression, or mark other columns."
            )

    def to_predictions(self, output: Tensor, classes: int) -> Tensor:
        """Return the probability of each label."""
        del classes
        return (output if self._probabilities else torch.sigmoid(output)).reshape(-1)


def _labels_of(batch: Batch) -> Tensor:
    if batch.target is None or not batch.target.is_floating_point():
        raise TrainingError(
            "This task tells several labels, each yes or no, and this data has none. Mark several "
            "columns of 0 and 1 as values to predict."
        )
    return batch.target
