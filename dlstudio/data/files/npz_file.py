"""Reads arrays saved by NumPy: samples, targets, and a test set if there is one."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.files.column_encoders import sort_labels
from dlstudio.data.sources.framework.read_request import ReadRequest

Array = npt.NDArray[Any]

_INPUTS = ("x", "x_train", "train_images", "images", "inputs", "features", "data", "samples")
_TARGETS = ("y", "y_train", "train_labels", "labels", "targets", "target", "classes")
_MAX_CLASSES = 1000


def read_npz(request: ReadRequest) -> RawSamples:
    """Return the arrays of an NPZ file as samples. Pickled objects are rejected.

    uint8 samples with two or three axes are images; channels-last images become channels-first.
    Integer and text targets are classes, other numbers are values.

    Raises:
        DataError: The file is not an NPZ file, or its arrays do not match.
    """
    path, options = request.file, request.options
    arrays = _read_arrays(path)
    inputs = _find_array(arrays, options["inputs"], _INPUTS, path, "samples")
    if inputs is None:
        raise DataError(
            f"{path} contains {_array_list_text(arrays)}. Name the array of samples in the data "
            "settings."
        )
    target = _find_array(arrays, options["target"], _TARGETS, path, "the target")
    test_inputs = _test_name(inputs, arrays)
    test_target = _test_name(target, arrays) if target else None
    own_test = test_inputs is not None and (target is None or test_target is not None)
    samples = [arrays[inputs], *([arrays[test_inputs]] if own_test and test_inputs else [])]
    targets = [arrays[name] for name in (target, test_target if own_test else None) if name]
    subsets, names, warnings = _subsets(samples, targets, path)
    return RawSamples(
        subsets[0],
        test=subsets[1] if own_test else None,
        class_names=names,
        warnings=tuple(warnings),
    )


def _read_arrays(path: Path) -> Mapping[str, Array]:
    try:
        with path.open("rb") as stream:
            archive = np.load(stream, allow_pickle=False)
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise DataError(f"{path} contains a single array. Save x and y with numpy.savez.")
            return {name: archive[name] for name in archive.files}
    except ValueError as error:
        raise DataError(
            f"{path} cannot be read as NumPy arrays of numbers. Save x and y with numpy.savez."
        ) from error
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path} cannot be read as NumPy arrays ({error}).") from error


def _array_list_text(arrays: Mapping[str, Array]) -> str:
    return ", ".join(f"{name} {array.shape}" for name, array in arrays.items()) or "no arrays"


def _find_array(
    arrays: Mapping[str, Array], chosen: str, default_names: Sequence[str], path: Path, purpose: str
) -> str | None:
    if chosen:
        if chosen not in arrays:
            raise DataError(
                f"{path} has no array {chosen!r} for {purpose}: {_array_list_text(arrays)}."
            )
        return chosen
    by_lower = {name.lower(): name for name in arrays}
    return next((by_lower[name] for name in default_names if name in by_lower), None)


def _test_name(name: str, arrays: Mapping[str, Array]) -> str | None:
    candidate = name.replace("train", "test") if "train" in name else f"{name}_test"
    return candidate if candidate in arrays else None


def _subsets(
    samples: Sequence[Array], targets: Sequence[Array], path: Path
) -> tuple[list[Subset], tuple[str, ...], list[str]]:
    """Return a subset for each array of samples, class names, and warnings."""
    prepared = [_as_samples(array, path) for array in samples]
    if any(len(array) == 0 for array in prepared):
        raise DataError(f"{path} contains an empty array of samples.")
    if any(array.size == 0 for array in prepared):
        raise DataError(f"{path}: samples have no features. Save x with at least one feature.")
    for array, target in zip(prepared, targets, strict=False):
        if target.ndim == 0 or len(array) != len(target):
            raise DataError(
                f"{path}: {len(array):,} samples do not match a target array of shape "
                f"{target.shape}."
            )
    if len({array.shape[1:] for array in prepared}) > 1:
        raise DataError(f"{path}: training and test samples differ in shape.")
    coded, names = _as_targets(targets, path) if targets else ([None] * len(prepared), ())
    warnings: list[str] = []
    subsets = [
        _drop_non_finite(array, target, path, warnings)
        for array, target in zip(prepared, coded, strict=True)
    ]
    return subsets, names, warnings


def _as_samples(array: Array, path: Path) -> Array:
    if array.dtype.kind not in "buif" or array.ndim < 1:
        raise DataError(f"{path}: samples must be numbers, not {array.dtype} {array.shape}.")
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim == 4 and array.shape[3] in (1, 3, 4) and array.shape[1] not in (1, 3, 4):
        array = array.transpose(0, 3, 1, 2)
    if array.dtype == np.uint8 and array.ndim == 3:
        array = array[:, None]
    if array.dtype == np.uint8 and array.ndim == 4:
        return np.ascontiguousarray(array)
    return _as_float32(array)


def _as_float32(array: Array) -> Array:
    """Return float32 values; those beyond its range become infinite."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(array, dtype=np.float32)


def _as_targets(targets: Sequence[Array], path: Path) -> tuple[list[Array], tuple[str, ...]]:
    """Return class indices with class names, or values without names."""
    flat = [array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array for array in targets]
    kinds = {array.dtype.kind for array in flat}
    if kinds <= set("f") or (kinds <= set("iuf") and flat[0].ndim > 1):
        return [_as_float32(array) for array in flat], ()
    if not (kinds <= set("biu") or kinds <= set("U")) or flat[0].ndim > 1:
        raise DataError(f"{path}: an array of {flat[0].dtype} cannot be predicted.")
    names = sort_labels([str(value) for value in np.unique(np.concatenate(flat))])
    if len(names) > _MAX_CLASSES and not kinds <= set("U"):
        return [_as_float32(array) for array in flat], ()
    code_of = {name: index for index, name in enumerate(names)}
    coded = [np.array([code_of[str(value)] for value in array], np.int64) for array in flat]
    return coded, names


def _drop_non_finite(array: Array, target: Array | None, path: Path, warnings: list[str]) -> Subset:
    """Skip samples with NaN or infinite values, with one warning for all."""
    valid = np.ones(len(array), bool)
    for numbers in (array, target):
        if numbers is not None and numbers.dtype.kind == "f":
            valid &= np.isfinite(numbers).reshape(len(numbers), -1).all(axis=1)
    if not valid.any():
        raise DataError(f"{path}: every sample contains NaN or infinite values.")
    if not valid.all():
        first = int(np.flatnonzero(~valid)[0])
        warnings.append(
            f"{path}: {int((~valid).sum()):,} samples contain NaN or infinite values, the first "
            f"at index {first}; skipped"
        )
        array, target = array[valid], None if target is None else target[valid]
    return Subset(
        {"samples": torch.from_numpy(array)},
        None if target is None else torch.from_numpy(np.ascontiguousarray(target)),
    )
