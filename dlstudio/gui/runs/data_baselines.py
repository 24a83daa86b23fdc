"""Remembers what linear models reach on data that was read. Imports no widget and no torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.design.model.data_settings import DataSettings

if TYPE_CHECKING:  # imports numpy, which the first paint must not need
    from dlstudio.training.metrics.linear_baseline import Baseline


class DataBaselines:
    """Baselines by the data that they hold for: the same file, read and split in the same way."""

    def __init__(self) -> None:
        self._baselines: dict[str, Baseline] = {}

    def add(self, data: DataSettings, baseline: Baseline | None) -> None:
        """Remember a baseline; None if there is none for this data, whose path is absolute."""
        key = _samples_key(data, "")
        if baseline is None:
            self._baselines.pop(key, None)
        else:
            self._baselines[key] = baseline

    def find(self, data: DataSettings, folder: Path | str) -> Baseline | None:
        """Return the baseline on the samples that these settings give, if it is known.

        Args:
            data: The settings of a run.
            folder: Folder that a relative path in them refers to.
        """
        return self._baselines.get(_samples_key(data, folder))


def _samples_key(data: DataSettings, folder: Path | str) -> str:
    """Return a text that is equal for the same samples in the same subsets."""
    options = dict(data.options)
    if path := options.get("path"):
        options["path"] = str((Path(folder) / str(path)).absolute())
    return json.dumps([data.source, options, repr(data.split)], sort_keys=True, default=dict)
