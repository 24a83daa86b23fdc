from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from dlstudio.data.core.errors import Cancelled
from dlstudio.design.edits import set_data, set_settings
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.insight.activations.activation_views import SampleChoice
from dlstudio.insight.activations.activations import ActivationObserver
from dlstudio.insight.restored_network import restore_network
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import Finished, RunOptions

SIXTH_SAMPLE = SampleChoice("test", 5)


@pytest.fixture
def project() -> Project:
    return load(example_path("digits-cnn"))


def train_briefly(project: Project, folder: Path) -> tuple[RunOptions, ActivationObserver, int]:
    """Train for one epoch; return options with its weights, the run's observer, and its steps."""
    observer = ActivationObserver(project.training)
    options = RunOptions(threads=1, epochs=1, runs_dir=str(folder))
    *_, finished = train(project, options, observers=[observer])
    assert isinstance(finished, Finished), finished
    return RunOptions(initial_weights=finished.weights_file), observer, finished.step


def test_restored_network_matches_the_run(project: Project, tmp_path: Path) -> None:
    options, run_observer, step = train_briefly(project, tmp_path)
    restored = restore_network(project, options)
    assert restored is not None
    observer = ActivationObserver(project.training, network=restored.network)
    expected, actual = (
        observer.capture_on_copy("", SIXTH_SAMPLE, step) for observer in (run_observer, observer)
    )
    assert expected is not None
    assert actual is not None
    np.testing.assert_allclose(actual.scores, expected.scores, rtol=1e-5, atol=1e-7)
    assert actual.layers.keys() == expected.layers.keys()
    assert actual.thumbnails.keys() == expected.thumbnails.keys()
    assert actual.true_label == expected.true_label


def test_restoring_draws_no_random_numbers(project: Project, tmp_path: Path) -> None:
    options, *_ = train_briefly(project, tmp_path)
    torch.manual_seed(3)
    before = torch.get_rng_state()
    assert restore_network(project, options) is not None
    assert torch.equal(torch.get_rng_state(), before)


def test_network_without_its_data_is_not_restored(project: Project, tmp_path: Path) -> None:
    options, *_ = train_briefly(project, tmp_path)
    empty = replace(options, data_dir=str(tmp_path / "data"), design_dir=str(tmp_path))
    for data in (DataSettings("mnist"), DataSettings("csv", {"path": "gone.csv"})):
        assert restore_network(set_data(project, data), empty) is None
    assert not (tmp_path / "data").exists()


def test_network_with_mismatched_weights_is_not_restored(project: Project, tmp_path: Path) -> None:
    options, *_ = train_briefly(project, tmp_path)
    wider = set_settings(project, ("conv2d_1",), {"out_channels": 24})
    assert restore_network(wider, options) is None
    assert (
        restore_network(project, replace(options, initial_weights=str(tmp_path / "gone"))) is None
    )


def test_data_is_read_once(project: Project, tmp_path: Path) -> None:
    options, *_ = train_briefly(project, tmp_path)
    first = restore_network(project, options)
    assert first is not None
    again = restore_network(project, options, first)
    assert again is not None
    assert again.data is first.data
    other_data = set_data(project, replace(project.data, normalise="unit"))
    other = restore_network(other_data, options, first)
    assert other is not None
    assert other.data is not first.data


def test_restoring_can_be_cancelled(project: Project, tmp_path: Path) -> None:
    options, *_ = train_briefly(project, tmp_path)
    with pytest.raises(Cancelled):
        restore_network(project, options, cancelled=lambda: True)
