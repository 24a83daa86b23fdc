"""What an array to predict means: classes, values or labels. Does not import torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlstudio.data.core.errors import DataError
from dlstudio.data.files.column_encoders import sort_labels
from dlstudio.data.files.npz_arrays import Array
from dlstudio.data.files.npz_origins import has_close_values

AUTO, CLASS, VALUE, LABELS = "auto", "class", "value", "labels"
_MAX_CLASSES = 1000
_MAX_FLOAT_CLASSES = 20


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets of each subset.

    Attributes:
        arrays: Class indices (int64), or values and labels (float32), one array a subset.
        known: Which targets are finite (N,), one array a subset.
        class_names: Names of the classes; empty for values and labels.
        meaning: `class`, `value` or `labels`.
        notes: How the meaning was guessed, if it is not obvious.
    """

    arrays: list[Array]
    known: list[Array]
    class_names: tuple[str, ...]
    meaning: str
    notes: tuple[str, ...] = ()


def read_targets(arrays: Sequence[Array], name: str, meaning: str, earlier: str) -> Targets:
    """Return the targets of all subsets.

    Args:
        arrays: The arrays as they are stored, one a subset.
        name: Their name, for messages.
        meaning: `class`, `value`, `labels`, or `auto` to guess.
        earlier: What `auto` meant when the data was read before, empty if it is new. It is kept, so
            that a design does not change its meaning.

    Raises:
        DataError: The arrays cannot have this meaning.
    """
    flat = [_plain(array, name) for array in arrays]
    if len({array.shape[1:] for array in flat}) > 1:
        raise DataError(f"The subsets of the target {name} differ in shape.")
    note = ""
    if meaning == AUTO:
        keeps = earlier in {CLASS, VALUE, LABELS} and not _problem(flat, earlier)
        meaning, note = (earlier, "") if keeps else _guess(flat, name)
    problem = _problem(flat, meaning)
    if problem:
        raise DataError(f"The target {name} cannot be read as {_PLURALS[meaning]}: {problem}.")
    known = [_finite(array) for array in flat]
    coded, names = _to_classes(flat, known) if meaning == CLASS else (_to_floats(flat), ())
    notes = [note] if note else []
    if meaning == VALUE and has_close_values(flat[0]):
        notes.append(
            f"{name}: 32-bit numbers do not keep its values apart; subtract a constant from it"
        )
    return Targets(coded, known, names, meaning, tuple(notes))


_PLURALS = {CLASS: "classes", VALUE: "values", LABELS: "labels"}


def _plain(array: Array, name: str) -> Array:
    """Return the array without an axis of one, and bytes as text."""
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8", "replace")
    if array.dtype.kind not in "biufU":
        raise DataError(
            f"The target {name} is an array of {array.dtype}, which cannot be predicted."
        )
    return array


def _guess(arrays: Sequence[Array], name: str) -> tuple[str, str]:
    """Return the meaning of arrays and, if it is not obvious, a line about it."""
    first = arrays[0]
    if any(array.dtype.kind == "U" for array in arrays):
        return CLASS, ""
    if first.ndim > 1:
        if _is_one_hot(arrays):
            count = first.shape[1]
            return CLASS, (
                f"{name} is one-hot: it is read as {count} classes. Choose “labels” or “value” for "
                "what the target means to read its columns apart."
            )
        return (LABELS if _is_binary(arrays) and first.ndim == 2 else VALUE), ""
    values = _distinct(arrays)
    if all(array.dtype.kind in "biu" for array in arrays):
        return (CLASS if len(values) <= _MAX_CLASSES else VALUE), ""
    if _are_float_classes(arrays, values):
        numbers = ", ".join(f"{value:g}" for value in values)
        return CLASS, (
            f"{name} contains the whole numbers {numbers}: they are read as {len(values)} classes. "
            "Choose “value” for what the target means to predict numbers."
        )
    return VALUE, ""


def _are_float_classes(arrays: Sequence[Array], values: Array) -> bool:
    """Whether floats are classes: few whole numbers in a row, each of them several times."""
    count = sum(map(len, arrays))
    is_whole = bool((values == np.round(values)).all())
    if not is_whole or not 2 <= len(values) <= min(_MAX_FLOAT_CLASSES, count // 4):
        return False
    return bool((np.diff(values) == 1).all()) or values.tolist() == [-1, 1]


def _problem(arrays: Sequence[Array], meaning: str) -> str:
    """Return why arrays cannot have a meaning; empty if they can."""
    is_text = any(array.dtype.kind == "U" for array in arrays)
    dimensions = arrays[0].ndim
    if meaning == CLASS:
        if is_text and not all(array.dtype.kind == "U" for array in arrays):
            return "text and numbers are mixed"
        if dimensions == 1 or _is_one_hot(arrays):
            return ""
        return "it has several columns and is not one-hot"
    if is_text:
        return "it contains text"
    if meaning == LABELS and not (dimensions == 2 and _is_binary(arrays)):
        return "labels are columns of 0 and 1"
    return ""


def _is_binary(arrays: Sequence[Array]) -> bool:
    return all(bool(((array == 0) | (array == 1)).all()) for array in arrays)


def _is_one_hot(arrays: Sequence[Array]) -> bool:
    """Whether each row has exactly one 1, and each column occurs."""
    if any(array.ndim != 2 or array.dtype.kind == "U" for array in arrays):
        return False
    if arrays[0].shape[1] < 2 or not _is_binary(arrays):
        return False
    one_per_row = all(bool((array.sum(1) == 1).all()) for array in arrays)
    return one_per_row and bool(np.concatenate(arrays).any(0).all())


def finite_rows(array: Array) -> Array:
    """Return which rows (N, …) contain neither NaN nor infinite values (N,)."""
    finite: Array = np.asarray(np.isfinite(array).reshape(len(array), -1).all(1))
    return finite


def _finite(array: Array) -> Array:
    if array.dtype.kind != "f":
        return np.ones(len(array), bool)
    return finite_rows(_as_float32(array))


def _distinct(arrays: Sequence[Array]) -> Array:
    values: Array = np.unique(np.concatenate([array.ravel() for array in arrays]))
    return values[np.isfinite(values)] if values.dtype.kind == "f" else values


def _to_floats(arrays: Sequence[Array]) -> list[Array]:
    return [_as_float32(array) for array in arrays]


def _as_float32(array: Array) -> Array:
    """Return float32 values; those beyond its range become infinite."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(array, dtype=np.float32)


def _to_classes(
    arrays: Sequence[Array], known: Sequence[Array]
) -> tuple[list[Array], tuple[str, ...]]:
    """Return class indices, 0 where the target is not known, and class names."""
    if arrays[0].ndim == 2:
        columns = tuple(str(column) for column in range(arrays[0].shape[1]))
        return [array.argmax(1).astype(np.int64) for array in arrays], columns
    texts = [[_class_text(value) for value in array] for array in arrays]
    present = {
        text
        for row, flags in zip(texts, known, strict=True)
        for text, is_known in zip(row, flags, strict=True)
        if is_known
    }
    names = tuple(sort_labels(sorted(present)))
    code_of = {name: index for index, name in enumerate(names)}
    return [np.array([code_of.get(text, 0) for text in row], np.int64) for row in texts], names


def _class_text(value: object) -> str:
    is_whole = isinstance(value, np.floating) and float(value).is_integer()
    return str(int(value)) if is_whole and isinstance(value, np.floating) else str(value)
