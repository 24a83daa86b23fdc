"""A series as windows of its past, each with the steps behind it as its target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.errors import DataError
from dlstudio.data.generated_facts import series_facts
from dlstudio.data.normaliser import fit
from dlstudio.data.parts import DataSet, Part
from dlstudio.data.sliding import windows
from dlstudio.data.split import part_sizes
from dlstudio.data.stretches import PARTS, window_count
from dlstudio.design.data_settings import DataSettings


def made_series(options: Mapping[str, Any]) -> Tensor:
    """Return two waves, the slow one twice as high, and noise of first order (L,)."""
    count = options["samples"]
    rng = np.random.default_rng(options["seed"])
    time = np.arange(count)
    waves = np.sin(2 * np.pi * time / options["period"])
    waves = waves + 2 * np.sin(2 * np.pi * time / options["slow_period"])
    noise = rng.normal(0, 1, count) * options["noise"]
    for step in range(1, count):
        noise[step] += options["memory"] * noise[step - 1]
    return torch.from_numpy((waves + noise).astype(np.float32))


def series_set(
    values: Tensor,
    settings: DataSettings,
    options: Mapping[str, Any],
    name: str,
    warnings: tuple[str, ...] = (),
) -> DataSet:
    """Return windows along a series (L,) in stretches: the test part lies last.

    Raises:
        DataError: A stretch is shorter than window and horizon.
    """
    lengths = part_sizes(len(values), settings.split, own_test=False)
    window, horizon = options["window"], options["horizon"]
    for subset, length in zip(PARTS, lengths, strict=True):
        if not window_count(length, window, 1, horizon) and (length or subset == "train"):
            raise DataError(
                f"The {subset} stretch of {name} has {length:,} steps; window and horizon need "
                f"{window + horizon:,}. Make them shorter, or use a longer series."
            )
    spans = values.split(list(lengths))
    train, validation, test = (_part(span, window, horizon) for span in spans)
    assert train is not None
    return DataSet(
        train,
        validation,
        test,
        series_facts(lengths, options),
        fit({"samples": spans[0][:, None]}, settings),
        columns=(name,),
        warnings=warnings,
    )


def _part(stretch: Tensor, window: int, horizon: int) -> Part | None:
    """Return the windows of a stretch (N, window, 1) with what follows (N, horizon)."""
    if not len(stretch):
        return None
    inputs = {"samples": windows(stretch[:-horizon, None], window)}
    return Part(inputs, windows(stretch[window:], horizon))
