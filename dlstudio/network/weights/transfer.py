"""Takes weights over from elsewhere: another design, a safetensors file, a PyTorch state dict.

Tensors are paired by name, or by order where the names of the two worlds differ.
"""

from __future__ import annotations

import pickle
import re
import struct
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from dlstudio.design.library.files import FileError, load
from dlstudio.network.weights.weights import WeightsError, read_weights, state_tensors

MatchBy = Literal["name", "order"]
Key = tuple[str, tuple[int, ...]]

STATE_DICTS = (".pt", ".pth", ".bin")
DESIGNS = (".dlstudio",)
_WRAPPERS = ("module.", "model.", "_orig_mod.")
"""What wrappers put before every name of a network that they hold."""
_STATE_DICT_KEYS = ("state_dict", "model_state_dict", "model")
"""Where checkpoints keep the state dict among other things."""
_LEAVES = ("weight", "bias", "running_mean", "running_var")
"""Names of a layer's tensors in their usual order; others follow by name."""
_LOAD_ERRORS = (
    OSError, RuntimeError, ValueError, TypeError, LookupError, AttributeError,
    AssertionError, OverflowError, MemoryError, EOFError, struct.error, pickle.UnpicklingError,
)  # fmt: skip
"""What torch.load raises for a file that is damaged or none of its own."""
_UNSAFE_MESSAGE = (
    "no PyTorch state dict: it holds objects that would need code of their own to run. "
    "Save the tensors alone, with torch.save(model.state_dict(), …)."
)
_DAMAGED_MESSAGE = (
    "no PyTorch state dict, or is damaged. Choose a trained design, a safetensors file, or what "
    "torch.save(model.state_dict(), …) wrote."
)


@dataclass(frozen=True, slots=True)
class TensorMatch:
    """Which tensor goes where.

    Attributes:
        matched: Our name to theirs.
        missing: Our names that get nothing.
        unused: Their names that go nowhere.
        mismatched: Names that both have, with our shape and theirs.
    """

    matched: Mapping[str, str]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    mismatched: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a weights file by name, in the file's order, on the CPU.

    A safetensors file keeps no order: its names are sorted, numbers in them as numbers. A design
    gives the weights that were saved with it. State dicts are read without running anything that
    they hold.

    Raises:
        WeightsError: The file cannot be read, or holds no weights.
    """
    if path.suffix in DESIGNS:
        return _in_natural_order(read_weights(_weights_path(path)))
    if path.suffix in STATE_DICTS:
        return _read_state_dict(path)
    return _in_natural_order(read_weights(path))


def match_tensors(
    own: Mapping[str, Tensor], source: Mapping[str, Tensor], by: MatchBy
) -> TensorMatch:
    """Pair the network's tensors with those of a file; pairs have equal shapes.

    A layer of which one tensor has another shape gets none.

    By order, both sides are read from the first layer to the last, and the longest common run of
    equal kinds (weight, bias, …) and shapes is taken; then what is left and fits one layer alone.
    """
    named = _names_without_wrapper(source)
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
    return TensorMatch(
        matched=taken,
        missing=tuple(name for name in own if name not in taken and name not in mismatched),
        unused=tuple(
            name
            for name in source
            if name not in used
            and _layer_name(_without_wrapper(name, source)) not in mismatched_layers
        ),
        mismatched=mismatched,
    )


@torch.no_grad()
def copy_matches(module: nn.Module, source: Mapping[str, Tensor], by: MatchBy) -> TensorMatch:
    """Copy into the module what pairs with its tensors, in place."""
    own = state_tensors(module)
    match = match_tensors(own, source, by)
    for name, theirs in match.matched.items():
        own[name].copy_(source[theirs])
    return match


def _weights_path(path: Path) -> Path:
    try:
        reference = load(path).weights
    except FileError as error:
        raise WeightsError(f"{path.name} cannot be read: {error}") from error
    if reference is None:
        raise WeightsError(
            f"{path.name} holds no trained weights. Train it, save it, then try again."
        )
    return path.parent / reference.file


def _read_state_dict(path: Path) -> dict[str, Tensor]:
    try:
        path.open("rb").close()
    except OSError as error:
        raise WeightsError(f"{path.name} cannot be read: {error.strerror or error}.") from error
    try:
        content: Any = torch.load(path, map_location="cpu", weights_only=True)
    except _LOAD_ERRORS as error:
        why = _UNSAFE_MESSAGE if "Unsupported global" in str(error) else _DAMAGED_MESSAGE
        raise WeightsError(f"{path.name} is {why}") from error
    for name in _STATE_DICT_KEYS:
        if isinstance(content, dict) and isinstance(content.get(name), dict):
            content = content[name]
    tensors = {
        str(name): value
        for name, value in (content.items() if isinstance(content, dict) else ())
        if isinstance(value, Tensor)
    }
    if not tensors:
        raise WeightsError(f"{path.name} holds no tensors by name. Save a model's state_dict.")
    return tensors


def _names_without_wrapper(source: Mapping[str, Tensor]) -> dict[str, str]:
    """Return the names as the network itself has them, with those in the file."""
    return {_without_wrapper(name, source): name for name in source}


def _layer_name(name: str) -> str:
    return name.rpartition(".")[0]


def _without_wrapper(name: str, source: Mapping[str, Tensor]) -> str:
    wrapper = next(
        (
            candidate
            for candidate in _WRAPPERS
            if all(other.startswith(candidate) for other in source)
        ),
        "",
    )
    return name.removeprefix(wrapper)


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
    """Pair layers whose shapes occur once on either side: a file may not keep the order."""
    both = ours.keys() & theirs.keys()
    return {
        mine: other for kind in both for mine, other in zip(ours[kind], theirs[kind], strict=True)
    }


def _unique_layers(
    layers: Mapping[str, list[str]], tensors: Mapping[str, Tensor]
) -> list[tuple[str, list[str]]]:
    """Return the layers of which no other has the same tensors."""
    times = Counter(_layer_key(names, tensors) for names in layers.values())
    return [item for item in layers.items() if times[_layer_key(item[1], tensors)] == 1]


def _names_by_layer(tensors: Mapping[str, Tensor]) -> dict[str, list[str]]:
    """Return names by layer; within one, in an order that no file format changes."""
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


def _in_natural_order(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors of a file that sorts names as text: layer 10 comes behind layer 9."""
    return {name: tensors[name] for name in sorted(tensors, key=_natural_key)}


def _natural_key(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", name)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]
