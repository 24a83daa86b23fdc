"""Classification and regression: the network's answer is compared with the data's target."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.metrics.batch_result import BatchResult, Phase
from dlstudio.training.metrics.metrics import ClassificationMetrics, Metric, RegressionMetrics
from dlstudio.training.options.losses import SINGLE_OUTPUT_LOSSES
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.specs.registry import LOSSES, TASKS
from dlstudio.training.tasks.core.losses import loss_function, loss_settings
from dlstudio.training.tasks.core.objective import Objective, ordered_inputs, output_index
from dlstudio.training.tasks.core.output_checks import ends_in_sigmoid, sample_shape_text


class Supervised(Objective):
    """Loss and tallies of classification and regression.

    `binary` takes one output neuron: raw scores, or probabilities where the last layer is a
    Sigmoid (torch clamps their logarithms at -100). `perceptron` takes one raw score and answers
    yes or no, without a probability. Classes under `mse`, `l1` or `huber` are compared as 0 and 1:
    with one output neuron directly, with several as one-hot rows. Where each step of a sequence
    has a class, each is a row of scores of its own (T, C).
    """

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Choose output, loss and tally.

        Raises:
            TrainingError: Task and loss do not go together, or a setting is wrong.
            CompileError: There are several networks.
        """
        super().__init__(training, compiled)
        self.loss_name = training.loss
        settings = loss_settings(training)
        spec = TASKS[self.task]
        self.role, self._classifies = spec.outputs[0], spec.target == "class"
        self.probabilities = ends_in_sigmoid(self.main, output_index(self.main, self.role))
        self._loss = loss_function(self.loss_name, settings, probabilities=self.probabilities)
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
        """Return what a batch costs.

        Raises:
            TrainingError: The data has nothing to predict.
        """
        del phase, generator
        target = batch.target
        if target is None:
            raise TrainingError("This part of the data has nothing to predict.")
        output = self.select_output(self.main.module(*ordered_inputs(batch.inputs, self.main)))
        if self._classifies:
            output, target = flatten_steps(output, target)
        assert batch.target is not None
        return BatchResult(self._loss(output, target), len(batch.target), output, target)

    def create_metrics(self, device: torch.device, *, cheap: bool = False) -> Metric:
        """Return an empty tally; a light one leaves out what costs time in every step."""
        if not self._classifies:
            return RegressionMetrics(device, cheap=cheap)
        return ClassificationMetrics(device, threshold=0.0 if self._scores_are_raw else 0.5)

    def dry_run(self, batch: Batch, classes: int) -> None:
        """Run the network and refuse an answer that does not fit the target, in words."""
        output = self.select_output(self.main.module(*ordered_inputs(batch.inputs, self.main)))
        self.check_output(output, batch.target, classes)

    def to_predictions(self, output: Tensor, classes: int) -> Tensor | None:
        """Return the probability of each class, or the predicted values; None for many steps."""
        if self._classifies and output.ndim > 1 and output.shape[0] > 1:
            return None
        if self._classifies and classes == 2 and output.numel() == 1:
            output = self._class_probabilities(output.reshape(()))
        elif self.loss_name == "cross-entropy" and not _is_distribution(output):
            output = torch.softmax(output.reshape(-1), 0)
        return output.reshape(-1)

    def _class_probabilities(self, score: Tensor) -> Tensor:
        """Return the probabilities of both classes; a perceptron is sure of one."""
        if self.loss_name == "perceptron":
            probability = (score > 0).to(score.dtype)
        else:
            probability = torch.sigmoid(score) if self._scores_are_raw else score.clamp(0, 1)
        return torch.stack([1 - probability, probability])

    def check_output(self, output: Tensor, target: Tensor | None, classes: int) -> None:
        """Refuse an output that does not fit the target, in words.

        Raises:
            TrainingError: The shapes or the number of classes do not fit.
        """
        if target is None:
            raise TrainingError("The data set has nothing to predict: choose a target column.")
        if not self._classifies:
            _check_values(output, target)
        elif self.loss_name in SINGLE_OUTPUT_LOSSES:
            _check_single(output, target, classes, LOSSES[self.loss_name].title)
        elif self.loss_name == "cross-entropy" or output.numel() != target.numel():
            if target.ndim == 2 and output.shape[:2] != target.shape:
                raise TrainingError(
                    f"The network gives {sample_shape_text(output)} for a sample, but each of "
                    f"{sample_shape_text(target)} steps has a class. End it with a Linear layer that "
                    "works on each step by itself."
                )
            _check_classes(*flatten_steps(output, target), classes)


def flatten_steps(output: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Return scores (N, T, C) and classes (N, T) as (N · T, C) and (N · T,), others as they are."""
    if target.ndim == 2 and output.ndim == 3 and output.numel() != target.numel():
        return output.flatten(0, 1), target.flatten()
    return output, target


def _is_distribution(output: Tensor) -> bool:
    return bool((output >= 0).all()) and abs(float(output.sum()) - 1.0) < 1e-3


def _check_values(output: Tensor, target: Tensor) -> None:
    if target.numel() != output.numel():
        raise TrainingError(
            f"The network gives {sample_shape_text(output)} for a sample, but the target is "
            f"{sample_shape_text(target)}. Give the last layer as many outputs as there are values."
        )


def _check_single(output: Tensor, target: Tensor, classes: int, loss: str) -> None:
    if classes > 2:
        raise TrainingError(
            f"{loss} tells two classes apart, but the data has {classes}. "
            "Choose cross-entropy and one output per class."
        )
    if output.numel() != target.numel():
        raise TrainingError(
            f"{loss} needs one output neuron; the network gives {sample_shape_text(output)}. "
            "Set the last layer's outputs to 1, or choose cross-entropy."
        )


def _check_classes(output: Tensor, target: Tensor, classes: int) -> None:
    fits = output.ndim >= 2 and output.shape[0] == target.shape[0]
    if not fits or output.shape[2:] != target.shape[1:]:
        raise TrainingError(
            f"The network gives {sample_shape_text(output)} for a sample where one score per class is "
            "needed. End it with a Linear layer of as many outputs as there are classes."
        )
    if output.shape[1] < max(classes, 2):
        raise TrainingError(
            f"The network has {output.shape[1]} outputs, but the data has {classes} classes. "
            "Set the last layer's outputs to the number of classes."
        )
