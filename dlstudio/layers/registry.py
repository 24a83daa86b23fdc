"""Every layer kind by name, in the palette's order.

The built-in kinds are listed in `KINDS` of each family; installed packages can add more.
"""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.layers.activation import gated, rectifiers, saturating
from dlstudio.layers.basic import constants, dense, io
from dlstudio.layers.convolution import convolution, depthwise, padding, resampling, transposed
from dlstudio.layers.framework.kind import LayerKind
from dlstudio.layers.merge import binary, merge
from dlstudio.layers.normalisation import channel_norms, dropout, normalisation
from dlstudio.layers.plugins import find_layer_plugins
from dlstudio.layers.pooling import adaptive_pooling, lp_pooling, pooling
from dlstudio.layers.sequence import (
    attention,
    embeddings,
    positions,
    recurrent,
    time_distributed,
    transformer,
)
from dlstudio.layers.shape import dimensions, reductions, shape, slicing

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
    rectifiers.KINDS,
    gated.KINDS,
    saturating.KINDS,
    recurrent.KINDS,
    attention.KINDS,
    transformer.KINDS,
    positions.KINDS,
    embeddings.KINDS,
    merge.KINDS,
    binary.KINDS,
    shape.KINDS,
    dimensions.KINDS,
    slicing.KINDS,
    reductions.KINDS,
    constants.KINDS,
    resampling.KINDS,
    padding.KINDS,
)

_BUILTIN = {kind.name: kind for family in _FAMILIES for kind in family}
_PLUGINS = find_layer_plugins(_BUILTIN)

KINDS: Mapping[str, type[LayerKind]] = {**_BUILTIN, **_PLUGINS.declarations}

PACKAGES: frozenset[str] = _PLUGINS.packages
"""Installed packages with valid layer kinds; their torch modules may be built."""

PLUGIN_ERRORS: tuple[str, ...] = _PLUGINS.errors
"""A line for every skipped layer kind of an installed package, with the reason."""


def is_plugin(kind: type[LayerKind]) -> bool:
    """Whether the kind comes from an installed package."""
    return _PLUGINS.declarations.get(kind.name) is kind


_EXPANDED_ONLY: Mapping[str, type[LayerKind]] = {kind.name: kind for kind in time_distributed.KINDS}


def find(name: str) -> type[LayerKind] | None:
    """Return the kind of that name, also one that occurs only in expanded networks, or None."""
    return KINDS.get(name) or _EXPANDED_ONLY.get(name)
