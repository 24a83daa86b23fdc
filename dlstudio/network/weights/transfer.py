"""Imports weights from another design, a safetensors file or a PyTorch state dict.

Tensors are matched by name, or by order if the naming schemes differ.
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
from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.network.weights.weights import WeightsError, read_weights, state_tensors

MatchBy = Literal["name", "order"]
Key = tuple[str, tuple[int, ...]]

STATE_DICTS = (".pt", ".pth", ".bin")
DESIGNS = (".dlstudio",)
_WRAPPERS = ("module.", "model.", "_orig_mod.")
"""Prefixes that wrapper modules add to every name."""
_STATE_DICT_KEYS = ("state_dict", "model_state_dict", "model")
"""Keys under which checkpoints store the state dict."""
_LEAVES = ("weight", "bias", "running_mean", "running_var")
"""Names of a layer's tensors in their usual order; others follow by name."""
_LOAD_ERRORS = (
    OSError, RuntimeError, ValueError, TypeError, LookupError, AttributeError,
    AssertionError, OverflowError, MemoryError, EOFError, struct.error, pickle.UnpicklingError,
)  # fmt: skip
"""What torch.load raises for a file that is damaged or not its own."""
_UNSAFE_MESSAGE = (
    "not a PyTorch state dict: it contains objects that would run code. Save only the "
    "tensors, with torch.save(model.state_dict(), …)."
)
_DAMAGED_MESSAGE = (
    "not a PyTorch state dict, or is damaged. Choose a trained design, a safetensors file, or a "
    "file written by torch.save(model.state_dict(), …)."
)


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


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a weights file by name, in the file's order, on the CPU.

    A safetensors file has no order: its names are sorted naturally. A design gives the weights that
    were saved with it. State dicts are read without running any code in them.

    Raises:
        WeightsError: The file cannot be read, or contains no weights.
    """
    if path.suffix in DESIGNS:
        return _in_natural_order(read_weights(_weights_path(path)))
    if path.suffix in STATE_DICTS:
        return _read_state_dict(path)
    return _in_natural_order(read_weights(path))


def match_tensors(
    own: Mapping[str, Tensor], source: Mapping[str, Tensor], by: MatchBy
) -> TensorMatch:
    """Match the network's tensors with those of a file; matched tensors have equal shapes.

    A layer with one tensor of another shape is not matched at all.

    By order, both sides are read from the first layer to the last, and the longest common run of
    equal kinds (weight, bias, …) and shapes is matched; then remaining layers that fit only one.
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
    """Copy matching tensors into the module, in place."""
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
            f"{path.name} contains no trained weights. Train it, save it, then try again."
        )
    return path.parent / reference.file


def _read_state_dict(path: Path) -> dict[str, Tensor]:
    try:
        path.open("rb").close()
    except OSError as error:
        raise WeightsError(f"{path.name} cannot be read: {file_error_reason(error)}.") from error
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
        raise WeightsError(f"{path.name} contains no named tensors. Save a model's state_dict.")
    return tensors


def _names_without_wrapper(source: Mapping[str, Tensor]) -> dict[str, str]:
    """Return the names of the network's tensors, with those in the file."""
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


def _in_natural_order(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors of a file that sorts names as text, with layer 10 after layer 9."""
    return {name: tensors[name] for name in sorted(tensors, key=_natural_key)}


def _natural_key(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", name)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]
