"""Linear probes of a layer, compared with those of the untrained network."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from threading import Thread

import numpy as np
import pytest
import torch

from dlstudio.data.load import load_data
from dlstudio.design.edits import append_after
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.insight.analyses.embeddings import embed
from dlstudio.insight.analyses.layer_probe import probe_layer
from dlstudio.insight.analyses.probe_views import ProbeChoice, project_to_plane
from dlstudio.insight.common.network_snapshot import SnapshotObserver, SnapshotReady
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.loop.loop import train
from dlstudio.training.loop.observer import RunView
from dlstudio.training.protocol.events import Finished, RunOptions, Snapshot, StepsDone
from dlstudio.training.tasks.registry import create_objective


def make_project(source: str = "digits") -> Project:
    project, end = append_after(Project(), None, "input")
    for kind, settings in [
        ("conv2d", {"out_channels": 6}),
        ("relu", {}),
        ("flatten", {}),
        ("dropout", {}),
        ("linear", {"out_features": 12}),
        ("relu", {}),
        ("linear", {"out_features": 10}),
        ("output", {}),
    ]:
        project, end = append_after(project, end, kind, settings)
    return replace(
        project, data=DataSettings(source), training=TrainingSettings(epochs=2, batch_size=128)
    )


@cache
def untrained_view() -> RunView:
    project = make_project()
    data = load_data(project.data)
    objective = create_objective(project.training, compile_design(project, data.facts))
    return RunView(
        objective, data.subsets, data.normaliser, data.facts, torch.device("cpu"), step=0, epoch=0
    )


def losses(observer: SnapshotObserver, request_at: int) -> tuple[list[float], list[int]]:
    """Return a run's losses and the steps at which a probe started in another thread."""
    all_losses: list[float] = []
    copied_steps = []
    threads = []
    for event in train(make_project(), RunOptions(threads=1, seed=3), observers=[observer]):
        if isinstance(event, StepsDone):
            all_losses += [float(loss) for loss in event.losses]
            if event.last_step >= request_at and not copied_steps:
                observer.request_copy()
        if isinstance(event, Snapshot) and isinstance(event.payload, SnapshotReady):
            copied_steps.append(event.payload.step)
            copy = observer.take_copy()
            assert copy is not None
            threads.append(
                Thread(target=probe_layer, args=(copy, make_project(), ProbeChoice("relu_2")))
            )
            threads[-1].start()
    for thread in threads:
        thread.join()
    assert isinstance(event, Finished), event
    return all_losses, copied_steps


def test_untrained_networks_score_the_same() -> None:
    result = probe_layer(untrained_view(), make_project(), ProbeChoice("linear_1"))
    assert result.trained.accuracy == result.untrained.accuracy > result.chance + 0.2
    assert np.array_equal(result.trained.plane, result.untrained.plane)
    assert result.trained.plane.shape == (result.tested, 2)
    assert len(result.labels) == result.tested
    assert (result.labelled, result.draws, result.width) == (100, 5, 12)
    assert result.layers[0] == "conv2d_1"


def test_zero_per_class_uses_all_labels_once() -> None:
    result = probe_layer(untrained_view(), make_project(), ProbeChoice("relu_1", 0))
    assert (result.labelled, result.draws) == (len(untrained_view().subsets["train"]), 1)
    assert result.trained.spread == 0


def test_wide_layers_are_averaged_over_positions() -> None:
    rows = embed(untrained_view(), untrained_view().subsets["test"], "conv2d_1", width=30)
    unpooled = embed(untrained_view(), untrained_view().subsets["test"], "conv2d_1")
    assert (rows.shape[1], unpooled.shape[1]) == (6 * 4, 6 * 36)
    first = unpooled.reshape(-1, 6, 6, 6)[:, :, :3, :3].mean((2, 3))
    np.testing.assert_allclose(rows.reshape(-1, 6, 4)[:, :, 0], first, rtol=1e-4, atol=1e-5)


def test_plane_keeps_the_directions_of_most_variance() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(200, 4)).astype(np.float32) * np.array([0.1, 9, 0.1, 3], np.float32)
    plane, explained = project_to_plane(rows)
    assert explained > 0.99
    assert abs(np.corrcoef(plane[:, 0], rows[:, 1])[0, 1]) > 0.99
    assert abs(np.corrcoef(plane[:, 1], rows[:, 3])[0, 1]) > 0.99
    assert np.array_equal(project_to_plane(rows[:, :1])[0][:, 1], np.zeros(200))


def test_data_without_classes_and_unknown_layers_are_rejected() -> None:
    view = untrained_view()
    with pytest.raises(ValueError, match="no layer 'nowhere'"):
        probe_layer(view, make_project(), ProbeChoice("nowhere"))
    subsets = {name: replace(subset, target=None) for name, subset in view.subsets.items()}
    with pytest.raises(ValueError, match="no class label per sample"):
        probe_layer(replace(view, subsets=subsets), make_project(), ProbeChoice())


def test_probing_during_training_changes_no_loss() -> None:
    probed, copied_steps = losses(SnapshotObserver(), request_at=4)
    undisturbed, no_steps = losses(SnapshotObserver(), request_at=10_000)
    assert copied_steps
    assert not no_steps
    assert probed == undisturbed


def test_copy_is_returned_once_and_does_not_change() -> None:
    view = untrained_view()
    observer = SnapshotObserver()
    observer.request_copy()
    assert observer.wants(1, 1)
    assert observer.observe(view) == SnapshotReady(0)
    assert not observer.wants(2, 1)
    copy = observer.take_copy()
    assert copy is not None
    assert observer.take_copy() is None
    assert copy.objective.main.module is not view.objective.main.module
