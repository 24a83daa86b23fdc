from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from dlstudio.data.errors import Cancelled
from dlstudio.design.data_settings import DataSettings
from dlstudio.design.edits import set_data, set_settings
from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.design.model import Project
from dlstudio.insight.activations import ActivationProbe
from dlstudio.insight.reopened import reopen
from dlstudio.insight.views import SampleChoice
from dlstudio.training.events import Finished, RunOptions
from dlstudio.training.loop import train

FIFTH = SampleChoice("test", 5)


@pytest.fixture
def project() -> Project:
    return load(example_path("digits-cnn"))


def trained(project: Project, folder: Path) -> tuple[RunOptions, ActivationProbe, int]:
    """Train a little; return where the weights lie, the run's own probe, and its steps."""
    probe = ActivationProbe(project.training)
    options = RunOptions(threads=1, epochs=1, runs_dir=str(folder))
    *_, finished = train(project, options, observers=[probe])
    assert isinstance(finished, Finished), finished
    return RunOptions(initial_weights=finished.weights_file), probe, finished.step


def test_it_shows_what_the_run_left(project: Project, tmp_path: Path) -> None:
    options, probe, step = trained(project, tmp_path)
    restored = reopen(project, options)
    assert restored is not None
    expected, again = (observer.look_again("", FIFTH, step) for observer in (probe, restored.probe))
    assert expected is not None
    assert again is not None
    np.testing.assert_allclose(again.scores, expected.scores, rtol=1e-5, atol=1e-7)
    assert again.layers.keys() == expected.layers.keys()
    assert again.thumbnails.keys() == expected.thumbnails.keys()
    assert again.truth == expected.truth


def test_it_draws_no_random_number(project: Project, tmp_path: Path) -> None:
    options, *_ = trained(project, tmp_path)
    torch.manual_seed(3)
    before = torch.get_rng_state()
    assert reopen(project, options) is not None
    assert torch.equal(torch.get_rng_state(), before)


def test_there_is_nothing_to_see_without_the_data(project: Project, tmp_path: Path) -> None:
    options, *_ = trained(project, tmp_path)
    empty = replace(options, data_dir=str(tmp_path / "data"), design_dir=str(tmp_path))
    for data in (DataSettings("mnist"), DataSettings("csv", {"path": "gone.csv"})):
        assert reopen(set_data(project, data), empty) is None
    assert not (tmp_path / "data").exists()


def test_there_is_nothing_to_see_where_the_weights_do_not_fit(
    project: Project, tmp_path: Path
) -> None:
    options, *_ = trained(project, tmp_path)
    wider = set_settings(project, ("conv2d_1",), {"out_channels": 24})
    assert reopen(wider, options) is None
    assert reopen(project, replace(options, initial_weights=str(tmp_path / "gone"))) is None


def test_the_data_is_read_once(project: Project, tmp_path: Path) -> None:
    options, *_ = trained(project, tmp_path)
    first = reopen(project, options)
    assert first is not None
    again = reopen(project, options, first)
    assert again is not None
    assert again.data is first.data
    whole = set_data(project, replace(project.data, normalise="unit"))
    other = reopen(whole, options, first)
    assert other is not None
    assert other.data is not first.data


def test_it_can_be_left(project: Project, tmp_path: Path) -> None:
    options, *_ = trained(project, tmp_path)
    with pytest.raises(Cancelled):
        reopen(project, options, cancelled=lambda: True)
