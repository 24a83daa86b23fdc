"""Batches with two views of each sample: the same image, augmented twice."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from dlstudio.data.core.augment import augmenter
from dlstudio.data.core.batches import Batch, Batches
from dlstudio.data.core.dataset import Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.normaliser import Normaliser
from dlstudio.design.model.data_settings import Augmentation

SECOND_VIEW = "second view"
"""Role of the second view of `samples`; no Input has it."""


class PairedViewBatches(Batches):
    """Batches with two independently augmented views of `samples`.

    Views depend on seed and step, like all augmentation. With the stored order, as in evaluation,
    each batch has views of its own that are the same every time.
    """

    def __init__(
        self,
        subset: Subset,
        batch_size: int,
        device: torch.device | str,
        normaliser: Normaliser,
        augmentation: Augmentation,
        **options: Any,
    ) -> None:
        """Move the subset to the device.

        Raises:
            DataError: The samples are not images, or no augmentation is switched on.
        """
        if subset.inputs["samples"].ndim != 4:
            raise DataError(
                "Two views of a sample are created by augmenting images, and this data has none. "
                "Choose data with images."
            )
        if augmenter(augmentation) is None:
            raise DataError(
                "Two views of a sample are created by augmentation, and none is switched on. "
                "Switch on shift, rotation or crop in the data settings."
            )
        super().__init__(subset, batch_size, device, normaliser, augmentation, **options)

    def batch(self, order: Tensor | None, index: int, *, seed: int = 0, step: int = 0) -> Batch:
        """Return batch `index` of an order, the second view under `SECOND_VIEW`."""
        if order is None:
            step = index
        first = super().batch(order, index, seed=seed, step=step)
        second = super().batch(order, index, seed=seed, step=-1 - step)
        return Batch({**first.inputs, SECOND_VIEW: second.inputs["samples"]}, first.target)
