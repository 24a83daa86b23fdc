"""Every layer kind by name, in the palette's order.

Its family's `KINDS` lists a kind of the studio; installed packages may bring more.
"""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.layers import (
    activation,
    adaptive_pooling,
    attention,
    channel_norms,
    convolution,
    dense,
    depthwise,
    dimensions,
    dropout,
    edges,
    embeddings,
    gated,
    io,
    lp_pooling,
    merge,
    normalisation,
    pairs,
    pooling,
    positions,
    recurrent,
    reductions,
    resampling,
    shape,
    slicing,
    squashing,
    steps,
    transformer,
    transposed,
    values,
)
from dlstudio.layers.guests import find_guests
from dlstudio.layers.kind import Kind

_FAMILIES: tuple[tuple[type[Kind], ...], ...] = (
    io.KINDS,
    dense.KINDS,
    convolution.KINDS,
    depthwise.KINDS,
    transposed.KINDS,
    pooling.KINDS,
    channel_norms.KINDS,
    adaptive_pooling.KINDS,
    lp_pooling.KINDS,
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
    resampling.KINDS,
    edges.KINDS,
)

_SHIPPED = {kind.name: kind for family in _FAMILIES for kind in family}
_GUESTS = find_guests(_SHIPPED)

KINDS: Mapping[str, type[Kind]] = {**_SHIPPED, **{kind.name: kind for kind in _GUESTS.kinds}}

PACKAGES: frozenset[str] = _GUESTS.packages
"""Installed packages that brought kinds; their modules may be built."""

BROKEN: tuple[str, ...] = tuple(
    f"a package's layers are missing: {reason}" for reason in _GUESTS.broken
)
"""A line for every layer kind of an installed package that was left out, with the reason."""


def is_guest(kind: type[Kind]) -> bool:
    """Whether an installed package brought the kind."""
    return kind in _GUESTS.kinds


_WRITTEN_OUT: Mapping[str, type[Kind]] = {kind.name: kind for kind in steps.KINDS}


def find(name: str) -> type[Kind] | None:
    """Return the kind of that name, or None; what stands only in written-out networks as well."""
    return KINDS.get(name) or _WRITTEN_OUT.get(name)
