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

TORCH_PACKAGE = "torch.nn"
OWN_PACKAGE = "dlstudio.network.modules"
OTHER_NAMES: Mapping[str, str] = {
    f"{OWN_PACKAGE}.disturbing": f"{OWN_PACKAGE}.noise",
    f"{OWN_PACKAGE}.joins": f"{OWN_PACKAGE}.merge",
    f"{OWN_PACKAGE}.pools": f"{OWN_PACKAGE}.global_pooling",
    f"{OWN_PACKAGE}.steps": f"{OWN_PACKAGE}.time_distributed",
}
"""Module names in the calls of packages that were written for an earlier version."""

WEIGHT_NORMS: Mapping[str, Callable[[nn.Module], nn.Module]] = {
    "weight": parametrizations.weight_norm,
    "spectral": parametrizations.spectral_norm,
}
"""Parametrisations by the name in `Call.norm`."""


class UnknownTargetError(ValueError):
    """A call names no module of torch.nn, dlstudio or an installed package with layer kinds."""


def module_class(target: str) -> type[nn.Module]:
    """Return the module class of a dotted name; nothing is ever evaluated.

    Only our own modules and packages that have registered layer kinds are imported, and only when
    one of their classes is used.

    Raises:
        UnknownTargetError: The name is not in `torch.nn`, `dlstudio.network.modules` or such a
            package.
    """
    module_name, _, name = target.rpartition(".")
    attribute = getattr(_allowed_module(module_name), name, None)
    if isinstance(attribute, type) and issubclass(attribute, nn.Module):
        return attribute
    raise UnknownTargetError(f"{target!r} is not a module of torch.nn or of dlstudio")


def _allowed_module(name: str) -> ModuleType | None:
    """Return a module whose classes a target may name, None for all others."""
    if name == TORCH_PACKAGE:
        return nn
    name = OTHER_NAMES.get(name, name)
    if name.rpartition(".")[0] != OWN_PACKAGE and name.partition(".")[0] not in PACKAGES:
        return None
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise UnknownTargetError(f"{name!r} cannot be loaded: {error}") from error


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
