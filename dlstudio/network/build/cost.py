"""Cost of a layer: parameters, multiply-adds, and the bytes saved for the backward pass.

Works on any device; on the meta device it needs no memory. Independent of designs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from dlstudio.network.modules.values import Scale

NORM_LAYERS: tuple[type[nn.Module], ...] = (
    *(nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d),
    *(nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d),
    *(nn.GroupNorm, nn.LayerNorm, nn.RMSNorm),
)
"""Layers whose only weights are a scale and a shift."""


@dataclass(frozen=True, slots=True)
class SavedForBackward:
    """Storages that one layer saves for the backward pass.

    Attributes:
        inner: Bytes that belong to neither an input, an output nor a weight.
        inputs: Indices of the inputs that are saved.
        outputs: Indices of the outputs that are saved.
    """

    inner: int = 0
    inputs: tuple[int, ...] = ()
    outputs: tuple[int, ...] = ()


@dataclass(slots=True)
class SavedTensors:
    """The distinct storages that autograd saved."""

    storages: dict[int, torch.UntypedStorage] = field(default_factory=dict)

    def classify(
        self, weights: frozenset[int], inputs: Sequence[Tensor], outputs: Sequence[Tensor]
    ) -> SavedForBackward:
        """Classify what was saved as inputs, outputs or inner tensors; `weights` are excluded."""
        input_ids = [storage_id(tensor) for tensor in inputs]
        output_ids = [storage_id(tensor) for tensor in outputs]
        known = weights.union(input_ids, output_ids)
        inner = (saved.nbytes() for key, saved in self.storages.items() if key not in known)
        return SavedForBackward(
            sum(inner),
            tuple(i for i, key in enumerate(input_ids) if key in self.storages),
            tuple(
                i
                for i, key in enumerate(output_ids)
                if key in self.storages and key not in input_ids
            ),
        )


def weight_storages(module: nn.Module) -> frozenset[int]:
    """Return the storages of a module's parameters and buffers, as numbered by `storage_id`."""
    return frozenset(storage_id(tensor) for tensor in (*module.parameters(), *module.buffers()))


def storage_id(tensor: Tensor) -> int:
    """Return a number that two tensors share exactly when they share memory."""
    return int(tensor.untyped_storage()._cdata)


@contextmanager
def saved_tensors() -> Iterator[SavedTensors]:
    """Record what autograd saves inside the context. The graph cannot run backward afterwards.

    Source: `torch.autograd.graph.saved_tensors_hooks`, which works on the meta device too.
    """
    saved = SavedTensors()

    def pack(tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        saved.storages[storage._cdata] = storage

    def unpack(_: None) -> Tensor:
        raise RuntimeError("this forward pass was only measured")

    with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
        yield saved


def parameter_count(module: nn.Module) -> int:
    """Return the number of learnable parameters."""
    return sum(parameter.numel() for parameter in module.parameters())


def buffer_count(module: nn.Module) -> int:
    """Return the number of stored values that are not learned, without counters."""
    return sum(buffer.numel() for buffer in module.buffers() if buffer.is_floating_point())


def multiply_adds(module: nn.Module, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> int:
    """Return the multiply-adds of one sample's forward pass; 0 for layers without weights.

    Every weight is used once at each position: an output position for convolutions and linear
    layers, an input position for transposed convolutions. Biases are not counted. Modules of
    dlstudio may implement a method of this name.
    """
    own = getattr(module, "multiply_adds", None)
    if callable(own):
        return int(own(inputs, outputs))
    for classes, positions in _WEIGHT_USES:
        if isinstance(module, classes):
            weight = module.weight
            if not isinstance(weight, Tensor):
                return 0
            return weight.numel() * positions(weight, inputs[0], outputs[0])
    return 0


def _spatial_size(tensor: Tensor) -> int:
    return math.prod(tensor.shape[2:])


_WEIGHT_USES: tuple[
    tuple[tuple[type[nn.Module], ...], Callable[[Tensor, Tensor, Tensor], int]], ...
] = (
    (
        (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d),
        lambda _, entering, __: _spatial_size(entering),
    ),
    ((nn.Conv1d, nn.Conv2d, nn.Conv3d), lambda _, __, leaving: _spatial_size(leaving)),
    ((nn.Linear, nn.Bilinear), lambda _, __, leaving: math.prod(leaving.shape[1:-1])),
    (
        (*NORM_LAYERS, nn.PReLU, Scale),
        lambda weight, _, leaving: leaving[0].numel() // weight.numel(),
    ),
)
