"""The input of views with the input `series`: figures of the layers over the steps of a run.

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
"""What is recorded of each layer with parameters, and its unit."""


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of each layer, recorded at some steps of a run.

    Attributes:
        steps: Numbers of the steps from 1, rising, int64 (n,).
        values: By quantity, then by dotted path of the layer: float64 (n,), NaN where a value is
            missing. Quantities: `weight_norm`, the norm of all parameters of the layer after the
            step; `gradient_norm`, of their gradients in the step, before clipping; `update_ratio`,
            the norm of the change of the parameters by the norm of the parameters before it.
        units: By quantity, in words.
    """

    steps: npt.NDArray[np.int64]
    values: Mapping[str, Mapping[str, npt.NDArray[np.float64]]]
    units: Mapping[str, str]

    def at(self, quantity: str, path: str) -> npt.NDArray[np.float64]:
        """Return the values (n,) of a quantity of a layer; KeyError where there are none."""
        return self.values[quantity][path]


def read_series(run_dir: Path | str) -> Series:
    """Return what a run recorded so far; no steps where it recorded nothing."""
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
    """Whether a line of the file is one of ours."""
    match record:
        case {"step": int(), "layers": dict(layers)}:
            return all(isinstance(row, list) and len(row) == len(UNITS) for row in layers.values())
    return False
