"""Who owns a parameter: each belongs to one layer, even where others use it too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from torch import nn


def own_parameters(
    module: nn.Module, layer: str, ties: Mapping[str, str]
) -> Iterator[nn.Parameter]:
    """Yield the parameters that belong to a layer, without those that it takes from another one.

    Args:
        module: Contains the layers under their dotted paths.
        layer: Path of the layer.
        ties: Name of the owner's parameter by the name of one that is only used.
    """
    for name, parameter in module.get_submodule(layer).named_parameters():
        if f"{layer}.{name}" not in ties:
            yield parameter


def set_frozen(
    module: nn.Module, layers: Iterable[str], frozen: Collection[str], ties: Mapping[str, str]
) -> None:
    """Let the parameters of the layers require a gradient, except for those of `frozen`."""
    for layer in layers:
        for parameter in own_parameters(module, layer, ties):
            parameter.requires_grad_(layer not in frozen)
