"""Classification and regression: the network's output is compared with the data's target."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.metrics.balanced_metrics import BalancedMetrics
from dlstudio.training.metrics.baseline import share_of_most_common
from dlstudio.training.metrics.batch_result import BatchResult, Phase
from dlstudio.training.metrics.metrics import ClassificationMetrics, Metric, RegressionMetrics
from dlstudio.training.options.class_balance import is_imbalanced
from dlstudio.training.options.losses import SINGLE_OUTPUT_LOSSES
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.tasks.core.class_weights import weighted_loss
from dlstudio.training.tasks.core.losses import LossFunction, loss_function, loss_settings
from dlstudio.training.tasks.core.objective import Objective, ordered_inputs, output_index
from dlstudio.training.tasks.core.output_checks import ends_in_sigmoid, target_of


class Supervised(Objective):
    """Loss and metrics of classification and regression.

    `binary` takes one output neuron: a raw score, or a probability if the last layer is a
    Sigmoid (torch clamps logarithms at -100). `perceptron` takes one raw score and predicts a class
    without a probability. With `mse`, `l1` or `huber`, classes are compared as 0 and 1: directly
    with one output neuron, as one-hot rows with several. Where each step of a sequence has a class,
    the scores are (T, C).
    """

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Choose output, loss and metrics.

        Raises:
            ValueError: The task does not support the loss, or a setting is invalid.
            CompileError: There are several networks.
        """
        super().__init__(training, compiled)
        self.loss_name = training.loss
        settings = loss_settings(training)
        spec = TASKS[self.task]
        self.role, self._classifies = spec.outputs[0], spec.target == "class"
        self.probabilities = ends_in_sigmoid(self.main, output_index(self.main, self.role))
        self._loss = loss_function(self.loss_name, settings, probabilities=self.probabilities)
        self._loss_of_elements = loss_function(
            self.loss_name, settings, probabilities=self.probabilities, reduction="none"
        )
        self._scores_are_raw = self.loss_name in SINGLE_OUTPUT_LOSSES and not (
            self.loss_name == "binary" and self.probabilities
        )

    def select_output(self, results: Tensor | tuple[Tensor, ...]) -> Tensor:
        """Return the output that the task reads."""
        return results if isinstance(results, Tensor) else super().select_output(results)

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Return the mean loss of a batch."""
        return self._loss(output, target)

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return the loss of a batch, with the weights of its classes.

        Raises:
            TrainingError: The data has no target.
        """
        del phase, generator
        weights = self.class_weights
        if weights is None:
            return self._score(batch, self._loss)
        return self._score(batch, weighted_loss(self._loss_of_elements, weights))

    def evaluate(self, batch: Batch, generator: torch.Generator) -> BatchResult:
        """Return the loss of a batch, in which every sample counts equally."""
        del generator
        return self._score(batch, self._loss)

    def _score(self, batch: Batch, loss_of: LossFunction) -> BatchResult:
        target = target_of(batch)
        output = self.select_output(self.main.module(*ordered_inputs(batch.inputs, self.main)))
        samples = len(target)
        if self._classifies:
            output, target = flatten_steps(output, target)
        if self.target_scale is None:
            return BatchResult(loss_of(output, target), samples, output, target)
        scale = self.target_scale
        loss = loss_of(output, scale.apply(target))
        return BatchResult(loss, samples, scale.undo(output.detach().float()), target)

    def constant_metrics(self, train: Batch, batch: Batch) -> dict[str, float]:
        """Return what always predicting the most common class, or the mean, reaches.

        R² is 0 for the mean of the predicted samples themselves. With weights of the classes, a
        lower accuracy is intended, but not a balanced accuracy of chance.
        """
        known, target = target_of(train), target_of(batch)
        counts = [] if self.class_counts is None else self.class_counts.tolist()
        if self.class_weights is not None and is_imbalanced(counts):
            return {"balanced_accuracy": 1 / len(target.unique())}
        if self._classifies:
            return {"accuracy": share_of_most_common(known, target)}
        mean = known.float().mean(0).expand_as(target)
        if self.target_scale is not None:
            mean, target = self.target_scale.apply(mean), self.target_scale.apply(target)
        return {"r2": 0.0, "loss": float(self._loss(mean, target))}

    def create_metrics(self, device: torch.device, *, cheap: bool = False) -> Metric:
        """Return new metrics; `cheap` omits those that would slow down every step."""
        if not self._classifies:
            return RegressionMetrics(device, cheap=cheap)
        threshold = 0.0 if self._scores_are_raw else 0.5
        counts = self.class_counts
        if cheap or counts is None or not is_imbalanced(counts.tolist()):
            return ClassificationMetrics(device, threshold)
        return BalancedMetrics(device, threshold, len(counts))

    def to_predictions(self, output: Tensor, classes: int) -> Tensor | None:
        """Return the probability of each class, or the predicted values; None for sequences."""
        if self._classifies and output.ndim > 1 and output.shape[0] > 1:
            return None
        if self._classifies and classes == 2 and output.numel() == 1:
            output = self._class_probabilities(output.reshape(()))
        elif self.loss_name == "cross-entropy" and not _is_distribution(output):
            output = torch.softmax(output.reshape(-1), 0)
        elif self.target_scale is not None:
            output = self.target_scale.flat().undo(output.reshape(-1))
        return output.reshape(-1)

    def _class_probabilities(self, score: Tensor) -> Tensor:
        """Return the probabilities of both classes; those of a perceptron are 0 and 1."""
        if self.loss_name == "perceptron":
            probability = (score > 0).to(score.dtype)
        else:
            probability = torch.sigmoid(score) if self._scores_are_raw else score.clamp(0, 1)
        return torch.stack([1 - probability, probability])


def flatten_steps(output: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Return scores (N, T, C) and classes (N, T) as (N · T, C) and (N · T,), others unchanged."""
    if target.ndim == 2 and output.ndim == 3 and output.numel() != target.numel():
        return output.flatten(0, 1), target.flatten()
    return output, target


def _is_distribution(output: Tensor) -> bool:
    return bool((output >= 0).all()) and abs(float(output.sum()) - 1.0) < 1e-3
