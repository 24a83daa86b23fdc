"""The job that fits the simple models beside which a network is judged. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlstudio.data.core.progress import ProgressCallback
from dlstudio.training.metrics.linear_baseline import Baseline, BaselineData, compute_baseline
from dlstudio.worker.value_files import read_value


def fit_baseline(arguments: Mapping[str, Any], _progress: ProgressCallback) -> Baseline:
    """Compute a baseline.

    Args:
        arguments: `data`, the result of `write_value` for a `BaselineData`.

    Raises:
        ValueError: The data is something else.
    """
    data = read_value(arguments["data"])
    if not isinstance(data, BaselineData):
        raise ValueError(f"A {type(data).__name__} is no data for a baseline.")
    return compute_baseline(data)
