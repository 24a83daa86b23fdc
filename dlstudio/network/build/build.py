"""Builds torch modules from calls. The only place where dotted names become classes."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from types import ModuleType

import torch
from torch import nn
from torch.nn.utils import parametrizations

from dlstudio.layers.framework.kind import NO_NORM, Call
from dlstudio.layers.registry import PACKAGES
from dlstudio.network.modules import (
    activations,
    attention,
    axes,
    convolutions,
    crops,
    dimensions,
    global_pooling,
    merge,
    noise,
    positions,
    recurrent,
    reductions,
    shapes,
    slicing,
    time_distributed,
    transformer,
    values,
)

TORCH_PREFIX = "torch.nn."
OWN_MODULES = (
    activations,
    attention,
    axes,
    convolutions,
    crops,
    dimensions,
    noise,
    merge,
    global_pooling,
    positions,
    recurrent,
    reductions,
    shapes,
    slicing,
    time_distributed,
    transformer,
    values,
)
OTHER_NAMES: Mapping[str, ModuleType] = {
    "dlstudio.network.modules.disturbing": noise,
    "dlstudio.network.modules.joins": merge,
    "dlstudio.network.modules.pools": global_pooling,
    "dlstudio.network.modules.steps": time_distributed,
}
"""Module names in the calls of packages that were written for an earlier version."""

MODULES_BY_PREFIX: Mapping[str, ModuleType] = {
    TORCH_PREFIX: nn,
    **{f"{module.__name__}.": module for module in OWN_MODULES},
    **{f"{name}.": module for name, module in OTHER_NAMES.items()},
}
"""Modules whose classes a target may name, by the target's prefix."""


WEIGHT_NORMS: Mapping[str, Callable[[nn.Module], nn.Module]] = {
    "weight": parametrizations.weight_norm,
    "spectral": parametrizations.spectral_norm,
}
"""Parametrisations by the name in `Call.norm`."""


class UnknownTargetError(ValueError):
    """A call names no module of torch.nn, dlstudio or an installed package with layer kinds."""


def module_class(target: str) -> type[nn.Module]:
    """Return the module class of a dotted name; nothing is ever evaluated.

    Only a package that has registered layer kinds is imported, and only when one of its modules is
    used.

    Raises:
        UnknownTargetError: The name is not in `torch.nn`, `dlstudio.network.modules` or such a
            package.
    """
    module_name, _, name = target.rpartition(".")
    holder = MODULES_BY_PREFIX.get(f"{module_name}.") or _plugin_module(module_name)
    attribute = getattr(holder, name, None)
    if isinstance(attribute, type) and issubclass(attribute, nn.Module):
        return attribute
    raise UnknownTargetError(f"{target!r} is not a module of torch.nn or of dlstudio")


def _plugin_module(module_name: str) -> ModuleType | None:
    """Return a module of a package with registered layer kinds, None for all others."""
    if module_name.partition(".")[0] not in PACKAGES:
        return None
    try:
        return importlib.import_module(module_name)
    except Exception as error:
        raise UnknownTargetError(f"{module_name!r} cannot be loaded: {error}") from error


def build(call: Call, device: str) -> nn.Module:
    """Return a new module on `device` with torch's initial weights, under the call's norm.

    Raises:
        UnknownTargetError: The target is not allowed.
        ValueError, RuntimeError, TypeError: Torch rejects the arguments.
    """
    with torch.device(device):
        return apply_weight_norm(module_class(call.target)(**call.arguments), call.norm)


def apply_weight_norm(module: nn.Module, norm: str) -> nn.Module:
    """Parametrise the weights of all linear layers and convolutions of a module, in place.

    Spectral norm draws the start of its power iteration from torch's generator.
    """
    if norm != NO_NORM:
        for submodule in list(module.modules()):
            if isinstance(submodule, (nn.Linear, nn.modules.conv._ConvNd)):
                WEIGHT_NORMS[norm](submodule)
    return module
