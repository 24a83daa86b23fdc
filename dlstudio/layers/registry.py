"""Every layer kind by name, in the palette's order. One line adds one."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.layers import (
    activation,
    convolution,
    dense,
    io,
    merge,
    normalisation,
    pooling,
    shape,
)
from dlstudio.layers.kind import Kind

_ALL: tuple[type[Kind], ...] = (
    io.Input,
    io.Output,
    dense.Linear,
    dense.Embedding,
    convolution.Conv1d,
    convolution.Conv2d,
    convolution.ConvTranspose2d,
    pooling.MaxPool1d,
    pooling.MaxPool2d,
    pooling.AvgPool2d,
    pooling.AdaptiveAvgPool2d,
    normalisation.BatchNorm1d,
    normalisation.BatchNorm2d,
    normalisation.LayerNorm,
    normalisation.Dropout,
    normalisation.Dropout2d,
    activation.ReLU,
    activation.LeakyReLU,
    activation.ELU,
    activation.GELU,
    activation.SiLU,
    activation.Sigmoid,
    activation.Tanh,
    activation.Softmax,
    shape.Flatten,
    shape.Reshape,
    shape.Permute,
    merge.Add,
    merge.Multiply,
    merge.Concatenate,
    shape.Identity,
)

KINDS: Mapping[str, type[Kind]] = {kind.name: kind for kind in _ALL}


def find(name: str) -> type[Kind] | None:
    """Return the kind of that name, or None."""
    return KINDS.get(name)
