"""Turns a call, which is a value, into a torch module. The only place where names become code."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

import torch
from torch import nn

from dlstudio.layers.kind import Call
from dlstudio.network.modules import (
    activations,
    attention,
    axes,
    dimensions,
    disturbing,
    joins,
    positions,
    recurrent,
    reductions,
    shapes,
    slicing,
    transformer,
    values,
)

TORCH = "torch.nn."
HOMES: Mapping[str, ModuleType] = {
    TORCH: nn,
    **{
        f"{each.__name__}.": each
        for each in (
            activations,
            attention,
            axes,
            dimensions,
            disturbing,
            joins,
            positions,
            recurrent,
            reductions,
            shapes,
            slicing,
            transformer,
            values,
        )
    },
}
"""Where a target may lie, by what its name begins with."""


class UnknownTargetError(ValueError):
    """A call names something that is no module of torch.nn or of this studio."""


def module_class(target: str) -> type[nn.Module]:
    """Return the module class behind a dotted name; nothing is ever imported or evaluated.

    Raises:
        UnknownTargetError: The name is not one of `torch.nn` or `dlstudio.network.modules`.
    """
    for prefix, home in HOMES.items():
        name = target.removeprefix(prefix)
        found = getattr(home, name, None) if name != target and name.isidentifier() else None
        if isinstance(found, type) and issubclass(found, nn.Module):
            return found
    raise UnknownTargetError(f"{target!r} is no module of torch.nn or of dlstudio")


def build(call: Call, device: str) -> nn.Module:
    """Return a new module on `device`, its weights as torch draws them.

    Raises:
        UnknownTargetError: The target is not allowed.
        ValueError, RuntimeError, TypeError: Torch refuses the arguments.
    """
    with torch.device(device):
        return module_class(call.target)(**call.arguments)
