from __future__ import annotations

import numpy as np
import pytest

from dlstudio.data.sequences.series import synthetic_series
from dlstudio.data.sources.sources import parse_options
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.network.weights.weights import read_weights
from tests.benchmarks.examples.targets_vision import TRUNK_LAYERS, TRUNK_WEIGHTS, best_mae


def test_best_mae_is_the_error_of_a_forecast_that_knows_the_signal() -> None:
    data = DataSettings("series", {"samples": 40_000, "horizon": 5})
    options = parse_options("series", data.options)
    series, waves = (
        synthetic_series({**options, "noise": level}).double().numpy()
        for level in (options["noise"], 0)
    )
    noise = series - waves
    errors = [
        np.abs(noise[horizon:] - options["memory"] ** horizon * noise[:-horizon]).mean()
        for horizon in range(1, 6)
    ]
    assert float(np.mean(errors)) == pytest.approx(best_mae(data), rel=0.02)


def test_shipped_trunk_is_mnist_cnn_without_its_last_layer() -> None:
    layers = {name.rpartition(".")[0] for name in read_weights(TRUNK_WEIGHTS)}
    assert layers == set(TRUNK_LAYERS)
    assert layers < set(load(example_path("mnist-cnn")).graph.nodes)
    assert TRUNK_WEIGHTS.stat().st_size <= 2_000_000
