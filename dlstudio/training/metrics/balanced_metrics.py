"""Metrics of a classification whose classes differ much in size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from dlstudio.training.metrics.metrics import ClassificationMetrics, output_and_target

if TYPE_CHECKING:
    from dlstudio.training.metrics.batch_result import BatchResult


class BalancedMetrics(ClassificationMetrics):
    """Loss, accuracy and balanced accuracy.

    Balanced accuracy is the mean over the classes of the share of their samples that is predicted
    correctly (the recall), as scikit-learn's `balanced_accuracy_score`.
    """

    def __init__(self, device: torch.device, threshold: float, classes: int) -> None:
        """Start at zero."""
        super().__init__(device, threshold)
        zeros = torch.zeros(classes, dtype=self._sums["loss"].dtype, device=device)
        self._sums |= {"class_samples": zeros, "class_correct": zeros.clone()}

    def reset(self) -> None:
        super().reset()
        for name in ("class_samples", "class_correct"):
            self._sums[name] = torch.zeros_like(self._sums[name])

    def update(self, result: BatchResult) -> None:
        super().update(result)
        output, target = output_and_target(result)
        classes, correct = target.flatten(), (self._predicted(output, target) == target).flatten()
        ones = torch.ones_like(classes, dtype=self._sums["loss"].dtype)
        self._sums["class_samples"].index_add_(0, classes, ones)
        self._sums["class_correct"].index_add_(0, classes, ones * correct)

    def compute(self) -> dict[str, float]:
        """Return `loss`, `accuracy` and `balanced_accuracy`."""
        samples, correct = self._sums["class_samples"], self._sums["class_correct"]
        occurs = samples > 0
        recall = float((correct[occurs] / samples[occurs]).mean())
        return {**super().compute(), "balanced_accuracy": recall}
