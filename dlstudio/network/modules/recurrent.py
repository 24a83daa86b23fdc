"""Batch-first recurrent layers, and the selection of the last step.

They derive from torch's own, so that weights have the same names and results are equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import torch
from torch import Tensor, nn


class Recurrent(nn.RNNBase):
    """Base class of the three. L layers, D directions, T steps, F features, H hidden features."""

    saved_per_step: ClassVar[int]
    """Values that the backward pass needs for each hidden feature and step."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        num_layers: int = 1,
        bias: bool = True,
        dropout: float = 0.0,
        bidirectional: bool = False,
        **kwargs: Any,
    ) -> None:
        """Build torch's layer with the batch first; `kwargs` are its other arguments."""
        sizes = {"input_size": input_size, "hidden_size": hidden_size, "num_layers": num_layers}
        switches = {"bias": bias, "batch_first": True, "bidirectional": bidirectional}
        arguments: dict[str, Any] = {**sizes, **switches, "dropout": dropout, **kwargs}
        super().__init__(**arguments)

    def multiply_adds(self, inputs: Sequence[Tensor], _outputs: Sequence[Tensor]) -> int:
        """Return the multiply-adds of one sample: every weight once per step, without biases."""
        weights = (weight for name, weight in self.named_parameters() if name.startswith("weight"))
        return int(inputs[0].shape[1]) * sum(weight.numel() for weight in weights)

    def _run(self, x: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """Return (B, T, H·D) and the last states (B, L·D, H) for x (B, T, F) and initial states."""
        if x.ndim != 3:
            raise ValueError(f"steps and features are needed, not {tuple(x.shape[1:])}")
        if x.is_meta:
            return self._meta_forward(x, *states)
        first = [state.transpose(0, 1).contiguous() for state in states]
        initial = None if not first else first[0] if len(first) == 1 else tuple(first)
        with self._gradients_in_eval_mode():
            sequence, last = super().forward(x, initial)
        ends = last if isinstance(last, tuple) else (last,)
        return sequence, *(state.transpose(0, 1) for state in ends)

    def _meta_forward(self, x: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """Return the shapes of the result of `_run` on the meta device.

        Torch iterates over every step there, which takes seconds for 1,000 of them.
        """
        directions = 2 if self.bidirectional else 1
        saved_per_step = self.saved_per_step * self.num_layers * directions * self.hidden_size
        sequence = (x.shape[0], x.shape[1], directions * self.hidden_size)
        ends = (x.shape[0], self.num_layers * directions, self.hidden_size)
        shapes = (sequence, *(ends,) * (2 if self.mode == "LSTM" else 1))
        results: tuple[Tensor, ...] = _MetaForward.apply(
            saved_per_step, shapes, x, *states, *self.parameters(recurse=False)
        )
        return results

    @contextmanager
    def _gradients_in_eval_mode(self) -> Iterator[None]:
        """Allow gradients in evaluation mode, which a frozen layer is in.

        cuDNN saves what they need in training mode only.
        """
        mode, dropout = self.training, self.dropout
        if not mode and torch.is_grad_enabled():
            self.training, self.dropout = True, 0.0
        try:
            yield
        finally:
            self.training, self.dropout = mode, dropout


class _MetaForward(torch.autograd.Function):
    """New tensors of given shapes, as if computed from all given tensors."""

    @staticmethod
    def forward(
        ctx: Any, saved_per_step: int, shapes: Sequence[tuple[int, ...]], x: Tensor, *_: Tensor
    ) -> tuple[Tensor, ...]:
        """Save the input and `saved_per_step` values for each step."""
        ctx.save_for_backward(x, x.new_empty((*x.shape[:2], saved_per_step)))
        return tuple(x.new_empty(shape) for shape in shapes)

    @staticmethod
    def backward(_ctx: Any, *_: Any) -> Any:
        """Raise, as there are no values."""
        raise RuntimeError("shape inference has no gradients")


class RNN(Recurrent, nn.RNN):
    """Plain recurrent layer: h[t] = tanh(W x[t] + U h[t−1])."""

    saved_per_step = 1

    def __init__(
        self, input_size: int, hidden_size: int, *, nonlinearity: str = "tanh", **kwargs: Any
    ) -> None:
        """Build torch's RNN; `kwargs` are the arguments that all three share."""
        super().__init__(input_size, hidden_size, nonlinearity=nonlinearity, **kwargs)

    def forward(  # type: ignore[override]
        self, x: Tensor, hidden: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        """Return sequence (B, T, H·D) and hidden (B, L·D, H) for x (B, T, F)."""
        return self._run(x) if hidden is None else self._run(x, hidden)


class GRU(Recurrent, nn.GRU):
    """Gated recurrent unit."""

    saved_per_step = 7

    def forward(  # type: ignore[override]
        self, x: Tensor, hidden: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        """Return sequence (B, T, H·D) and hidden (B, L·D, H) for x (B, T, F)."""
        return self._run(x) if hidden is None else self._run(x, hidden)


class LSTM(Recurrent, nn.LSTM):
    """Long short-term memory."""

    saved_per_step = 7

    def forward(  # type: ignore[override]
        self, x: Tensor, hidden: Tensor | None = None, cell: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        """Return sequence (B, T, H·D), hidden and cell (B, L·D, H) for x (B, T, F).

        Initial states default to 0.
        """
        if hidden is not None:
            return self._run(x, hidden, torch.zeros_like(hidden) if cell is None else cell)
        if cell is not None:
            return self._run(x, torch.zeros_like(cell), cell)
        return self._run(x)


class LastStep(nn.Module):
    """The last step of each sequence, or the last valid one if lengths are given."""

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Return (B, …) for x (B, T, …) and lengths (B,), which are clamped to 1…T.

        Raises:
            TypeError: The lengths are not integers.
            ValueError: There is not one length for each sample.
        """
        if lengths is None:
            return x[:, -1]
        if lengths.is_floating_point() or lengths.dtype == torch.bool:
            raise TypeError(f"lengths must be integers, not {lengths.dtype}")
        if lengths.ndim != 1 or x.ndim < 2:
            raise ValueError("one length for each sequence is needed")
        places = lengths.long().clamp(1, x.shape[1]) - 1
        return x[torch.arange(len(x), device=x.device), places]
