"""Every layer kind by name, in the palette's order. Its family's `KINDS` lists a kind."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.layers import (
    activation,
    attention,
    channel_norms,
    convolution,
    dense,
    dimensions,
    dropout,
    embeddings,
    gated,
    io,
    merge,
    normalisation,
    pairs,
    pooling,
    positions,
    recurrent,
    reductions,
    shape,
    slicing,
    squashing,
    transformer,
    values,
)
from dlstudio.layers.kind import Kind

_FAMILIES: tuple[tuple[type[Kind], ...], ...] = (
    io.KINDS,
    dense.KINDS,
    convolution.KINDS,
    pooling.KINDS,
    channel_norms.KINDS,
    normalisation.KINDS,
    dropout.KINDS,
    activation.KINDS,
    gated.KINDS,
    squashing.KINDS,
    recurrent.KINDS,
    attention.KINDS,
    transformer.KINDS,
    positions.KINDS,
    embeddings.KINDS,
    merge.KINDS,
    pairs.KINDS,
    shape.KINDS,
    dimensions.KINDS,
    slicing.KINDS,
    reductions.KINDS,
    values.KINDS,
)

KINDS: Mapping[str, type[Kind]] = {kind.name: kind for family in _FAMILIES for kind in family}


def find(name: str) -> type[Kind] | None:
    """Return the kind of that name, or None."""
    return KINDS.get(name)
