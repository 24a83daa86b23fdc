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

from dlstudio.design.files import FileError, load
from dlstudio.network.weights import WeightsError, read_weights, state_of

By = Literal["name", "order"]
Key = tuple[str, tuple[int, ...]]

STATE_DICTS = (".pt", ".pth", ".bin")
DESIGNS = (".dlstudio",)
_WRAPPERS = ("module.", "model.", "_orig_mod.")
"""What wrappers put before every name of a network that they hold."""
_INSIDE = ("state_dict", "model_state_dict", "model")
"""Where checkpoints keep the state dict among other things."""
_LEAVES = ("weight", "bias", "running_mean", "running_var")
"""Names of a layer's tensors in their usual order; others follow by name."""
_DAMAGED = (
    OSError, RuntimeError, ValueError, TypeError, LookupError, AttributeError,
    AssertionError, OverflowError, MemoryError, EOFError, struct.error, pickle.UnpicklingError,
)  # fmt: skip
"""What torch.load raises for a file that is damaged or none of its own."""
_CODE = (
    "no PyTorch state dict: it holds objects that would need code of their own to run. "
    "Save the tensors alone, with torch.save(model.state_dict(), …)."
)
_BROKEN = (
    "no PyTorch state dict, or is damaged. Choose a trained design, a safetensors file, or what "
    "torch.save(model.state_dict(), …) wrote."
)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which tensor goes where.

    Attributes:
        taken: Our name to theirs.
        missing: Our names that get nothing.
        unused: Their names that go nowhere.
        differing: Names that both have, with our shape and theirs.
    """

    taken: Mapping[str, str]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    differing: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a weights file by name, in the file's order, on the CPU.

    A safetensors file keeps no order: its names are sorted, numbers in them as numbers. A design
    gives the weights that were saved with it. State dicts are read without running anything that
    they hold.

    Raises:
        WeightsError: The file cannot be read, or holds no weights.
    """
    if path.suffix in DESIGNS:
        return _in_reading_order(read_weights(_weights_of(path)))
    if path.suffix in STATE_DICTS:
        return _state_dict(path)
    return _in_reading_order(read_weights(path))


def pair(own: Mapping[str, Tensor], given: Mapping[str, Tensor], by: By) -> Pairing:
    """Pair the network's tensors with those of a file; pairs have equal shapes.

    A layer of which one tensor has another shape gets none.

    By order, both sides are read from the first layer to the last, and the longest common run of
    equal kinds (weight, bias, …) and shapes is taken; then what is left and fits one layer alone.
    """
    named = _unwrapped(given)
    mismatched = {}
    if by == "order":
        taken = _by_order(own, given)
    else:
        common = [name for name in own if name in named]
        fits = {name: own[name].shape == given[named[name]].shape for name in common}
        taken = {name: named[name] for name in common if fits[name]}
        mismatched = {
            name: (tuple(own[name].shape), tuple(given[named[name]].shape))
            for name in common
            if not fits[name]
        }
    mismatched_layers = {_layer(name) for name in mismatched}
    taken = {
        name: theirs for name, theirs in taken.items() if _layer(name) not in mismatched_layers
    }
    used = set(taken.values())
    return Pairing(
        taken=taken,
        missing=tuple(name for name in own if name not in taken and name not in mismatched),
        unused=tuple(
            name
            for name in given
            if name not in used and _layer(_bare(name, given)) not in mismatched_layers
        ),
        differing=mismatched,
    )


@torch.no_grad()
def take_over(module: nn.Module, given: Mapping[str, Tensor], by: By) -> Pairing:
    """Copy into the module what pairs with its tensors, in place."""
    own = state_of(module)
    match = pair(own, given, by)
    for name, theirs in match.taken.items():
        own[name].copy_(given[theirs])
    return match


def _weights_of(path: Path) -> Path:
    try:
        reference = load(path).weights
    except FileError as error:
        raise WeightsError(f"{path.name} cannot be read: {error}") from error
    if reference is None:
        raise WeightsError(
            f"{path.name} holds no trained weights. Train it, save it, then try again."
        )
    return path.parent / reference.file


def _state_dict(path: Path) -> dict[str, Tensor]:
    try:
        path.open("rb").close()
    except OSError as error:
        raise WeightsError(f"{path.name} cannot be read: {error.strerror or error}.") from error
    try:
        content: Any = torch.load(path, map_location="cpu", weights_only=True)
    except _DAMAGED as error:
        why = _CODE if "Unsupported global" in str(error) else _BROKEN
        raise WeightsError(f"{path.name} is {why}") from error
    for name in _INSIDE:
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


def _unwrapped(given: Mapping[str, Tensor]) -> dict[str, str]:
    """Return the names as the network itself has them, with those in the file."""
    return {_bare(name, given): name for name in given}


def _layer(name: str) -> str:
    return name.rpartition(".")[0]


def _bare(name: str, given: Mapping[str, Tensor]) -> str:
    wrapper = next(
        (
            candidate
            for candidate in _WRAPPERS
            if all(other.startswith(candidate) for other in given)
        ),
        "",
    )
    return name.removeprefix(wrapper)


def _by_order(own: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> dict[str, str]:
    ours, theirs = _layers(own), _layers(given)
    left, right = (list(chain.from_iterable(layers.values())) for layers in (ours, theirs))
    matcher = SequenceMatcher(
        None, [_key(n, own) for n in left], [_key(n, given) for n in right], autojunk=False
    )
    pairs: dict[str, str] = {}
    runs: dict[str, set[int]] = {}
    for mine, other, size in matcher.get_matching_blocks():
        for index in range(size):
            pairs[left[mine + index]] = right[other + index]
            runs.setdefault(_layer(left[mine + index]), set()).add(mine)
    complete = {name: origin for name, origin in pairs.items() if len(runs[_layer(name)]) == 1}
    taken, used = set(map(_layer, complete)), set(map(_layer, complete.values()))
    return complete | _only_choice(
        {_kind(names, own): names for layer, names in _once(ours, own) if layer not in taken},
        {_kind(names, given): names for layer, names in _once(theirs, given) if layer not in used},
    )


def _only_choice(
    ours: Mapping[tuple[Key, ...], list[str]], theirs: Mapping[tuple[Key, ...], list[str]]
) -> dict[str, str]:
    """Pair layers whose shapes occur once on either side: a file may not keep the order."""
    both = ours.keys() & theirs.keys()
    return {
        mine: other for kind in both for mine, other in zip(ours[kind], theirs[kind], strict=True)
    }


def _once(
    layers: Mapping[str, list[str]], tensors: Mapping[str, Tensor]
) -> list[tuple[str, list[str]]]:
    """Return the layers of which no other has the same tensors."""
    times = Counter(_kind(names, tensors) for names in layers.values())
    return [item for item in layers.items() if times[_kind(item[1], tensors)] == 1]


def _layers(tensors: Mapping[str, Tensor]) -> dict[str, list[str]]:
    """Return names by layer; within one, in an order that no file format changes."""
    by_layer: dict[str, list[str]] = {}
    for name in tensors:
        by_layer.setdefault(_layer(name), []).append(name)
    return {layer: sorted(names, key=_place) for layer, names in by_layer.items()}


def _place(name: str) -> tuple[int, str]:
    leaf = name.rpartition(".")[2]
    return (_LEAVES.index(leaf) if leaf in _LEAVES else len(_LEAVES)), leaf


def _kind(names: Iterable[str], tensors: Mapping[str, Tensor]) -> tuple[Key, ...]:
    return tuple(_key(name, tensors) for name in names)


def _key(name: str, tensors: Mapping[str, Tensor]) -> Key:
    return name.rpartition(".")[2], tuple(tensors[name].shape)


def _in_reading_order(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors of a file that sorts names as text: layer 10 comes behind layer 9."""
    return {name: tensors[name] for name in sorted(tensors, key=_natural)}


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", name)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]
