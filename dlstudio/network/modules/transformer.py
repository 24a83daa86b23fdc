"""Torch's transformer layers with the batch first, a mask per sample and a causal option.

Submodules and weights are torch's; the forward pass is ours, since torch's fast path bypasses the
submodules in evaluation mode and returns NaN where everything is masked. Masks are those of
`attention`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor, nn

from dlstudio.network.modules.attention import attend, projected_weights


class _TransformerLayer(nn.Module):
    """Base class of encoder and decoder layers; must precede torch's class in the bases."""

    linear1: nn.Linear
    linear2: nn.Linear
    dropout: nn.Dropout
    activation: Callable[[Tensor], Tensor]
    norm_first: bool

    def __init__(
        self,
        d_model: int,
        nhead: int,
        *,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str = "relu",
        layer_norm_eps: float = 1e-5,
        norm_first: bool = False,
        bias: bool = True,
        causal: bool = False,
    ) -> None:
        """Build torch's layer; `causal` hides later steps of the sequence, not of the memory."""
        super().__init__(
            d_model,
            nhead,
            dim_feedforward,
            dropout,
            activation,
            layer_norm_eps,
            batch_first=True,
            norm_first=norm_first,
            bias=bias,
        )
        self.causal = causal

    def _feed_forward(self, x: Tensor) -> Tensor:
        """Return the result of the feed-forward network for (B, T, E)."""
        result: Tensor = self.linear2(self.dropout(self.activation(self.linear1(x))))
        return result

    def _residual(
        self, x: Tensor, block: Callable[[Tensor], Tensor], norm: nn.Module, dropout: nn.Module
    ) -> Tensor:
        """Return the block's result added to its input, normalised before or after."""
        first = self.norm_first
        result: Tensor = x + dropout(block(norm(x))) if first else norm(x + dropout(block(x)))
        return result


class TransformerEncoderLayer(_TransformerLayer, nn.TransformerEncoderLayer):
    """Self-attention and a feed-forward network, each with a residual connection and a norm."""

    def forward(  # type: ignore[override]
        self, x: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """Return (B, T, E) for x (B, T, E)."""

        def self_attention(x: Tensor) -> Tensor:
            return attend(self.self_attn, (x, x, x), mask, causal=self.causal)

        x = self._residual(x, self_attention, self.norm1, self.dropout1)
        return self._residual(x, self._feed_forward, self.norm2, self.dropout2)

    def weights(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the attention weights (B, h, T, T), in evaluation mode."""
        seen = self.norm1(x) if self.norm_first else x
        return projected_weights(self.self_attn, seen, seen, mask, causal=self.causal)

    def multiply_adds(self, inputs: Sequence[Tensor], _outputs: Sequence[Tensor]) -> int:
        """Return the multiply-adds of one sample: all matrix products; norms excluded."""
        steps, width = inputs[0].shape[1:]
        weights = 4 * width * width + 2 * width * self.linear1.out_features
        return int(steps * weights + 2 * steps * steps * width)


class TransformerDecoderLayer(_TransformerLayer, nn.TransformerDecoderLayer):
    """Self-attention, attention to a memory and a feed-forward network."""

    def forward(  # type: ignore[override]
        self,
        target: Tensor,
        memory: Tensor,
        target_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
    ) -> Tensor:
        """Return (B, T, E) for target (B, T, E) and memory (B, S, E)."""

        def self_attention(x: Tensor) -> Tensor:
            return attend(self.self_attn, (x, x, x), target_mask, causal=self.causal)

        def cross_attention(x: Tensor) -> Tensor:
            return attend(self.multihead_attn, (x, memory, memory), memory_mask, causal=False)

        x = self._residual(target, self_attention, self.norm1, self.dropout1)
        x = self._residual(x, cross_attention, self.norm2, self.dropout2)
        return self._residual(x, self._feed_forward, self.norm3, self.dropout3)

    def multiply_adds(self, inputs: Sequence[Tensor], _outputs: Sequence[Tensor]) -> int:
        """Return the multiply-adds of one sample: all matrix products; norms excluded."""
        steps, width = inputs[0].shape[1:]
        sources = inputs[1].shape[1]
        own = 6 * width * width + 2 * width * self.linear1.out_features
        products = 2 * steps * width * (steps + sources)
        return int(steps * own + sources * 2 * width * width + products)
