"""Names in weights files: the key of the metadata, the order of tensors, prefixes of wrappers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")

METADATA_KEY = "format"
"""The only key of the metadata; its value is the program's name, or JSON about the weights."""

_INNER_WRAPPERS = frozenset(
    {"_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_forward_module"}
)
"""Modules that torch.compile, sharding and checkpointing put around any module."""
_OUTER_WRAPPERS = frozenset(
    {
        "module", "model", "net", "network", "state_dict", "model_state_dict", "model_state",
        "params", "weights", "state",
    }
)  # fmt: skip
"""Attributes and keys that hold the network in training scripts."""
_AVERAGED = frozenset({"ema", "ema_model", "model_ema", "averaged_model", "swa_model"})
"""The same for averaged weights."""


def natural_order(tensors: Mapping[str, T]) -> dict[str, T]:
    """Return the tensors of a file that sorts names as text, with layer 10 after layer 9."""
    return {name: tensors[name] for name in sorted(tensors, key=_natural_key)}


def _natural_key(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", name)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]


def without_wrappers(own: Collection[str], source: Iterable[str]) -> dict[str, str]:
    """Return names of the network, each with its name in the file.

    Every name is freed of wrappers one by one until it is one of the network's. If several names
    lead to the same tensor, the one with the fewest wrappers is taken, averaged weights last.
    """
    best: dict[str, tuple[tuple[bool, int], str]] = {}
    for name in source:
        for rank, (candidate, is_averaged) in enumerate(_candidates(name)):
            if candidate in own:
                key = (is_averaged, rank)
                if candidate not in best or key < best[candidate][0]:
                    best[candidate] = (key, name)
                break
    return {candidate: name for candidate, (_, name) in best.items()}


def _candidates(name: str) -> Iterator[tuple[str, bool]]:
    """Yield a name with ever fewer wrappers, and whether one of averaged weights was removed."""
    yield name, False
    parts = [part for part in name.split(".") if part not in _INNER_WRAPPERS]
    is_averaged = False
    yield ".".join(parts), is_averaged
    while len(parts) > 1 and parts[0] in _OUTER_WRAPPERS | _AVERAGED:
        is_averaged |= parts[0] in _AVERAGED
        parts = parts[1:]
        yield ".".join(parts), is_averaged
