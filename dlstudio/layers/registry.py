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
from dlstudio.layers.guests import find_plugins
from dlstudio.layers.kind import LayerKind

_FAMILIES: tuple[tuple[type[LayerKind], ...], ...] = (
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

_BUILTIN = {kind.name: kind for family in _FAMILIES for kind in family}
_PLUGINS = find_plugins(_BUILTIN)

KINDS: Mapping[str, type[LayerKind]] = {**_BUILTIN, **{kind.name: kind for kind in _PLUGINS.kinds}}

PACKAGES: frozenset[str] = _PLUGINS.packages
"""Installed packages that brought kinds; their modules may be built."""

PLUGIN_ERRORS: tuple[str, ...] = tuple(
    f"a package's layers are missing: {reason}" for reason in _PLUGINS.errors
)
"""A line for every layer kind of an installed package that was left out, with the reason."""


def is_plugin(kind: type[LayerKind]) -> bool:
    """Whether an installed package brought the kind."""
    return kind in _PLUGINS.kinds


_EXPANDED_ONLY: Mapping[str, type[LayerKind]] = {kind.name: kind for kind in steps.KINDS}


def find(name: str) -> type[LayerKind] | None:
    """Return the kind of that name, or None; what stands only in written-out networks as well."""
    return KINDS.get(name) or _EXPANDED_ONLY.get(name)
