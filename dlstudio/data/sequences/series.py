"""A time series as windows, each with the following steps as its target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.core.dataset import DataSet, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.normaliser import fit_normaliser
from dlstudio.data.core.subset_sizes import subset_sizes
from dlstudio.data.core.window_counts import SUBSETS, window_count
from dlstudio.data.core.window_views import sliding_windows
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.data.sources.info.sequences import series_info
from dlstudio.design.model.data_settings import DataSettings


def read_synthetic_series(request: ReadRequest) -> DataSet:
    """Return a synthetic series as windows."""
    values = synthetic_series(request.options)
    return series_dataset(values, request.settings, request.options, "the series")


def synthetic_series(options: Mapping[str, Any]) -> Tensor:
    """Return the sum of two sine waves and AR(1) noise (L,); the slow wave has amplitude 2."""
    count = options["samples"]
    rng = np.random.default_rng(options["seed"])
    time = np.arange(count)
    waves = np.sin(2 * np.pi * time / options["period"])
    waves = waves + 2 * np.sin(2 * np.pi * time / options["slow_period"])
    noise = rng.normal(0, 1, count) * options["noise"]
    for step in range(1, count):
        noise[step] += options["memory"] * noise[step - 1]
    return torch.from_numpy((waves + noise).astype(np.float32))


def series_dataset(
    values: Tensor,
    settings: DataSettings,
    options: Mapping[str, Any],
    name: str,
    warnings: tuple[str, ...] = (),
) -> DataSet:
    """Return windows along a series (L,), split in time order: the test span is last.

    Raises:
        DataError: A span is shorter than window plus horizon.
    """
    lengths = subset_sizes(len(values), settings.split, has_test=False)
    window, horizon = options["window"], options["horizon"]
    for subset, length in zip(SUBSETS, lengths, strict=True):
        if not window_count(length, window, 1, horizon) and (length or subset == "train"):
            raise DataError(
                f"The {subset} span of {name} has {length:,} steps; window and horizon need "
                f"{window + horizon:,}. Make them shorter, or use a longer series."
            )
    spans = values.split(list(lengths))
    train, validation, test = (_subset(span, window, horizon) for span in spans)
    assert train is not None
    return DataSet(
        train,
        validation,
        test,
        series_info(lengths, options),
        fit_normaliser({"samples": spans[0][:, None]}, settings),
        columns=(name,),
        warnings=warnings,
    )


def _subset(span: Tensor, window: int, horizon: int) -> Subset | None:
    """Return the windows of a span (N, window, 1) with the steps after them (N, horizon)."""
    if not len(span):
        return None
    inputs = {"samples": sliding_windows(span[:-horizon, None], window)}
    return Subset(inputs, sliding_windows(span[window:], horizon))
