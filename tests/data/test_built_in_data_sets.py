import subprocess
import sys

import numpy as np
import pytest
import torch

from dlstudio.data.core.errors import DataError
from dlstudio.data.load import load_data
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.framework.source import (
    BUILT_IN as BUILT_IN_GROUP,
)
from dlstudio.data.sources.framework.source import DOWNLOADS, GENERATED, TOYS, YOUR_OWN
from dlstudio.data.sources.sources import SOURCES, parse_options
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.signals import DatasetInfo, Signal

GROUPS = (BUILT_IN_GROUP, TOYS, GENERATED, DOWNLOADS, YOUR_OWN)
POINTS = tuple((x / 7, (x * x % 11) / 5, x % 3) for x in range(40))
BUILT_IN = [
    DataSettings("digits"),
    DataSettings("digits", {"size": 28, "margin": 4}, split=Split(most=100)),
    DataSettings("iris", split=Split(0.3, 0.1, 4)),
    DataSettings("wine"),
    DataSettings("breast-cancer"),
    DataSettings("diabetes"),
    DataSettings("moons", {"samples": 77}),
    DataSettings("circles"),
    DataSettings("xor", split=Split(0.0, 0.0)),
    DataSettings("gaussians", {"clusters": 7}),
    DataSettings("ring"),
    DataSettings("spirals", {"clusters": 3, "turns": 2.0}),
    DataSettings("movie", {"samples": 1000}),
    DataSettings("points", {"points": POINTS}),
]


@pytest.mark.parametrize("settings", BUILT_IN, ids=lambda settings: settings.source)
def test_declared_info_matches_the_loaded_dataset(settings):
    data = load_data(settings)
    assert data.facts == info_of(settings)
    samples = data.train.inputs["samples"]
    assert tuple(samples.shape[1:]) == data.facts.inputs["samples"].shape
    assert str(data.train.target.dtype) == f"torch.{data.facts.target.dtype}"
    assert data.normaliser.apply("samples", samples).dtype == torch.float32
    if data.facts.class_names:
        assert sorted(data.train.target.unique().tolist()) == list(
            range(len(data.facts.class_names))
        )


@pytest.mark.parametrize("settings", BUILT_IN, ids=lambda settings: settings.source)
def test_loading_twice_gives_the_same_samples(settings):
    first, second = load_data(settings), load_data(settings)
    assert torch.equal(first.train.inputs["samples"], second.train.inputs["samples"])
    assert torch.equal(first.train.target, second.train.target)


@pytest.mark.parametrize("settings", BUILT_IN, ids=lambda settings: settings.source)
def test_loading_does_not_use_global_generators(settings):
    before = torch.get_rng_state(), np.random.get_state()[1].copy()
    load_data(settings)
    assert torch.equal(before[0], torch.get_rng_state())
    assert np.array_equal(before[1], np.random.get_state()[1])


def test_digits_are_uint8_images_over_the_full_range():
    data = load_data(DataSettings("digits"))
    images = data.train.inputs["samples"]
    assert images.dtype == torch.uint8
    assert images.shape[1:] == (1, 8, 8)
    assert (int(images.min()), int(images.max())) == (0, 255)
    assert data.facts.numbers == {"features": 64, "classes": 10}


def test_upscaled_digits_match_the_small_ones():
    small, large = (
        load_data(DataSettings("digits", {"size": size})).train.inputs["samples"]
        for size in (8, 24)
    )
    assert large.shape[1:] == (1, 24, 24)
    assert torch.equal(large[:, :, 1::3, 1::3], small)
    framed = load_data(DataSettings("digits", {"size": 28, "margin": 2})).train.inputs["samples"]
    assert torch.equal(framed[:, :, 2:-2, 2:-2], large)
    assert int(framed.sum()) == int(large.sum())


def test_every_source_has_title_summary_and_valid_defaults():
    for name, source in SOURCES.items():
        assert source.name == name
        assert source.title
        assert source.summary
        assert source.group in GROUPS
        assert (source.download_bytes > 0) == (not source.offline)
        for option, setting in source.options.items():
            assert setting.help, option
            assert setting.parse(setting.default) == setting.default


@pytest.mark.parametrize("name", ["moons", "circles", "xor", "gaussians", "spirals"])
def test_noise_and_seed_change_the_points(name):
    def points(**options):
        data = load_data(DataSettings(name, options, split=Split(0, 0)))
        return data.train.inputs["samples"]

    clean = points(noise=0.0)
    assert not torch.equal(clean, points(noise=0.3))
    assert not torch.equal(points(noise=0.3), points(noise=0.3, seed=1))


def test_xor_gives_opposite_corners_one_class():
    data = load_data(DataSettings("xor", {"noise": 0.0}, split=Split(0, 0)))
    x, y = data.train.inputs["samples"].T
    assert torch.equal(data.train.target, (x * y < 0).long())
    assert len(data.train.inputs["samples"].unique(dim=0)) == 4


def test_movie_rule_is_mostly_linear():
    def accuracy(noise):
        data = load_data(
            DataSettings("movie", {"samples": 4000, "noise": noise}, split=Split(0, 0))
        )
        rows = data.train.inputs["samples"].double()
        design = torch.cat([rows, torch.ones(len(rows), 1, dtype=torch.float64)], 1)
        weights = torch.linalg.lstsq(design, data.train.target.double()).solution
        return ((design @ weights > 0.5).long() == data.train.target).double().mean()

    assert accuracy(0.0) > 0.97
    assert 0.8 < accuracy(0.5) < 0.97


def test_movie_genre_stays_0_or_1():
    data = load_data(DataSettings("movie"))
    normalised = data.normaliser.apply("samples", data.train.inputs["samples"])
    assert set(normalised[:, 2].unique().tolist()) == {0.0, 1.0}
    assert abs(float(normalised[:, 0].mean())) < 1e-5


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (DataSettings("nowhere"), "no data source called 'nowhere'"),
        (DataSettings("moons", {"twist": 1}), "no option called 'twist'"),
        (DataSettings("moons", {"samples": 2}), "Samples must be between"),
        (DataSettings("digits", {"margin": 4}), "leave nothing of images of 8"),
        (DataSettings("points"), "needs at least two"),
        (DataSettings("points", {"points": ((0, 0),)}), "x, y and class"),
        (DataSettings("points", {"points": ((0, float("nan"), 1),)}), "finite"),
        (DataSettings("csv"), "No file is selected"),
        (DataSettings("digits", normalise="somehow"), "Normalisation must be one of"),
        (DataSettings("digits", normalise="fixed", mean=(0.1, 0.2), deviation=(1.0,)), "mean"),
        (DataSettings("digits", normalise="fixed", mean=(0.1,), deviation=(0.0,)), "above 0"),
    ],
)
def test_invalid_settings_are_rejected(settings, message):
    with pytest.raises(DataError, match=message):
        load_data(settings)


def test_info_of_invalid_settings_is_the_last_known_one():
    assert info_of(DataSettings("moons", {"samples": -1})) == DatasetInfo()
    known = DatasetInfo({"samples": Signal((9,))})
    assert info_of(DataSettings("csv", {"path": "gone.csv"}, facts=known)) == known


def test_placed_points_are_used_unchanged():
    data = load_data(DataSettings("points", {"points": POINTS}, split=Split(0, 0)))
    expected = np.array(POINTS, np.float32)
    assert np.allclose(data.train.inputs["samples"].numpy(), expected[:, :2])
    assert parse_options("points", {"points": [[0, 1, 2]]}) == {"points": ((0.0, 1.0, 2),)}


def test_startup_modules_do_not_import_torch():
    code = (
        "import sys, dlstudio.data.sources.dataset_info, dlstudio.data.sources.sources\n"
        "import dlstudio.data.files.csv_columns\n"
        "import dlstudio.data.preview, dlstudio.data.core.data_paths\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
