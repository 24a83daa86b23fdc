"""Batch-first attention with a mask per sample and access to the attention weights.

A mask is True where a step must not attend: (B, T, S) for each pair of a step and a source, or
(B, S) for all steps, as with padding. The result of a step without any source is 0.
B samples, T steps, S sources, E features, h heads.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional


class MultiheadAttention(nn.MultiheadAttention):
    """`torch.nn.MultiheadAttention`; key and value default to the query."""

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        *,
        dropout: float = 0.0,
        bias: bool = True,
        kdim: int | None = None,
        vdim: int | None = None,
        causal: bool = False,
    ) -> None:
        """Args as in torch, with the batch first; `causal` hides later steps."""
        super().__init__(
            embed_dim, num_heads, dropout, bias, kdim=kdim, vdim=vdim, batch_first=True
        )
        self.causal = causal

    def forward(  # type: ignore[override]
        self,
        query: Tensor,
        key: Tensor | None = None,
        value: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        """Return (B, T, E) for query (B, T, E), key (B, S, kdim) and value (B, S, vdim)."""
        key, value = _key_and_value(query, key, value)
        return attend(self, (query, key, value), mask, causal=self.causal)

    def weights(
        self,
        query: Tensor,
        key: Tensor | None = None,
        _value: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        """Return the attention weights (B, h, T, S), in evaluation mode."""
        key, _ = _key_and_value(query, key, None)
        return projected_weights(self, query, key, mask, causal=self.causal)

    def multiply_adds(self, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> int:
        """Return the multiply-adds of one sample: all matrix products."""
        steps, sources = _steps_and_sources(inputs)
        projections = steps * 2 * self.embed_dim + sources * (self.kdim + self.vdim)
        return int(self.embed_dim * (projections + 2 * steps * sources))


class Attention(nn.Module):
    """Scaled dot-product attention without weights (Vaswani et al., 2017)."""

    def __init__(self, heads: int = 1, causal: bool = False) -> None:
        """Split the features into `heads`; `causal` hides later steps."""
        super().__init__()
        self.heads, self.causal = heads, causal

    def forward(
        self,
        query: Tensor,
        key: Tensor | None = None,
        value: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        """Return (B, T, V) for query (B, T, E), key (B, S, E) and value (B, S, V)."""
        key, value = _key_and_value(query, key, value)
        q, k, v = (_split_heads(x, self.heads) for x in (query, key, value))
        if mask is None:
            seen = functional.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
            return seen.transpose(1, 2).flatten(2)
        hidden = hidden_pairs(query, key, mask, causal=self.causal)
        fully_hidden = hidden.all(-1, keepdim=True)
        visible = ~hidden | fully_hidden
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=visible[:, None])
        return seen.transpose(1, 2).flatten(2).masked_fill(fully_hidden, 0.0)

    @torch.no_grad()
    def weights(
        self,
        query: Tensor,
        key: Tensor | None = None,
        _value: Tensor | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        """Return the attention weights (B, h, T, S)."""
        key, _ = _key_and_value(query, key, None)
        hidden = hidden_pairs(query, key, mask, causal=self.causal)
        return _attention_weights(
            _split_heads(query, self.heads), _split_heads(key, self.heads), hidden
        )

    def multiply_adds(self, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> int:
        """Return the multiply-adds of one sample: query with key, and weights with value."""
        steps, sources = _steps_and_sources(inputs)
        return steps * sources * int(inputs[0].shape[-1] + outputs[0].shape[-1])

    def extra_repr(self) -> str:
        return f"heads={self.heads}, causal={self.causal}"


def attend(
    layer: nn.MultiheadAttention,
    signals: tuple[Tensor, Tensor, Tensor],
    mask: Tensor | None,
    *,
    causal: bool,
) -> Tensor:
    """Return the result of torch's layer for query, key and value, (B, T, E)."""
    query, key, _ = signals
    forward = nn.MultiheadAttention.forward
    if mask is None:
        later = _causal_mask(query, key) if causal else None
        seen, _ = forward(layer, *signals, attn_mask=later, is_causal=causal, need_weights=False)
        return seen
    hidden = hidden_pairs(query, key, mask, causal=causal)
    fully_hidden = hidden.all(-1, keepdim=True)
    by_head = (hidden & ~fully_hidden).repeat_interleave(layer.num_heads, 0)
    seen, _ = forward(layer, *signals, attn_mask=by_head, need_weights=False)
    bias = layer.out_proj.bias
    nothing = seen.new_zeros(()) if bias is None else bias.to(seen.dtype)
    return torch.where(fully_hidden, nothing, seen)


@torch.no_grad()
def projected_weights(
    layer: nn.MultiheadAttention, query: Tensor, key: Tensor, mask: Tensor | None, *, causal: bool
) -> Tensor:
    """Return the attention weights (B, h, T, S) of torch's layer without its forward pass."""
    biases = layer.in_proj_bias
    if layer.kdim == layer.vdim == layer.embed_dim:  # then torch keeps one matrix for all three
        by_query, by_key, _ = layer.in_proj_weight.chunk(3)
    else:
        by_query, by_key = layer.q_proj_weight, layer.k_proj_weight
    of_query, of_key, _ = (None,) * 3 if biases is None else biases.chunk(3)
    return _attention_weights(
        _split_heads(functional.linear(query, by_query, of_query), layer.num_heads),
        _split_heads(functional.linear(key, by_key, of_key), layer.num_heads),
        hidden_pairs(query, key, mask, causal=causal),
    )


def hidden_pairs(query: Tensor, key: Tensor, mask: Tensor | None, *, causal: bool) -> Tensor:
    """Return (B, T, S), or (1, T, S) without a mask: True where a step must not attend.

    Raises:
        TypeError: The mask is not Boolean.
        ValueError: The mask has another shape.
    """
    batch, steps, sources = len(query), query.shape[1], key.shape[1]
    later = _causal_mask(query, key)
    if not causal:
        later = torch.zeros_like(later)
    if mask is None:
        return later[None]
    if mask.dtype != torch.bool:
        raise TypeError(f"a mask must be of type bool, not {mask.dtype}")
    if mask.shape not in ((batch, sources), (batch, steps, sources)):
        raise ValueError(f"the mask must have the shape {steps}×{sources} or {sources}")
    return (mask[:, None] if mask.ndim == 2 else mask) | later


def _causal_mask(query: Tensor, key: Tensor) -> Tensor:
    """Return (T, S): True where the source comes after the step."""
    size = query.shape[1], key.shape[1]
    return torch.ones(size, dtype=torch.bool, device=query.device).triu(1)


def _key_and_value(
    query: Tensor, key: Tensor | None, value: Tensor | None
) -> tuple[Tensor, Tensor]:
    """Return key and value: a missing key is the query, a missing value the key."""
    known = query if key is None else key
    return known, known if value is None else value


def _split_heads(x: Tensor, heads: int) -> Tensor:
    """Return (B, h, T, E/h) for (B, T, E)."""
    split: Tensor = x.unflatten(-1, (heads, -1))
    return split.transpose(1, 2)


def _attention_weights(query: Tensor, key: Tensor, hidden: Tensor) -> Tensor:
    """Return (B, h, T, S) for query (B, h, T, d) and key (B, h, S, d); 0 if all is masked."""
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    hidden = hidden[:, None]
    shares = scores.masked_fill(hidden, -math.inf).softmax(-1)
    return shares.masked_fill(hidden.all(-1, keepdim=True), 0.0)


def _steps_and_sources(inputs: Sequence[Tensor]) -> tuple[int, int]:
    """Return T and S of the inputs; the sources are those of the second sequence, if any."""
    sequences = [x.shape[1] for x in inputs if x.is_floating_point()]
    return int(sequences[0]), int(sequences[min(1, len(sequences) - 1)])
