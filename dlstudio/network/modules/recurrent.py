"""Recurrent layers that take and give the batch first, and the choice of a last step.

They derive from torch's own, so that weights have the same names and results the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import torch
from torch import Tensor, nn


class Recurrent(nn.RNNBase):
    """What the three share. L layers, D directions, T steps, F features, H hidden features."""

    saved_per_step: ClassVar[int]
    """Numbers that the backward pass needs for each hidden feature and step."""

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
        """Build torch's layer with the batch first; `kwargs` are its further arguments."""
        sizes = {"input_size": input_size, "hidden_size": hidden_size, "num_layers": num_layers}
        switches = {"bias": bias, "batch_first": True, "bidirectional": bidirectional}
        arguments: dict[str, Any] = {**sizes, **switches, "dropout": dropout, **kwargs}
        super().__init__(**arguments)

    def multiply_adds(self, inputs: Sequence[Tensor], _outputs: Sequence[Tensor]) -> int:
        """Return those of one sample: every weight is used once at each step, biases apart."""
        weights = (weight for name, weight in self.named_parameters() if name.startswith("weight"))
        return int(inputs[0].shape[1]) * sum(weight.numel() for weight in weights)

    def _run(self, x: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """Return (B, T, H·D) and the last states (B, L·D, H) for x (B, T, F) and first states."""
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
        """Return what `_run` does, as shapes only.

        Torch walks through every step on the meta device, which takes seconds for 1,000 of them.
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
        """Let gradients pass while the layer rests in evaluation mode, as a frozen one does.

        cuDNN keeps what they need in training mode only.
        """
        mode, dropout = self.training, self.dropout
        if not mode and torch.is_grad_enabled():
            self.training, self.dropout = True, 0.0
        try:
            yield
        finally:
            self.training, self.dropout = mode, dropout


class _MetaForward(torch.autograd.Function):
    """New tensors of given shapes, as if computed from all the tensors given."""

    @staticmethod
    def forward(
        ctx: Any, saved_per_step: int, shapes: Sequence[tuple[int, ...]], x: Tensor, *_: Tensor
    ) -> tuple[Tensor, ...]:
        """Save the input and `saved_per_step` numbers for each step."""
        ctx.save_for_backward(x, x.new_empty((*x.shape[:2], saved_per_step)))
        return tuple(x.new_empty(shape) for shape in shapes)

    @staticmethod
    def backward(_ctx: Any, *_: Any) -> Any:
        """Refuse: there are no numbers."""
        raise RuntimeError("an outline has no gradients")


class RNN(Recurrent, nn.RNN):
    """Plain recurrent layer: h[t] = tanh(W x[t] + U h[t−1])."""

    saved_per_step = 1

    def __init__(
        self, input_size: int, hidden_size: int, *, nonlinearity: str = "tanh", **kwargs: Any
    ) -> None:
        """Build torch's RNN with the batch first; `kwargs` is what all three take."""
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

        A first state that is not given is 0.
        """
        if hidden is not None:
            return self._run(x, hidden, torch.zeros_like(hidden) if cell is None else cell)
        if cell is not None:
            return self._run(x, torch.zeros_like(cell), cell)
        return self._run(x)


class LastStep(nn.Module):
    """The last step of each sequence, or the last one that counts where lengths are given."""

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Return (B, …) for x (B, T, …) and lengths (B,); these are kept within 1…T.

        Raises:
            TypeError: Lengths that are no integers.
            ValueError: Not one length for each sample.
        """
        if lengths is None:
            return x[:, -1]
        if lengths.is_floating_point() or lengths.dtype == torch.bool:
            raise TypeError(f"lengths are integers, not {lengths.dtype}")
        if lengths.ndim != 1 or x.ndim < 2:
            raise ValueError("one length for each sequence is needed")
        places = lengths.long().clamp(1, x.shape[1]) - 1
        return x[torch.arange(len(x), device=x.device), places]
