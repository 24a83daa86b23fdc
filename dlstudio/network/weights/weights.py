"""Saves trained weights as safetensors, and loads those that fit."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from dlstudio.design.storage.atomic_files import write_atomically
from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.network.build.cost import storage_id
from dlstudio.network.weights.tensor_names import METADATA_KEY

_CHUNK_BYTES = 1 << 20
_NORMED = ".parametrizations."


class WeightsError(Exception):
    """A weights file cannot be read or written; the message is shown to the user."""


@dataclass(frozen=True, slots=True)
class WeightMatch:
    """Result of loading a file.

    Attributes:
        loaded: Names whose values were copied.
        missing: Names that only the network has, or whose layer does not fit; they keep their
            values.
        unexpected: Names that only the file has.
        mismatched: By name, the network's shape and the file's.
    """

    loaded: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    mismatched: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]] | None = None

    @property
    def is_complete(self) -> bool:
        """Whether file and network match exactly."""
        return not (self.missing or self.unexpected or self.mismatched)

    @property
    def loaded_layers(self) -> frozenset[str]:
        """Paths of the layers whose values were all copied."""
        return frozenset(map(layer_of, self.loaded))

    @property
    def layers(self) -> frozenset[str]:
        """Paths of all layers of the network that have values."""
        return frozenset(map(layer_of, (*self.loaded, *self.missing, *(self.mismatched or ()))))


def save_weights(
    module: nn.Module, path: str | os.PathLike[str], origin: Mapping[str, str] | None = None
) -> str:
    """Write all parameters and buffers and return the file's fingerprint.

    A tensor that several layers share is written once, under its first name. The file is written
    atomically, and equal weights give equal files.

    Args:
        module: The network.
        path: The file to write.
        origin: Further metadata of the file: what the weights belong to.

    Raises:
        WeightsError: The folder cannot be written to.
    """
    target = Path(path)
    tensors = {
        name: tensor.detach().cpu().contiguous() for name, tensor in state_tensors(module).items()
    }
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(
            target,
            lambda temporary: save_file(
                tensors,
                temporary,
                metadata={METADATA_KEY: _metadata_text(origin)},
            ),
        )
        return fingerprint_file(target)
    except (OSError, SafetensorError) as error:
        reason = file_error_reason(error)
        raise WeightsError(f"The weights cannot be written to {target}: {reason}") from error


def _metadata_text(origin: Mapping[str, str] | None) -> str:
    """Return all metadata as one value: safetensors writes several in a random order."""
    return json.dumps(origin, sort_keys=True) if origin else "dlstudio"


def load_weights(module: nn.Module, path: str | os.PathLike[str]) -> WeightMatch:
    """Copy the tensors of a file into the module, in place.

    Raises:
        WeightsError: The file does not exist, or is not a safetensors file.
    """
    return copy_weights(module, read_weights(path))


def read_weights(path: str | os.PathLike[str]) -> dict[str, Tensor]:
    """Return the tensors of a file by name, on the CPU.

    Raises:
        WeightsError: The file does not exist, or is not a safetensors file.
    """
    try:
        with safe_open(Path(path), framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        reason = file_error_reason(error)
        raise WeightsError(f"The weights in {path} cannot be read: {reason}") from error


@torch.no_grad()
def copy_weights(module: nn.Module, tensors: Mapping[str, Tensor]) -> WeightMatch:
    """Copy tensors into the module by name, of all layers whose names and shapes agree."""
    own = state_tensors(module)
    common = own.keys() & tensors.keys()
    mismatched = sorted(name for name in common if own[name].shape != tensors[name].shape)
    misfits = set(map(layer_of, mismatched))
    fits = {name for name in common if layer_of(name) not in misfits}
    for name in fits:
        own[name].copy_(tensors[name])
    return WeightMatch(
        loaded=tuple(sorted(fits)),
        missing=tuple(sorted(own.keys() - fits - set(mismatched))),
        unexpected=tuple(sorted(tensors.keys() - own.keys())),
        mismatched={n: (tuple(own[n].shape), tuple(tensors[n].shape)) for n in mismatched},
    )


def layer_of(name: str) -> str:
    """Return the path of the layer that a tensor belongs to."""
    return name.partition(_NORMED)[0] if _NORMED in name else name.rpartition(".")[0]


def fingerprint_file(path: str | os.PathLike[str]) -> str:
    """Return `sha256:` and the hex digest of a file; OSError if it cannot be read."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        while block := file.read(_CHUNK_BYTES):
            digest.update(block)
    return f"sha256:{digest.hexdigest()}"


def state_tensors(module: nn.Module) -> dict[str, Tensor]:
    """Return parameters and buffers by name, not copied; shared memory appears once."""
    first: dict[int, str] = {}
    state: dict[str, Tensor] = {}
    for name, tensor in module.state_dict(keep_vars=True).items():
        if tensor.numel() == 0 or first.setdefault(storage_id(tensor), name) == name:
            state[name] = tensor
    return state
