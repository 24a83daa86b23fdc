"""Constants, one-hot encoding, scaling and sampling; the batch is always axis 0 of the tensors."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from dlstudio.network.modules.axes import tensor_axis


class OneHot(nn.Module):
    """Integers (B, …) as one-hot rows in float32.

    Unlike `torch.nn.functional.one_hot` it accepts every integer type, and never waits for the
    device to look for values out of range: they give a row of zeros.
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.num_classes = num_classes

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, …, num_classes); TypeError for real numbers."""
        if x.is_floating_point():
            raise TypeError(f"OneHot needs integers, not {x.dtype}")
        classes = torch.arange(self.num_classes, device=x.device)
        return (x.unsqueeze(-1) == classes).float()

    def extra_repr(self) -> str:
        return f"num_classes={self.num_classes}"


class L2Normalise(nn.Module):
    """Divides vectors along one sample axis by their length."""

    def __init__(self, axis: int = -1, eps: float = 1e-12) -> None:
        super().__init__()
        self.axis = axis
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Return a tensor of the same shape."""
        return functional.normalize(x, dim=tensor_axis(self.axis, x.ndim - 1), eps=self.eps)

    def extra_repr(self) -> str:
        return f"axis={self.axis}, eps={self.eps}"


class Scale(nn.Module):
    """Learned factors, one for each entry of a sample axis or one for all.

    Source: Touvron et al. 2021, https://arxiv.org/abs/2103.17239 (LayerScale).
    """

    def __init__(self, num_features: int, axis: int | None = -1, initial: float = 1.0) -> None:
        """Create the factors; without an axis `num_features` is 1."""
        super().__init__()
        self.axis = axis
        self.weight = nn.Parameter(torch.full((num_features,), initial))

    def forward(self, x: Tensor) -> Tensor:
        """Return a tensor of the same shape."""
        if self.axis is None:
            return x * self.weight
        behind = x.ndim - 1 - tensor_axis(self.axis, x.ndim - 1)
        return x * self.weight.reshape(-1, *(1,) * behind)

    def extra_repr(self) -> str:
        return f"{self.weight.numel()}, axis={self.axis}"


class Constant(nn.Module):
    """The same tensor for every sample, a parameter or a buffer `value` of (1, *shape)."""

    def __init__(
        self, shape: tuple[int, ...] = (16,), initial: float = 0.0, learned: bool = True
    ) -> None:
        """Fill the tensor.

        Raises:
            ValueError: The shape has no sizes.
        """
        super().__init__()
        if not shape:
            raise ValueError("a constant needs at least one size")
        value = torch.full((1, *shape), initial)
        if learned:
            self.value = nn.Parameter(value)
        else:
            self.register_buffer("value", value)

    def forward(self, like: Tensor) -> Tensor:
        """Return (B, *shape) without copying memory; only B of `like` is used."""
        return self.value.expand(like.shape[0], *self.value.shape[1:])

    def extra_repr(self) -> str:
        learned = isinstance(self.value, nn.Parameter)
        return f"shape={tuple(self.value.shape[1:])}, learned={learned}"


class Shift(nn.Module):
    """Delays a sequence (B, L, *step_shape) by one step, after a start value."""

    start: nn.Parameter | None

    def __init__(self, step_shape: tuple[int, ...], learned: bool = True) -> None:
        """Create the start value (1, 1, *step_shape), initially 0, or none."""
        super().__init__()
        start = nn.Parameter(torch.zeros(1, 1, *step_shape)) if learned else None
        self.register_parameter("start", start)

    def forward(self, x: Tensor) -> Tensor:
        """Return a tensor of the same shape.

        Raises:
            IndexError: The sequence has no steps.
            TypeError: A learned start value cannot precede integers.
        """
        steps = tensor_axis(0, x.ndim - 1)
        if self.start is None:
            start = torch.zeros_like(x[:, :1])
        elif x.is_floating_point():
            start = self.start.expand(x.shape[0], 1, *x.shape[2:])
        else:
            raise TypeError(f"a learned start needs real numbers, not {x.dtype}")
        return torch.cat((start, x[:, :-1]), steps)

    def extra_repr(self) -> str:
        return f"learned={self.start is not None}"


class Reparameterise(nn.Module):
    """Samples a normal distribution by the reparameterisation trick.

    Source: Kingma and Welling 2014, https://arxiv.org/abs/1312.6114.
    """

    def forward(self, mean: Tensor, log_variance: Tensor) -> Tensor:
        """Return a sample in training mode, otherwise the mean; ValueError if the shapes differ."""
        if mean.shape != log_variance.shape:
            raise ValueError(f"{tuple(mean.shape)} and {tuple(log_variance.shape)} differ")
        if not self.training:
            return mean
        return mean + torch.randn_like(mean) * torch.exp(log_variance / 2)
