from __future__ import annotations

from pathlib import Path

from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.insight.activations.activation_views import SampleChoice
from dlstudio.insight.activations.activations import ActivationObserver
from dlstudio.insight.common.network_snapshot import SnapshotObserver
from dlstudio.insight.common.observed_network import ObservedNetwork
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import Finished, RunOptions


def test_observers_of_a_run_share_its_network(tmp_path: Path) -> None:
    project = load(example_path("digits-cnn"))
    network = ObservedNetwork()
    snapshots, activations = (
        SnapshotObserver(network),
        ActivationObserver(project.training, network=network),
    )
    assert activations.capture_on_copy("", SampleChoice(), 0) is None
    options = RunOptions(threads=1, epochs=1, runs_dir=str(tmp_path))
    *_, finished = train(project, options, observers=[snapshots])
    assert isinstance(finished, Finished), finished
    view = activations.capture_on_copy("", SampleChoice(), finished.step)
    assert view is not None
    assert view.step == finished.step


def test_copy_has_its_own_weights(tmp_path: Path) -> None:
    network = ObservedNetwork()
    assert network.copy(0) is None
    project = load(example_path("digits-cnn"))
    options = RunOptions(threads=1, epochs=1, runs_dir=str(tmp_path))
    list(train(project, options, observers=[SnapshotObserver(network)]))
    copy = network.copy(9)
    assert network.view is not None
    assert copy is not None
    assert copy.step == 9
    assert copy.objective.main.module is not network.view.objective.main.module
