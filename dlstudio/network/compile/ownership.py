"""Who owns a parameter: each belongs to one layer, even where others use it too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from torch import nn


def own_parameters(
    module: nn.Module, layer: str, ties: Mapping[str, str]
) -> Iterator[tuple[str, nn.Parameter]]:
    """Yield the parameters that belong to a layer, without those that it takes from another one.

    Each comes with its name in `module`.

    Args:
        module: Contains the layers under their dotted paths.
        layer: Path of the layer.
        ties: Name of the owner's parameter by the name of one that is only used.
    """
    for name, parameter in module.get_submodule(layer).named_parameters():
        full_name = f"{layer}.{name}"
        if full_name not in ties:
            yield full_name, parameter


def set_frozen(
    module: nn.Module,
    layers: Iterable[str],
    frozen: Collection[str],
    ties: Mapping[str, str],
    frozen_parameters: Collection[str] = (),
) -> None:
    """Let the parameters of the layers require a gradient, except for the frozen ones.

    Args:
        module: Contains the layers under their dotted paths.
        layers: Paths of the layers.
        frozen: Paths of the layers that are frozen as a whole.
        ties: Name of the owner's parameter by the name of one that is only used.
        frozen_parameters: Names of single frozen parameters of other layers.
    """
    for layer in layers:
        for name, parameter in own_parameters(module, layer, ties):
            parameter.requires_grad_(layer not in frozen and name not in frozen_parameters)
