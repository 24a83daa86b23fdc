"""Modules with several inputs that torch.nn lacks.

Axes and shapes are those of a sample; the batch is always axis 0 of the tensors.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import mul

import torch
from torch import Tensor, nn

from dlstudio.network.modules.axes import tensor_axis


class Add(nn.Module):
    """Sum of its inputs, all (B, C, …); axes after the channels broadcast if their size is 1."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the sum; ValueError if axes or channels differ."""
        _check_same_axes("Add", inputs)
        if len({tensor.shape[1:2] for tensor in inputs}) > 1:
            raise ValueError(f"Add needs equal channels, not {_shapes(inputs)}")
        return sum(inputs[1:], inputs[0])


class Multiply(nn.Module):
    """Elementwise product of its inputs; all axes but the batch broadcast if their size is 1."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the product; ValueError if the numbers of axes differ."""
        _check_same_axes("Multiply", inputs)
        return reduce(mul, inputs)


class Concatenate(nn.Module):
    """Concatenation of its inputs along one sample axis."""

    def __init__(self, axis: int = 0) -> None:
        """Concatenate along this sample axis; negative axes count from the end."""
        super().__init__()
        self.axis = axis

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return (B, …, sum along the axis, …)."""
        return torch.cat(inputs, self.axis + 1 if self.axis >= 0 else self.axis)

    def extra_repr(self) -> str:
        return f"axis={self.axis}"


class Stack(nn.Module):
    """Its inputs, all of one shape, stacked along a new sample axis."""

    def __init__(self, axis: int = 0) -> None:
        """Insert the new axis at this index of the result."""
        super().__init__()
        self.axis = axis

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return (B, …, number of inputs, …)."""
        return torch.stack(inputs, tensor_axis(self.axis, inputs[0].ndim))

    def extra_repr(self) -> str:
        return f"axis={self.axis}"


class Subtract(nn.Module):
    """Difference of two inputs; all axes but the batch broadcast if their size is 1."""

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        """Return left - right; ValueError if the numbers of axes differ."""
        _check_same_axes("Subtract", (left, right))
        return left - right


class MatMul(nn.Module):
    """Matrix product over the last two axes; the axes before them broadcast if their size is 1."""

    def __init__(self, transpose_right: bool = False) -> None:
        """With `transpose`, transpose the right matrix first."""
        super().__init__()
        self.transpose_right = transpose_right

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        """Return (B, …, N, M) of (B, …, N, K) and (B, …, K, M), transposed (B, …, M, K).

        Raises:
            ValueError: The numbers of axes differ, or a sample is not a matrix.
        """
        _check_same_axes("MatMul", (left, right))
        if left.ndim < 3:
            raise ValueError(f"MatMul needs matrices, not {_shapes((left, right))}")
        return left @ (right.mT if self.transpose_right else right)

    def multiply_adds(self, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> int:
        """Return the multiply-adds of one sample: a row times a column for each output value."""
        return outputs[0][0].numel() * int(inputs[0].shape[-1])

    def extra_repr(self) -> str:
        return f"transpose_right={self.transpose_right}"


def _check_same_axes(name: str, inputs: tuple[Tensor, ...]) -> None:
    if len({tensor.ndim for tensor in inputs}) > 1:
        raise ValueError(f"{name} needs inputs with equal numbers of axes, not {_shapes(inputs)}")


def _shapes(inputs: tuple[Tensor, ...]) -> str:
    return ", ".join("×".join(map(str, tensor.shape)) for tensor in inputs)
