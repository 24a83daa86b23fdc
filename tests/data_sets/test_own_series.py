"""A column of the user's own table as a series in time."""

from dataclasses import replace

import pytest
import torch

from dlstudio.data.errors import DataError
from dlstudio.data.facts import facts_of
from dlstudio.data.load import load_data
from dlstudio.design.data_settings import DataSettings, Split
from dlstudio.design.signals import DataFacts


def own(tmp_path, lines, split=None, **options):
    path = tmp_path / "power.csv"
    path.write_text("\n".join(["day;load;note", *lines]) + "\n")
    options = {"window": 4, "horizon": 2, "path": str(path), **options}
    return DataSettings("series-csv", options, split or Split(0.2, 0.2))


LINES = [f"{day};{day * day};ok" for day in range(60)]


def test_windows_and_what_follows_them_are_cut_from_the_last_column_of_numbers(tmp_path):
    data = load_data(own(tmp_path, LINES, split=Split(0, 0)))
    squares = torch.arange(60.0).square()
    assert data.columns == ("load",)
    assert data.train.inputs["samples"].shape == (55, 4, 1)
    assert torch.equal(data.train.inputs["samples"][7, :, 0], squares[7:11])
    assert torch.equal(data.train.target[7], squares[11:13])
    assert data.facts.numbers == {"features": 1, "window": 4, "horizon": 2}


def test_the_test_lies_behind_what_is_learnt_and_scales_nothing(tmp_path):
    data = load_data(own(tmp_path, LINES, column="day"))
    assert data.train.inputs["samples"].max() < data.validation.inputs["samples"].min()
    assert data.validation.target.max() < data.test.inputs["samples"].min()
    steps = torch.arange(38.0)
    normalised = data.normaliser.apply("samples", steps[:, None])
    assert torch.allclose(
        normalised[:, 0], (steps - steps.mean()) / steps.std(correction=0), atol=1e-5
    )


def test_a_missing_number_is_told_and_the_one_before_it_stands_there(tmp_path):
    lines = [*LINES[:5], "5;;gap", *LINES[6:]]
    data = load_data(own(tmp_path, lines, split=Split(0, 0)))
    assert data.train.inputs["samples"][5, 0, 0] == 16
    assert "line 7" in data.warnings[0]


def test_a_number_beyond_float32_counts_as_missing(tmp_path):
    lines = [*LINES[:5], "5;1e39;gap", *LINES[6:]]
    data = load_data(own(tmp_path, lines, split=Split(0, 0)))
    assert data.train.inputs["samples"][5, 0, 0] == 16
    assert "line 7: no number" in data.warnings[0]


def test_facts_are_what_was_last_known(tmp_path):
    settings = own(tmp_path, LINES)
    assert facts_of(settings) == DataFacts()
    facts = load_data(settings).facts
    assert facts_of(replace(settings, facts=facts)) == facts


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"column": "watts"}, "no column 'watts'. The columns are: day, load, note"),
        ({"column": "note"}, "'note' of power.csv holds no numbers"),
        ({"window": 50}, "train stretch of load has 38 steps; window and horizon need 52"),
        ({"path": ""}, "No file is chosen"),
    ],
)
def test_what_makes_no_series_is_refused_in_words(tmp_path, options, words):
    with pytest.raises(DataError, match=words):
        load_data(own(tmp_path, LINES, **options))
