"""Tensors of a module by name: read, cloned and loaded in place."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn


def module_tensors(module: nn.Module) -> dict[str, Tensor]:
    """Return parameters and buffers by name, each once; not copies."""
    return {**dict(module.named_parameters()), **dict(module.named_buffers())}


def clone_tensors(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return copies on the same device."""
    return {name: tensor.detach().clone() for name, tensor in tensors.items()}


@torch.no_grad()
def load_tensors(tensors: Mapping[str, Tensor], module: nn.Module) -> None:
    """Copy tensors into the module's own, in place."""
    for name, tensor in module_tensors(module).items():
        tensor.copy_(tensors[name])
