"""Joins that torch.nn lacks, as submodules so they can be hooked.

Axes and shapes are those of a sample; the batch is always axis 0 of the tensors.
"""

from __future__ import annotations

from functools import reduce
from operator import mul

import torch
from torch import Tensor, nn


class Add(nn.Module):
    """Sum of its inputs, all (B, C, …); an axis behind the channels may be 1 and is stretched."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the sum; ValueError where axes or channels differ."""
        _same_axes("Add", inputs)
        if len({each.shape[1:2] for each in inputs}) > 1:
            raise ValueError(f"Add needs equal channels, not {_shapes(inputs)}")
        return sum(inputs[1:], inputs[0])


class Multiply(nn.Module):
    """Product of its inputs, number by number; any axis but the batch may be 1 and is stretched."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the product; ValueError where the numbers of axes differ."""
        _same_axes("Multiply", inputs)
        return reduce(mul, inputs)


class Concatenate(nn.Module):
    """Its inputs side by side along one sample axis."""

    def __init__(self, axis: int = 0) -> None:
        """Keep the sample axis; negative ones count from the end."""
        super().__init__()
        self.axis = axis

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return (B, …, sum along the axis, …)."""
        return torch.cat(inputs, self.axis + 1 if self.axis >= 0 else self.axis)

    def extra_repr(self) -> str:
        """Return the arguments for `print(module)`."""
        return f"axis={self.axis}"


def _same_axes(name: str, inputs: tuple[Tensor, ...]) -> None:
    if len({each.ndim for each in inputs}) > 1:
        raise ValueError(f"{name} needs inputs with equally many axes, not {_shapes(inputs)}")


def _shapes(inputs: tuple[Tensor, ...]) -> str:
    return ", ".join("×".join(map(str, each.shape)) for each in inputs)
