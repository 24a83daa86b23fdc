"""Metrics of segmentation: pixel accuracy and mean intersection over union."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.training.metrics.batch_result import BatchResult
from dlstudio.training.metrics.metrics import MeanMetrics


class SegmentationMetrics(MeanMetrics):
    """Loss, pixel accuracy and mean intersection over union.

    The intersection over union of a class is computed over all pixels of the subset, then averaged
    over the classes that occur or were predicted there. Source: Everingham et al. 2010, "The
    Pascal Visual Object Classes (VOC) Challenge". Pixels of class `IGNORE_INDEX` do not count.
    """

    def __init__(self, device: torch.device, *, cheap: bool = False) -> None:
        """Start at zero; `cheap` omits the intersection over union."""
        super().__init__(device, ("pixel_accuracy",))
        self._cheap = cheap
        self._pixels = 0
        if not cheap:
            self._sums["table"] = torch.zeros_like(self._sums["loss"])

    def update(self, result: BatchResult) -> None:
        """Add a batch of scores `(B, C, H, W)` and masks `(B, H, W)`."""
        super().update(result)
        self._pixels = 0 if result.target is None else result.target[0].numel()
        if not self._cheap and result.output is not None and result.target is not None:
            self._sums["table"] = self._sums["table"] + confusion_matrix(
                result.output, result.target
            )

    def compute(self) -> dict[str, float]:
        """Return `loss`, `pixel_accuracy` and, unless `cheap`, `mean_iou`."""
        metrics = super().compute()
        if not self._cheap and self._sums["table"].ndim:
            table = self._sums["table"]
            metrics["mean_iou"] = mean_iou(table)
            counted = float(table.sum())
            if 0 < counted < self._elements * self._pixels:
                metrics["pixel_accuracy"] = float(table.diagonal().sum()) / counted
        return metrics


def confusion_matrix(scores: Tensor, target: Tensor) -> Tensor:
    """Return how often a pixel of class `i` was predicted as class `j`, `(C, C)`.

    Args:
        scores: `(B, C, H, W)`.
        target: Class indices `(B, H, W)`, `IGNORE_INDEX` at pixels that do not count.
    """
    classes = scores.shape[1]
    counted = (target != IGNORE_INDEX).flatten()
    cells = (target.clamp(min=0) * classes + scores.detach().argmax(1)).flatten()
    counts = torch.zeros(classes * classes, device=scores.device)
    counts.index_add_(0, cells, counted.to(counts.dtype))
    return counts.reshape(classes, classes)


def mean_iou(matrix: Tensor) -> float:
    """Return the mean intersection over union of a confusion matrix `(C, C)`."""
    shared = matrix.diagonal()
    union = matrix.sum(0) + matrix.sum(1) - shared
    occurs = union > 0
    return float((shared[occurs] / union[occurs]).mean()) if bool(occurs.any()) else 0.0
