"""The input of views with the input `series`: values of the layers over the steps of a run.

Does not import torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dlstudio.training.storage.json_files import read_lines
from dlstudio.training.storage.runs import SERIES

WEIGHT_NORM, GRADIENT_NORM, UPDATE_RATIO = "weight_norm", "gradient_norm", "update_ratio"
UNITS: Mapping[str, str] = {
    WEIGHT_NORM: "weights, L2 norm",
    GRADIENT_NORM: "loss per weight, L2 norm",
    UPDATE_RATIO: "norm of the update / norm of the weights",
}
"""Quantities recorded for each layer with parameters, with their units."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values of each layer, recorded at some steps of a run.

    Attributes:
        steps: Numbers of the steps, counted from 1, increasing, int64 (n,).
        values: Arrays by quantity, then by dotted path of the layer: float64 (n,), NaN for a
            missing value. Quantities: `weight_norm`, the norm of all parameters of the layer after
            the step; `gradient_norm`, the norm of their gradients in the step, before clipping;
            `update_ratio`, the norm of the change of the parameters divided by their norm before.
        units: Units by quantity, as text.
    """

    steps: npt.NDArray[np.int64]
    values: Mapping[str, Mapping[str, npt.NDArray[np.float64]]]
    units: Mapping[str, str]

    def at(self, quantity: str, path: str) -> npt.NDArray[np.float64]:
        """Return the values (n,) of a quantity of a layer; raises KeyError if there are none."""
        return self.values[quantity][path]


def read_series(run_dir: Path | str) -> Series:
    """Return the values that a run has recorded so far, possibly without any steps."""
    records = [
        (record["step"], record["layers"])
        for record in (read_lines(Path(run_dir) / SERIES) if run_dir else ())
        if _is_record(record)
    ]
    paths = dict.fromkeys(path for _, layers in records for path in layers)
    table = np.full((len(UNITS), len(paths), len(records)), np.nan)
    for column, (_, layers) in enumerate(records):
        for row, path in enumerate(paths):
            table[:, row, column] = [
                np.nan if value is None else value for value in layers.get(path, (None,) * 3)
            ]
    return Series(
        np.array([step for step, _ in records], np.int64),
        {
            quantity: {path: table[index, row] for row, path in enumerate(paths)}
            for index, quantity in enumerate(UNITS)
        },
        dict(UNITS),
    )


def _is_record(record: object) -> bool:
    """Whether a line of the file is a valid record."""
    match record:
        case {"step": int(), "layers": dict(layers)}:
            return all(isinstance(row, list) and len(row) == len(UNITS) for row in layers.values())
    return False
