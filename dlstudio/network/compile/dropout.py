"""Finds and sets the dropout probability of layers, also of those with dropout inside."""

from __future__ import annotations

from collections.abc import Iterator

from torch import nn


def dropout_probability(layer: nn.Module) -> float | None:
    """Return the dropout probability; None for a layer without dropout.

    A dropout layer counts even at probability 0, other layers only above it.
    """
    if isinstance(layer, nn.modules.dropout._DropoutNd):
        return float(layer.p)
    return (
        max((float(getattr(*attribute)) for attribute in _dropout_attributes(layer)), default=0.0)
        or None
    )


def set_dropout(layer: nn.Module, probability: float) -> None:
    """Set the dropout probability of a layer and its submodules."""
    for module, name in _dropout_attributes(layer):
        setattr(module, name, probability)


def _dropout_attributes(layer: nn.Module) -> Iterator[tuple[nn.Module, str]]:
    """Yield each module with dropout and the attribute with its probability."""
    for module in layer.modules():
        if isinstance(module, nn.modules.dropout._DropoutNd):
            yield module, "p"
        elif isinstance(module, nn.MultiheadAttention) or (
            isinstance(module, nn.RNNBase) and module.num_layers > 1
        ):
            yield module, "dropout"
