"""Metrics of a classification whose classes differ much in size."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from dlstudio.training.metrics.batch_result import BatchResult
from dlstudio.training.metrics.metrics import ClassificationMetrics, output_and_target


class BalancedMetrics(ClassificationMetrics):
    """Loss, accuracy and balanced accuracy.

    Balanced accuracy is the mean over the classes of the share of their samples that is predicted
    correctly (the recall), as scikit-learn's `balanced_accuracy_score`.
    """

    def __init__(self, device: torch.device, threshold: float, classes: int) -> None:
        """Start at zero."""
        super().__init__(device, threshold)
        self._classes = classes
        self._clear_classes()

    @property
    def names(self) -> tuple[str, ...]:
        """Return `loss`, `accuracy` and `balanced_accuracy`."""
        return ("loss", "accuracy", "balanced_accuracy")

    def _clear_classes(self) -> None:
        zeros = torch.zeros(self._classes, dtype=torch.int64, device=self.device)
        self._class_samples, self._class_correct = zeros, zeros.clone()

    def reset(self) -> None:
        super().reset()
        self._clear_classes()

    def tensors(self) -> dict[str, Tensor]:
        own = {"class_samples": self._class_samples, "class_correct": self._class_correct}
        return {**super().tensors(), **own}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        super().load(tensors)
        self._class_samples = tensors["class_samples"].to(self._class_samples, copy=True)
        self._class_correct = tensors["class_correct"].to(self._class_correct, copy=True)

    def update(self, result: BatchResult) -> None:
        super().update(result)
        output, target = output_and_target(result)
        classes, correct = target.flatten(), (self._predicted(output, target) == target).flatten()
        self._class_samples += torch.bincount(classes, minlength=self._classes)
        self._class_correct += torch.bincount(classes[correct], minlength=self._classes)

    def compute(self) -> dict[str, float]:
        """Return `loss`, `accuracy` and `balanced_accuracy`."""
        samples, correct = self._class_samples.cpu(), self._class_correct.cpu()
        occurs = samples > 0
        if not bool(occurs.any()):
            return super().compute()
        recall = float((correct[occurs].double() / samples[occurs]).mean())
        return {**super().compute(), "balanced_accuracy": recall}
