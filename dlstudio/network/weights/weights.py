"""Saves trained weights as safetensors, and loads those that fit."""

from __future__ import annotations

import hashlib
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

_CHUNK_BYTES = 1 << 20


class WeightsError(Exception):
    """A weights file cannot be read or written; the message is shown to the user."""


@dataclass(frozen=True, slots=True)
class WeightMatch:
    """Result of loading a file.

    Attributes:
        loaded: Names whose values were copied.
        missing: Names that only the network has; they keep their values.
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


def save_weights(module: nn.Module, path: str | os.PathLike[str]) -> str:
    """Write all parameters and buffers and return the file's fingerprint.

    A tensor that several layers share is written once, under its first name. The file is written
    atomically.

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
            target, lambda temporary: save_file(tensors, temporary, metadata={"format": "dlstudio"})
        )
        return fingerprint_file(target)
    except (OSError, SafetensorError) as error:
        reason = file_error_reason(error)
        raise WeightsError(f"The weights cannot be written to {target}: {reason}") from error


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
    """Copy tensors into the module by name if the shapes agree."""
    own = state_tensors(module)
    fits = {name for name in own.keys() & tensors.keys() if own[name].shape == tensors[name].shape}
    for name in fits:
        own[name].copy_(tensors[name])
    mismatched = sorted(own.keys() & tensors.keys() - fits)
    return WeightMatch(
        loaded=tuple(sorted(fits)),
        missing=tuple(sorted(own.keys() - tensors.keys())),
        unexpected=tuple(sorted(tensors.keys() - own.keys())),
        mismatched={n: (tuple(own[n].shape), tuple(tensors[n].shape)) for n in mismatched},
    )


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
