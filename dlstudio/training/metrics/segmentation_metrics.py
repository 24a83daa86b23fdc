"""Metrics of segmentation: pixel accuracy and mean intersection over union."""

from __future__ import annotations

from collections.abc import Mapping

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
        self._table: Tensor | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return `loss`, `pixel_accuracy` and, unless `cheap`, `mean_iou`."""
        return super().names if self._cheap else (*super().names, "mean_iou")

    def reset(self) -> None:
        super().reset()
        self._table = None

    def tensors(self) -> dict[str, Tensor]:
        table = {} if self._table is None else {"table": self._table}
        return {**super().tensors(), **table}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        super().load(tensors)
        table = tensors.get("table")
        self._table = None if table is None else table.to(self.device, torch.int64, copy=True)

    def update(self, result: BatchResult) -> None:
        """Add a batch of scores `(B, C, H, W)` and masks `(B, H, W)`."""
        super().update(result)
        if not self._cheap and result.output is not None and result.target is not None:
            table = confusion_matrix(result.output, result.target)
            self._table = table if self._table is None else self._table + table

    def compute(self) -> dict[str, float]:
        """Return `loss`, `pixel_accuracy` and, unless `cheap`, `mean_iou`."""
        metrics = super().compute()
        if self._table is not None and bool(self._table.any()):
            metrics["mean_iou"] = mean_iou(self._table)
        return metrics


def confusion_matrix(scores: Tensor, target: Tensor) -> Tensor:
    """Return how often a pixel of class `i` was predicted as class `j`: integers `(C, C)`.

    Args:
        scores: `(B, C, H, W)`.
        target: Class indices `(B, H, W)`, `IGNORE_INDEX` at pixels that do not count.
    """
    classes = scores.shape[1]
    cells = target * classes + scores.detach().argmax(1)
    cells = torch.where(target == IGNORE_INDEX, classes * classes, cells).flatten()
    counts = torch.bincount(cells, minlength=classes * classes + 1)
    return counts[:-1].reshape(classes, classes)


def mean_iou(matrix: Tensor) -> float:
    """Return the mean intersection over union of a confusion matrix `(C, C)`."""
    shared = matrix.diagonal()
    union = matrix.sum(0) + matrix.sum(1) - shared
    occurs = union > 0
    shares = shared[occurs].cpu().double() / union[occurs].cpu()
    return float(shares.mean()) if len(shares) else 0.0
