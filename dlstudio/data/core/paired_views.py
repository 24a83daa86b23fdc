"""Batches with two views of each sample: the same picture, changed at random twice."""

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
"""Role under which the other view of `samples` is handed out; no Input has it."""


class PairedViewBatches(Batches):
    """Batches whose `samples` come twice, each view with changes of its own.

    Views are f(seed, step) like all augmentation. Where samples are taken as they lie, for
    figures of a part, each batch has its own views, the same each time.
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
        """Bring the part to the device.

        Raises:
            DataError: The samples are no pictures, or no change is switched on.
        """
        if subset.inputs["samples"].ndim != 4:
            raise DataError(
                "Two views of a sample are made by shifting, rotating and cropping pictures, and "
                "this data holds none. Choose data with pictures."
            )
        if augmenter(augmentation) is None:
            raise DataError(
                "Two views of a sample are made by random changes to it, and none is switched on. "
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
