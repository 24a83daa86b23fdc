"""What a run's data looked like when it started, for comparison when the run is resumed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from dlstudio.data.core.dataset import DataSet
from dlstudio.data.core.normaliser import Affine
from dlstudio.training.protocol.errors import TrainingError

_MAX_SHIFT = 0.1
"""Largest difference in a feature's mean, in standard deviations, that resumed data may have."""
_MAX_SCALE = 1.1
"""Largest ratio of a feature's standard deviations that resumed data may have."""


def data_record(data: DataSet) -> dict[str, Any]:
    """Return classes, shapes, columns, sizes and preprocessing of a data set as plain values."""
    facts = data.facts
    tokens = () if data.vocabulary is None else (data.vocabulary.unit, *data.vocabulary.tokens)
    return {
        "classes": list(facts.class_names),
        "inputs": {
            role: [signal.dtype, *signal.shape] for role, signal in sorted(facts.inputs.items())
        },
        "target": [] if facts.target is None else [facts.target.dtype, *facts.target.shape],
        "columns": list(data.columns),
        "targets": list(data.target_names),
        "vocabulary": hashlib.sha256("\n".join(tokens).encode()).hexdigest() if tokens else "",
        "samples": {name: len(subset) for name, subset in data.subsets.items()},
        "preprocessing": {
            role: _plain_affine(affine) for role, affine in _transforms(data).items()
        },
    }


def compare_data(stored: Mapping[str, Any], data: DataSet) -> list[str]:
    """Return notes on small differences from the recorded data.

    Raises:
        TrainingError: The network would read this data differently: classes, shapes, columns,
            vocabulary or preprocessing are not those of the run.
    """
    current = data_record(data)
    for key, noun in _COMPARED.items():
        if stored.get(key, current[key]) != current[key]:
            raise TrainingError(
                f"The data has changed since this run: {noun} {_was(stored[key], current[key])}. "
                "Restore the data, or start a new run."
            )
    notes = list(_size_notes(stored.get("samples", current["samples"]), current["samples"]))
    for role, affine in current["preprocessing"].items():
        earlier = stored.get("preprocessing", {}).get(role)
        if earlier is not None:
            notes.extend(_compare_affine(role, earlier, affine))
    return notes


_COMPARED = {
    "classes": "the classes",
    "inputs": "the shapes of a sample",
    "target": "the shape of the target",
    "columns": "the columns",
    "targets": "the columns to predict",
    "vocabulary": "the vocabulary",
}


def _was(stored: object, current: object) -> str:
    """Say what is different: only the entries that are, where both are lists or mappings."""
    if isinstance(stored, Mapping) and isinstance(current, Mapping):
        roles = [role for role in {**stored, **current} if stored.get(role) != current.get(role)]
        stored = [f"{role} {_shape(stored.get(role))}" for role in roles]
        current = [f"{role} {_shape(current.get(role))}" for role in roles]
    if not (isinstance(stored, Sequence) and isinstance(current, Sequence)):
        return "are different"
    if isinstance(stored, str):
        return "is different"
    if sorted(map(str, stored)) == sorted(map(str, current)):
        return f"are in another order ({_list(stored)} before, {_list(current)} now)"
    return f"were {_list(stored)} and are now {_list(current)}"


def _shape(signal: Sequence[object] | None) -> str:
    return "absent" if signal is None else "×".join(map(str, signal[1:])) or "scalar"


def _list(values: Sequence[object]) -> str:
    shown = ", ".join(map(str, values[:6])) or "none"
    return shown if len(values) <= 6 else f"{shown}, … ({len(values):,} in all)"


def _size_notes(stored: Mapping[str, int], current: Mapping[str, int]) -> Iterator[str]:
    for name in {**stored, **current}:
        before, now = stored.get(name, 0), current.get(name, 0)
        if before != now:
            yield (
                f"The {_SUBSETS.get(name, name)} data had {before:,} samples when this run "
                f"started and has {now:,} now; the run goes on with the new data"
            )


_SUBSETS = {"train": "training"}


def _compare_affine(
    role: str, stored: Mapping[str, Sequence[float]], current: Mapping[str, Sequence[float]]
) -> Iterator[str]:
    """Compare `x · scale + shift` before and now, feature by feature.

    A feature's mean m has the value 0 = m · scale + shift; the new mean's value under the stored
    transform is the distance in stored standard deviations.
    """
    if stored == current:
        return
    before, now = (
        {key: torch.tensor(affine[key], dtype=torch.float64) for key in ("scale", "shift")}
        for affine in (stored, current)
    )
    ratio = before["scale"] / now["scale"]
    distance = (before["shift"] - now["shift"] * ratio).abs()
    ratio = torch.maximum(ratio, 1 / ratio)
    if bool((distance > _MAX_SHIFT).any()) or bool((ratio > _MAX_SCALE).any()):
        raise TrainingError(
            f"The data has changed since this run: the mean or the spread of its {role} is "
            "different, so the network would see other values. Restore the data, or start a new "
            "run."
        )
    yield f"The mean and the spread of the {role} have changed slightly since this run started"


def _transforms(data: DataSet) -> dict[str, Affine]:
    target = {} if data.target_scale is None else {"target": data.target_scale}
    return {**data.normaliser.roles, **target}


def _plain_affine(affine: Affine) -> dict[str, list[float]]:
    return {"scale": _floats(affine.scale), "shift": _floats(affine.shift)}


def _floats(tensor: Tensor) -> list[float]:
    return [float(value) for value in tensor.reshape(-1).tolist()]
