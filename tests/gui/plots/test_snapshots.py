from __future__ import annotations

import numpy as np

from dlstudio.gui.plots.snapshots import Snapshots
from dlstudio.insight.summaries import layer_view
from dlstudio.insight.views import ActivationView, SampleChoice


def view(step: int, index: int = 0) -> ActivationView:
    import torch

    layer = layer_view(torch.zeros(1, 256))
    return ActivationView(
        step, SampleChoice("test", index), 9, ("test",), None, "", -1, np.zeros(2, np.float32), (),
        {"linear_1": layer},
    )  # fmt: skip


def test_memory_is_bounded_and_the_whole_run_stays_covered() -> None:
    view_bytes = view(0).nbytes
    snapshots = Snapshots(most_bytes=20 * view_bytes)
    for step in range(1, 1001):
        snapshots.add(view(step))
        assert sum(snapshot.nbytes for snapshot in snapshots.views) <= 20 * view_bytes
    steps = [snapshot.step for snapshot in snapshots.views]
    assert steps == sorted(steps)
    assert steps[0] == 1
    assert steps[-1] == 1000
    gaps = np.diff(steps)
    assert gaps.max() <= 4 * np.median(gaps)


def test_another_sample_begins_anew() -> None:
    snapshots = Snapshots()
    snapshots.add(view(1))
    snapshots.add(view(2, index=5))
    assert [snapshot.step for snapshot in snapshots.views] == [2]


def test_going_back_in_time_drops_what_lay_beyond() -> None:
    snapshots = Snapshots()
    for step in (10, 20, 30, 15):
        snapshots.add(view(step))
    assert [snapshot.step for snapshot in snapshots.views] == [10, 15]
