"""Positional encodings, patch embeddings, class tokens and time embeddings.

B samples, T steps, F features.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

INITIAL_STD = 0.02
"""Standard deviation of learned vectors at initialisation, as in GPT-2 and vision transformers."""


class SinusoidalPositions(nn.Module):
    """Adds sinusoids of many wavelengths (Vaswani et al., 2017, section 3.5)."""

    def __init__(self, base: float = 10_000.0) -> None:
        """The longest wavelength is about 2π · `base` steps."""
        super().__init__()
        self.base = base

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, T, F) for x (B, T, F)."""
        _check_sequence(x)
        steps = torch.arange(x.shape[1], device=x.device)
        return x + sinusoids(steps, x.shape[2], self.base).to(x.dtype)

    def extra_repr(self) -> str:
        return f"base={self.base:g}"


class LearnedPositions(nn.Module):
    """Adds a learned vector to each step."""

    def __init__(self, max_length: int, features: int) -> None:
        """Initialise the vectors for up to `max_length` steps."""
        super().__init__()
        self.weight = nn.Parameter(torch.empty(max_length, features))
        nn.init.normal_(self.weight, std=INITIAL_STD)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, T, F) for x (B, T, F); ValueError for more than `max_length` steps."""
        _check_sequence(x)
        if x.shape[1] > len(self.weight):
            raise ValueError(f"{x.shape[1]} steps, but only {len(self.weight)} positions")
        return x + self.weight[: x.shape[1]]


class RotaryPositions(nn.Module):
    """Rotates each pair of features by an angle that grows with the step (Su et al., 2021)."""

    def __init__(self, heads: int = 1, base: float = 10_000.0) -> None:
        """Rotate each of `heads` alike; `base` determines the angles."""
        super().__init__()
        self.heads, self.base = heads, base

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, T, F) for x (B, T, F); ValueError if a head's number of features is odd."""
        _check_sequence(x)
        if x.shape[2] % (2 * self.heads):
            raise ValueError(
                f"{self.heads} heads need an even number of features each, not {x.shape[2]} in all"
            )
        pairs = x.unflatten(-1, (self.heads, -1, 2))
        steps = torch.arange(x.shape[1], device=x.device)
        angles = _angles(steps, 2 * pairs.shape[-2], self.base)[:, None]
        first, second = pairs.unbind(-1)
        sine, cosine = (wave.to(x.dtype) for wave in (angles.sin(), angles.cos()))
        rotated = (first * cosine - second * sine, first * sine + second * cosine)
        return torch.stack(rotated, -1).flatten(2)

    def extra_repr(self) -> str:
        return f"heads={self.heads}, base={self.base:g}"


class PatchEmbedding(nn.Conv2d):
    """Cuts an image into patches and projects each to a vector (Dosovitskiy et al., 2020)."""

    def __init__(
        self, in_channels: int, width: int, patch_size: tuple[int, int], *, bias: bool = True
    ) -> None:
        """Build a convolution whose stride equals its kernel."""
        super().__init__(in_channels, width, patch_size, stride=patch_size, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, patches, width) for x (B, C, H, W); the patches row by row."""
        return super().forward(x).flatten(2).transpose(1, 2)

    def multiply_adds(self, _inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> int:
        """Return the multiply-adds of one sample: every weight once per patch, without biases."""
        return int(outputs[0].shape[1]) * self.weight.numel()


class ClassToken(nn.Module):
    """Prepends a learned step, the class token."""

    def __init__(self, features: int) -> None:
        """Initialise the step."""
        super().__init__()
        self.token = nn.Parameter(torch.empty(1, features))
        nn.init.normal_(self.token, std=INITIAL_STD)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, 1 + T, F) for x (B, T, F)."""
        _check_sequence(x)
        first = self.token.to(x.dtype).expand(len(x), 1, -1)
        return torch.cat((first, x), 1)


class TimeStepEmbedding(nn.Module):
    """Sinusoids of many wavelengths at one time (Ho et al., 2020), like word positions."""

    def __init__(self, width: int, base: float = 10_000.0) -> None:
        """Return `width` features; `base` determines the wavelengths."""
        super().__init__()
        self.width, self.base = width, base

    def forward(self, time: Tensor) -> Tensor:
        """Return (B, width) for integers (B,).

        Raises:
            TypeError: The values are not integers.
            ValueError: There is more than one value per sample.
        """
        if time.is_floating_point() or time.dtype == torch.bool:
            raise TypeError(f"a time step is an integer, not {time.dtype}")
        if time.ndim != 1:
            raise ValueError(f"each sample has one time step, not {tuple(time.shape[1:])}")
        return sinusoids(time, self.width, self.base)

    def extra_repr(self) -> str:
        return f"width={self.width}, base={self.base:g}"


def _check_sequence(x: Tensor) -> None:
    """Raise unless x is (B, T, F) of real numbers."""
    if not x.is_floating_point():
        raise TypeError(f"real numbers are needed, not {x.dtype}")
    if x.ndim != 3:
        raise ValueError(f"steps and features are needed, not {tuple(x.shape[1:])}")


def sinusoids(positions: Tensor, width: int, base: float) -> Tensor:
    """Return (…, width) for positions (…): alternating sine and cosine of growing wavelengths."""
    angles = _angles(positions, width, base)
    both = torch.stack((angles.sin(), angles.cos()), -1).flatten(-2)
    return both[..., :width]


def _angles(positions: Tensor, width: int, base: float) -> Tensor:
    """Return positions · base^(−2i / width) for each pair i of features, (…, ⌈width / 2⌉)."""
    even = torch.arange(0, width, 2, device=positions.device, dtype=torch.float32)
    return positions[..., None].float() * torch.exp(even * (-math.log(base) / width))
