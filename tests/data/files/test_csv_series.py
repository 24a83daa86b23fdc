"""A numeric column of a CSV file as a time series."""

from dataclasses import replace

import pytest
import torch

from dlstudio.data.core.errors import DataError
from dlstudio.data.load import load_data
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.signals import DatasetInfo


def series_settings(tmp_path, lines, split=None, **options):
    path = tmp_path / "power.csv"
    path.write_text("\n".join(["day;load;note", *lines]) + "\n")
    options = {"window": 4, "horizon": 2, "path": str(path), **options}
    return DataSettings("series-csv", options, split or Split(0.2, 0.2))


LINES = [f"{day};{day * day};ok" for day in range(60)]


def test_windows_and_targets_come_from_the_last_numeric_column(tmp_path):
    data = load_data(series_settings(tmp_path, LINES, split=Split(0, 0)))
    squares = torch.arange(60.0).square()
    assert data.columns == ("load",)
    assert data.train.inputs["samples"].shape == (55, 4, 1)
    assert torch.equal(data.train.inputs["samples"][7, :, 0], squares[7:11])
    assert torch.equal(data.train.target[7], squares[11:13])
    assert data.facts.numbers == {"features": 1, "window": 4, "horizon": 2}


def test_later_spans_do_not_affect_normalisation(tmp_path):
    data = load_data(series_settings(tmp_path, LINES, column="day"))
    assert data.train.inputs["samples"].max() < data.validation.inputs["samples"].min()
    assert data.validation.target.max() < data.test.inputs["samples"].min()
    steps = torch.arange(38.0)
    normalised = data.normaliser.apply("samples", steps[:, None])
    assert torch.allclose(
        normalised[:, 0], (steps - steps.mean()) / steps.std(correction=0), atol=1e-5
    )


def test_missing_number_repeats_the_previous_one_with_a_warning(tmp_path):
    lines = [*LINES[:5], "5;;gap", *LINES[6:]]
    data = load_data(series_settings(tmp_path, lines, split=Split(0, 0)))
    assert data.train.inputs["samples"][5, 0, 0] == 16
    assert "line 7" in data.warnings[0]


def test_number_beyond_float32_counts_as_missing(tmp_path):
    lines = [*LINES[:5], "5;1e39;gap", *LINES[6:]]
    data = load_data(series_settings(tmp_path, lines, split=Split(0, 0)))
    assert data.train.inputs["samples"][5, 0, 0] == 16
    assert "line 7: no number" in data.warnings[0]


def test_info_is_the_last_known_one(tmp_path):
    settings = series_settings(tmp_path, LINES)
    assert info_of(settings) == DatasetInfo()
    facts = load_data(settings).facts
    assert info_of(replace(settings, facts=facts)) == facts


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"column": "watts"}, "no column 'watts'. The columns are: day, load, note"),
        ({"column": "note"}, "'note' of power.csv has no numbers"),
        ({"window": 50}, "train span of load has 38 steps; window and horizon need 52"),
        ({"path": ""}, "No file is selected"),
    ],
)
def test_invalid_series_options_are_rejected(tmp_path, options, message):
    with pytest.raises(DataError, match=message):
        load_data(series_settings(tmp_path, LINES, **options))
