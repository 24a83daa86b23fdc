"""Reads arrays saved by NumPy: samples, targets, and a validation and a test set if given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.vocabulary import Vocabulary
from dlstudio.data.files.npz_arrays import Array, NpzArrays
from dlstudio.data.files.npz_origins import subtract_origins
from dlstudio.data.files.npz_targets import LABELS, Targets, finite_rows, read_targets
from dlstudio.data.files.tables.table import NEWEST_RULES
from dlstudio.data.sources.dataset_info import info_for_samples, sample_signal
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.design.model.signals import DatasetInfo, Signal

_HELD_OUT = ("validation", "test")
_MAX_TOKENS = 1_000_000


@dataclass(frozen=True, slots=True)
class _Names:
    """The arrays of one subset."""

    inputs: str
    target: str | None


def read_npz(request: ReadRequest) -> RawSamples:
    """Return the arrays of an NPZ file as samples. Pickled objects are rejected.

    uint8 samples with two or three axes are images; channels-last images become channels-first.
    Whole numbers become tokens if the options ask for it. The option `meaning` says whether the
    target is a class, a value or labels.

    Raises:
        DataError: The file is not an NPZ file, or its arrays do not match.
    """
    with request.file.open("rb") as stream:
        arrays = NpzArrays(request.file, stream)
        names = _subset_names(arrays, request)
        samples = [arrays.read(subset.inputs) for subset in names.values()]
        targets = [arrays.read(subset.target) for subset in names.values() if subset.target]
        _check_counts(samples, targets, request)
    facts = request.settings.facts
    rules = NEWEST_RULES if facts is None else facts.rules
    prepared, vocabulary, notes = _prepare(samples, names["train"].inputs, request, rules)
    if len({array.shape[1:] for array in prepared}) > 1:
        raise DataError(f"{request.file}: training and other samples differ in shape.")
    target = None
    if targets:
        target = _targets(targets, names["train"].target or "", request)
    left_out: list[LeftOut] = []
    subsets = {
        subset: _finite_samples(array, index, target, names[subset], left_out)
        for index, (subset, array) in enumerate(zip(names, prepared, strict=True))
    }
    train = subsets["train"]
    if train is None:
        raise DataError(f"{request.file}: every sample contains NaN or infinite values.")
    used = {name for subset in names.values() for name in (subset.inputs, subset.target)}
    left_out += [LeftOut("array", name, "not used") for name in arrays.names if name not in used]
    return RawSamples(
        train,
        validation=subsets.get("validation"),
        test=subsets.get("test"),
        class_names=target.class_names if target else (),
        warnings=(*notes, *(target.notes if target else ())),
        vocabulary=vocabulary,
        facts=replace(
            _info(train, target, vocabulary), rules=rules if notes or facts is not None else 1
        ),
        left_out=tuple(left_out),
    )


def _subset_names(arrays: NpzArrays, request: ReadRequest) -> dict[str, _Names]:
    """Return the arrays of each subset; a held-out one needs samples and, if any, the target."""
    inputs = arrays.find_inputs(request.options["inputs"])
    target = arrays.find_target(request.options["target"])
    names = {"train": _Names(inputs, target)}
    for subset in _HELD_OUT:
        own_inputs = arrays.of_subset(inputs, subset)
        own_target = arrays.of_subset(target, subset) if target else None
        if own_inputs and (own_target or not target):
            names[subset] = _Names(own_inputs, own_target)
    return names


def _check_counts(samples: Sequence[Array], targets: Sequence[Array], request: ReadRequest) -> None:
    path = request.file
    if any(array.ndim and len(array) == 0 for array in samples):
        raise DataError(f"{path} contains an empty array of samples.")
    if any(array.size == 0 for array in samples):
        raise DataError(f"{path}: samples have no features. Save x with at least one feature.")
    for array, target in zip(samples, targets, strict=False):
        if target.ndim == 0 or array.ndim == 0 or len(array) != len(target):
            count = len(array) if array.ndim else 1
            raise DataError(
                f"{path}: {count:,} samples do not match a target array of shape {target.shape}."
            )


def _prepare(
    samples: Sequence[Array], name: str, request: ReadRequest, rules: int
) -> tuple[list[Array], Vocabulary | None, list[str]]:
    """Return the samples as images, floats or tokens, the vocabulary of tokens, and notes.

    The first rules leave numbers as they are, even where float32 merges them.
    """
    for array in samples:
        if array.dtype.kind not in "buif" or array.ndim < 1:
            raise DataError(
                f"{request.file}: samples must be numbers, not {array.dtype} {array.shape}."
            )
    if request.options["numbers"] != "tokens":
        arrays = [_in_order(array) for array in samples]
        notes: list[str] = []
        if rules > 1:
            arrays, notes = subtract_origins(arrays, name)
        return [_as_samples(array) for array in arrays], None, notes
    for array in samples:
        problem = _token_problem(array)
        if problem:
            raise DataError(
                f"{request.file}: {name} cannot be read as tokens: {problem}. Choose “numbers” for "
                "whole numbers."
            )
    tokens = [array.reshape(len(array), -1).astype(np.int64) for array in samples]
    size = max(int(array.max()) for array in tokens) + 1
    return tokens, Vocabulary(tuple(map(str, range(size))), "words"), []


def _token_problem(array: Array) -> str:
    """Return why an array does not hold tokens; empty if it does."""
    if array.ndim > 2:
        return f"a sample has {array.ndim - 1} axes, and a sequence of tokens has one"
    if array.dtype.kind == "f" and not bool((array == np.round(array)).all()):
        return "it contains numbers that are not whole"
    low, high = array.min(), array.max()
    if low < 0:
        return f"tokens count from 0, and it contains {low}"
    if high >= _MAX_TOKENS:
        return f"it contains {high}, beyond the largest vocabulary of {_MAX_TOKENS:,}"
    return ""


def _in_order(array: Array) -> Array:
    """Return samples with a second axis of features or channels."""
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim == 4 and array.shape[3] in (1, 3, 4) and array.shape[1] not in (1, 3, 4):
        array = array.transpose(0, 3, 1, 2)
    if array.dtype == np.uint8 and array.ndim == 3:
        array = array[:, None]
    return array


def _as_samples(array: Array) -> Array:
    if array.dtype == np.uint8 and array.ndim == 4:
        return np.ascontiguousarray(array)
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(array, dtype=np.float32)


def _targets(arrays: Sequence[Array], name: str, request: ReadRequest) -> Targets:
    facts = request.settings.facts
    earlier = facts.target.meaning if facts is not None and facts.target is not None else ""
    try:
        return read_targets(arrays, name, request.options["meaning"], earlier)
    except DataError as error:
        raise DataError(f"{request.file}: {error}") from error


def _finite_samples(
    array: Array,
    index: int,
    target: Targets | None,
    names: _Names,
    left_out: list[LeftOut],
) -> Subset | None:
    """Return the samples without NaN and infinite values; None if there are none."""
    finite = finite_rows(array) if array.dtype.kind == "f" else np.ones(len(array), bool)
    values = None
    if target is not None:
        finite &= target.known[index]
        values = target.arrays[index]
    if not finite.all():
        bad = np.flatnonzero(~finite)
        more = f" and {len(bad) - 1:,} more" if len(bad) > 1 else ""
        place = f"index {bad[0]}{more} of {names.inputs}"
        left_out.append(LeftOut("sample", place, "NaN or infinite values", len(bad)))
        array, values = array[finite], None if values is None else values[finite]
    if not len(array):
        return None
    role = "tokens" if array.dtype == np.int64 else "samples"
    return Subset(
        {role: torch.from_numpy(array)},
        None if values is None else torch.from_numpy(np.ascontiguousarray(values)),
    )


def _info(train: Subset, target: Targets | None, vocabulary: Vocabulary | None) -> DatasetInfo:
    shape = tuple(next(iter(train.inputs.values())).shape[1:])
    target_shape = None if train.target is None else tuple(train.target.shape[1:])
    info = info_for_samples(
        sample_signal(shape),
        target.class_names if target else (),
        samples={},
        target_shape=target_shape,
        labels=target is not None and target.meaning == LABELS,
    )
    if vocabulary is None:
        return info
    numbers = {name: size for name, size in info.numbers.items() if name != "features"}
    return DatasetInfo(
        {"tokens": Signal(shape, "int64", "tokens")},
        info.target,
        {"vocabulary": len(vocabulary), "window": math.prod(shape), **numbers},
        info.class_names,
    )
