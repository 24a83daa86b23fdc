"""Reads tensors from weights files of any kind, recognised by their content.

Code in a file never runs: pickles are read with `weights_only`, arrays without pickle.
"""

from __future__ import annotations

import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeGuard

import numpy as np
import torch
from torch import Tensor

from dlstudio.design.library.files import FileError, load
from dlstudio.design.storage.bundle import DESIGN, load_bundle
from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.network.weights.tensor_names import natural_order
from dlstudio.network.weights.weights import WeightsError, read_weights

_STATE_DICT_KEYS = (
    "state_dict", "model_state_dict", "model_state", "model", "net", "network", "module",
    "weights", "params",
)  # fmt: skip
"""Keys under which checkpoints store the state dict, the most telling first."""
_AVERAGED_KEYS = (
    "ema_state_dict", "model_ema", "state_dict_ema", "ema_model", "params_ema", "ema", "swa_model",
)  # fmt: skip
"""Keys of averaged weights, which are used if there are no others."""
_OTHER_STATES = ("optim", "sched", "scaler", "callback", "rng", "loops")
"""Starts of keys under which checkpoints store tensors that are not weights."""
_MAX_DEPTH = 4
_LOAD_ERRORS = (
    OSError, RuntimeError, ValueError, TypeError, LookupError, AttributeError, AssertionError,
    OverflowError, MemoryError, EOFError, SyntaxError, struct.error, pickle.UnpicklingError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What reading a file raises that is damaged or of another kind."""
_UNSAFE_MESSAGE = (
    "not a PyTorch state dict: it contains objects that would run code. Save only the "
    "tensors, with torch.save(model.state_dict(), …)."
)
_DAMAGED_MESSAGE = (
    "not a PyTorch state dict, or is damaged. Choose a trained design, a safetensors file, an NPZ "
    "file, or a file written by torch.save(model.state_dict(), …)."
)


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a weights file by name, in the file's order, on the CPU.

    The content decides what the file is, not its ending: a design or a bundle gives the weights
    that were saved with it; safetensors, NPZ files and state dicts give theirs. A safetensors file
    has no order: its names are sorted naturally.

    Raises:
        WeightsError: The file cannot be read, or contains no weights.
    """
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise WeightsError(f"{path.name} cannot be read: {file_error_reason(error)}.") from error
    tensors = _reader(path, start)(path)
    if not tensors:
        raise WeightsError(f"{path.name} contains no named tensors. Save a model's state_dict.")
    return tensors


def _reader(path: Path, start: bytes) -> Callable[[Path], dict[str, Tensor]]:
    if _is_safetensors(path, start):
        return lambda path: natural_order(read_weights(path))
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _read_design
    if start.startswith(b"PK\x03\x04"):
        names = _zip_names(path)
        if DESIGN in names:
            return _read_bundle
        if names and all(name.endswith(".npy") for name in names):
            return _read_arrays
    return _read_state_dict


def _is_safetensors(path: Path, start: bytes) -> bool:
    if len(start) < 9 or start[8:9] != b"{":
        return False
    header: int = struct.unpack("<Q", start[:8])[0]
    return header <= path.stat().st_size


def _zip_names(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except _LOAD_ERRORS:
        return []


def _read_design(path: Path) -> dict[str, Tensor]:
    try:
        reference = load(path).weights
    except FileError as error:
        raise WeightsError(f"{path.name} cannot be read: {error}") from error
    if reference is None:
        raise WeightsError(_untrained(path))
    return natural_order(read_weights(path.parent / reference.file))


def _read_bundle(path: Path) -> dict[str, Tensor]:
    with TemporaryDirectory() as folder:
        try:
            weights = load_bundle(path, folder)[1]
        except FileError as error:
            raise WeightsError(str(error)) from error
        if weights is None:
            raise WeightsError(_untrained(path))
        return natural_order(read_weights(weights))


def _untrained(path: Path) -> str:
    return f"{path.name} contains no trained weights. Train it, save it, then try again."


def _read_arrays(path: Path) -> dict[str, Tensor]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except _LOAD_ERRORS as error:
        raise WeightsError(f"{path.name} cannot be read as arrays of numbers.") from error
    return {
        name: torch.from_numpy(array.astype(array.dtype.newbyteorder("="), order="C"))
        for name, array in arrays.items()
        if isinstance(array, np.ndarray) and array.dtype.kind in "fiu" and array.dtype.itemsize <= 8
    }


def _read_state_dict(path: Path) -> dict[str, Tensor]:
    try:
        with path.open("rb") as file:
            content: Any = torch.load(file, map_location="cpu", weights_only=True)
    except _LOAD_ERRORS as error:
        why = _UNSAFE_MESSAGE if "Unsupported global" in str(error) else _DAMAGED_MESSAGE
        raise WeightsError(f"{path.name} is {why}") from error
    return find_state_dict(content)


def find_state_dict(content: object) -> dict[str, Tensor]:
    """Return the tensors of a checkpoint by name, without those of optimisers.

    A state dict may lie inside other dicts. One below a usual key is preferred, averaged weights
    are the last choice. Several state dicts without such keys are joined, with their keys as
    prefixes.
    """
    for depth in range(_MAX_DEPTH):
        if not isinstance(content, Mapping):
            return {}
        inner = _preferred(content) if depth < _MAX_DEPTH - 1 else None
        if inner is None:
            return _tensors(content)
        content = inner
    return {}


def _preferred(content: Mapping[object, object]) -> Mapping[object, object] | None:
    """Return the dict to look into, None if the tensors are in this one or in several."""
    usual_keys = (*_STATE_DICT_KEYS, *_AVERAGED_KEYS)
    for key in usual_keys[:2] if _own_tensors(content) else usual_keys:
        inner = content.get(key)
        if isinstance(inner, Mapping) and _tensors(inner):
            return inner
    filled = [inner for _, inner in _inner_dicts(content) if _tensors(inner)]
    return filled[0] if len(filled) == 1 and not _own_tensors(content) else None


def _inner_dicts(
    content: Mapping[object, object],
) -> Iterator[tuple[object, Mapping[object, object]]]:
    """Yield the dicts in a dict with their keys, without the states of optimisers."""
    for key, inner in content.items():
        if isinstance(inner, Mapping) and not str(key).lower().startswith(_OTHER_STATES):
            yield key, inner


def _own_tensors(content: Mapping[object, object]) -> dict[str, Tensor]:
    return {str(name): value for name, value in content.items() if _is_weight(value)}


def _tensors(content: Mapping[object, object], depth: int = 1) -> dict[str, Tensor]:
    """Return all tensors in a dict and in those inside it, with their keys as prefixes."""
    tensors = _own_tensors(content)
    for key, inner in _inner_dicts(content) if depth < _MAX_DEPTH else ():
        nested = _tensors(inner, depth + 1)
        tensors |= {f"{key}.{name}": tensor for name, tensor in nested.items()}
    return tensors


def _is_weight(value: object) -> TypeGuard[Tensor]:
    return (
        isinstance(value, Tensor)
        and value.layout is torch.strided
        and not value.is_quantized
        and not value.is_complex()
    )
