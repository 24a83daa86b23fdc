"""Batches indexed from tensors on the training device, without worker processes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from dlstudio.data.core.augment import augmenter
from dlstudio.data.core.dataset import Subset
from dlstudio.data.core.normaliser import Normaliser
from dlstudio.data.core.randomness import seeded_generator
from dlstudio.data.core.window_views import to_device, unique_bytes
from dlstudio.design.model.data_settings import Augmentation


class Batch(NamedTuple):
    """Normalised inputs by role and the target, both with the batch axis first."""

    inputs: Mapping[str, Tensor]
    target: Tensor | None


class Batches:
    """Batches of one subset.

    Raw samples (uint8 images) are normalised one batch at a time or, if the floats fit in
    `cache_bytes` and nothing is augmented, once in advance. Subsets beyond `device_bytes` stay on
    the CPU and are streamed.

    A last batch of a single sample is dropped from a training epoch, because batch normalisation
    rejects it. The next epoch's order puts a different sample last.

    Overlapping windows remain views of one tensor; each batch copies only its own windows.
    """

    def __init__(
        self,
        subset: Subset,
        batch_size: int,
        device: torch.device | str = "cpu",
        normaliser: Normaliser | None = None,
        augmentation: Augmentation | None = None,
        *,
        keep_single: bool = False,
        cache_bytes: int = 1 << 25,
        device_bytes: int | None = None,
    ) -> None:
        """Move the subset to the device.

        Args:
            subset: Samples to take batches from.
            batch_size: Samples in each batch but the last.
            device: Device of the returned batches.
            normaliser: Applied to the inputs; None leaves them unchanged.
            augmentation: Random changes to images; None for evaluation.
            keep_single: Keep a last batch of one sample, as evaluation must.
            cache_bytes: Largest size of normalised floats kept instead of raw samples.
            device_bytes: Largest subset kept on the device; None allows a third of its free
                memory.
        """
        self.batch_size = min(batch_size, len(subset))
        self.device = torch.device(device)
        self.samples = len(subset)
        self._total_samples = subset.total_samples
        self._with_replacement = subset.samples_per_epoch is not None
        self._normaliser = normaliser or Normaliser()
        self._augment = augmenter(augmentation)
        rest = self.samples % self.batch_size
        self.steps = -(-self.samples // self.batch_size)
        if rest == 1 and self.steps > 1 and not keep_single:
            self.steps -= 1
        inputs = dict(subset.inputs)
        self._is_prenormalised = self._augment is None and _float_bytes(inputs) <= cache_bytes
        if self._is_prenormalised:
            inputs = {role: self._normaliser.apply(role, raw) for role, raw in inputs.items()}
        tensors = [*inputs.values(), *([] if subset.target is None else [subset.target])]
        limit = _free_bytes(self.device) // 3 if device_bytes is None else device_bytes
        fits = sum(map(unique_bytes, tensors)) <= limit
        storage = self.device if fits else torch.device("cpu")
        self._inputs = {role: to_device(tensor, storage) for role, tensor in inputs.items()}
        self._target = None if subset.target is None else to_device(subset.target, storage)
        self._storage_device = storage
        self._normaliser = self._normaliser.to(self.device)

    def order(self, seed: int, epoch: int) -> Tensor:
        """Return the sample order of an epoch, a function of seed and epoch on every device."""
        rng = seeded_generator("order", seed, epoch)
        if self._with_replacement:
            return torch.randint(self._total_samples, (self.samples,), generator=rng).to(
                self._storage_device
            )
        return torch.randperm(self.samples, generator=rng).to(self._storage_device)

    def batch(self, order: Tensor | None, index: int, *, seed: int = 0, step: int = 0) -> Batch:
        """Return batch `index` of an order; None keeps the stored order.

        Augmentation is a function of seed and step and uses no global generator.
        """
        start = index * self.batch_size
        stop = min(start + self.batch_size, self.samples)
        if order is None:
            inputs = {role: tensor[start:stop] for role, tensor in self._inputs.items()}
            target = None if self._target is None else self._target[start:stop]
        else:
            rows = order[start:stop]
            inputs = {role: tensor.index_select(0, rows) for role, tensor in self._inputs.items()}
            target = None if self._target is None else self._target.index_select(0, rows)
        return Batch(
            {role: self._prepare(role, raw, seed, step) for role, raw in inputs.items()},
            None if target is None else target.to(self.device, non_blocking=True),
        )

    def _prepare(self, role: str, raw: Tensor, seed: int, step: int) -> Tensor:
        raw = raw.to(self.device, non_blocking=True)
        if self._is_prenormalised:
            return raw
        if self._augment is not None and role == "samples" and raw.ndim == 4:
            raw = self._augment(raw.to(torch.float32), seeded_generator("augment", seed, step))
        return self._normaliser.apply(role, raw)


def _float_bytes(inputs: Mapping[str, Tensor]) -> int:
    return sum(4 * tensor.numel() for tensor in inputs.values())


def _free_bytes(device: torch.device) -> int:
    """Return the free memory of a GPU; unlimited for a CPU, which holds the samples already."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    return sys.maxsize
