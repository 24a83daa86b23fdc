"""Matches the tensors of a weights file with those of a network, and copies them.

Tensors are matched by name, or by order if the naming schemes differ. Knows no files:
`weights_file.py` reads them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from typing import Literal

import torch
from torch import Tensor, nn

from dlstudio.network.weights.tensor_names import without_wrappers
from dlstudio.network.weights.weights import state_tensors

MatchBy = Literal["name", "order"]
Key = tuple[str, tuple[int, ...]]

_LEAVES = ("weight", "bias", "running_mean", "running_var")
"""Names of a layer's tensors in their usual order; others follow by name."""


@dataclass(frozen=True, slots=True)
class TensorMatch:
    """How the tensors of a file match those of a network.

    Attributes:
        matched: Name in the network to name in the file.
        missing: Names in the network without a match.
        unused: Names in the file without a match.
        mismatched: Names in both, with the network's shape and the file's.
    """

    matched: Mapping[str, str]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    mismatched: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]


def match_tensors(
    own: Mapping[str, Tensor], source: Mapping[str, Tensor], by: MatchBy
) -> TensorMatch:
    """Match the network's tensors with those of a file; matched tensors have equal shapes.

    A layer with one tensor of another shape is not matched at all.

    By order, both sides are read from the first layer to the last, and the longest common run of
    equal kinds (weight, bias, …) and shapes is matched; then remaining layers that fit only one.
    """
    named = without_wrappers(own, source)
    mismatched = {}
    if by == "order":
        taken = _match_by_order(own, source)
    else:
        common = [name for name in own if name in named]
        fits = {name: own[name].shape == source[named[name]].shape for name in common}
        taken = {name: named[name] for name in common if fits[name]}
        mismatched = {
            name: (tuple(own[name].shape), tuple(source[named[name]].shape))
            for name in common
            if not fits[name]
        }
    mismatched_layers = {_layer_name(name) for name in mismatched}
    taken = {
        name: theirs for name, theirs in taken.items() if _layer_name(name) not in mismatched_layers
    }
    used = set(taken.values())
    used |= {
        named[name] for name in own if name in named and _layer_name(name) in mismatched_layers
    }
    return TensorMatch(
        matched=taken,
        missing=tuple(name for name in own if name not in taken and name not in mismatched),
        unused=tuple(name for name in source if name not in used),
        mismatched=mismatched,
    )


@torch.no_grad()
def copy_matches(module: nn.Module, source: Mapping[str, Tensor], by: MatchBy) -> TensorMatch:
    """Copy matching tensors into the module, in place."""
    own = state_tensors(module)
    match = match_tensors(own, source, by)
    for name, theirs in match.matched.items():
        own[name].copy_(source[theirs])
    return match


def _layer_name(name: str) -> str:
    return name.rpartition(".")[0]


def _match_by_order(own: Mapping[str, Tensor], source: Mapping[str, Tensor]) -> dict[str, str]:
    ours, theirs = _names_by_layer(own), _names_by_layer(source)
    left, right = (list(chain.from_iterable(layers.values())) for layers in (ours, theirs))
    matcher = SequenceMatcher(
        None,
        [_tensor_key(n, own) for n in left],
        [_tensor_key(n, source) for n in right],
        autojunk=False,
    )
    pairs: dict[str, str] = {}
    runs: dict[str, set[int]] = {}
    for mine, other, size in matcher.get_matching_blocks():
        for index in range(size):
            pairs[left[mine + index]] = right[other + index]
            runs.setdefault(_layer_name(left[mine + index]), set()).add(mine)
    complete = {name: origin for name, origin in pairs.items() if len(runs[_layer_name(name)]) == 1}
    taken, used = set(map(_layer_name, complete)), set(map(_layer_name, complete.values()))
    return complete | _match_unique(
        {
            _layer_key(names, own): names
            for layer, names in _unique_layers(ours, own)
            if layer not in taken
        },
        {
            _layer_key(names, source): names
            for layer, names in _unique_layers(theirs, source)
            if layer not in used
        },
    )


def _match_unique(
    ours: Mapping[tuple[Key, ...], list[str]], theirs: Mapping[tuple[Key, ...], list[str]]
) -> dict[str, str]:
    """Match layers whose shapes occur once on either side, for files that do not keep the order."""
    both = ours.keys() & theirs.keys()
    return {
        mine: other for kind in both for mine, other in zip(ours[kind], theirs[kind], strict=True)
    }


def _unique_layers(
    layers: Mapping[str, list[str]], tensors: Mapping[str, Tensor]
) -> list[tuple[str, list[str]]]:
    """Return the layers whose tensors are unique."""
    times = Counter(_layer_key(names, tensors) for names in layers.values())
    return [item for item in layers.items() if times[_layer_key(item[1], tensors)] == 1]


def _names_by_layer(tensors: Mapping[str, Tensor]) -> dict[str, list[str]]:
    """Return names by layer; within one, in an order that does not depend on the file format."""
    by_layer: dict[str, list[str]] = {}
    for name in tensors:
        by_layer.setdefault(_layer_name(name), []).append(name)
    return {layer: sorted(names, key=_leaf_rank) for layer, names in by_layer.items()}


def _leaf_rank(name: str) -> tuple[int, str]:
    leaf = name.rpartition(".")[2]
    return (_LEAVES.index(leaf) if leaf in _LEAVES else len(_LEAVES)), leaf


def _layer_key(names: Iterable[str], tensors: Mapping[str, Tensor]) -> tuple[Key, ...]:
    return tuple(_tensor_key(name, tensors) for name in names)


def _tensor_key(name: str, tensors: Mapping[str, Tensor]) -> Key:
    return name.rpartition(".")[2], tuple(tensors[name].shape)
