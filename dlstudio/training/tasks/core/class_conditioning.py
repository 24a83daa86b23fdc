"""Class conditioning: the values of an Input with the role labels, and random noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.network.compile.compile import Component
from dlstudio.training.options.sampling import SampleRequest

LABELS = "labels"


def has_input(component: Component, role: str) -> bool:
    """Whether a network has an Input of this role."""
    return any(binding.role == role for binding in component.inputs)


def labels_of(batch: Batch) -> dict[str, Tensor]:
    """Return a batch's classes as an input by role, empty if the data has none."""
    target = batch.target
    if target is None or target.is_floating_point() or target.ndim != 1:
        return {}
    return {LABELS: target}


def requested_labels(request: SampleRequest, batch: Batch) -> dict[str, Tensor]:
    """Return the classes of samples to generate: the requested one, or those of the batch."""
    device = batch.inputs["samples"].device
    if request.label >= 0:
        return {LABELS: torch.full((request.count,), request.label, device=device)}
    labels = labels_of(batch).get(LABELS)
    if labels is None or not len(labels):
        return {LABELS: torch.zeros(request.count, dtype=torch.int64, device=device)}
    return {LABELS: labels[torch.arange(request.count, device=device) % len(labels)]}


def with_fixed_class(request: SampleRequest) -> SampleRequest:
    """Return the request with a fixed class, so that only the noise changes."""
    return replace(request, label=max(request.label, 0))


def zero_labels(inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return class 0 for each of these samples."""
    samples = inputs["samples"]
    return {LABELS: torch.zeros(len(samples), dtype=torch.int64, device=samples.device)}


def repeat_rows(inputs: Mapping[str, Tensor], count: int) -> dict[str, Tensor]:
    """Return `count` rows of each input, repeated if there are fewer."""
    return {
        role: tensor[torch.arange(count, device=tensor.device) % len(tensor)]
        for role, tensor in inputs.items()
    }


def randn(
    count: int,
    shape: Sequence[int],
    device: torch.device,
    generator: torch.Generator | None,
) -> Tensor:
    """Return standard normal numbers `(count, *shape)`."""
    return torch.empty((count, *shape), device=device).normal_(generator=generator)
