from __future__ import annotations

import numpy as np

from dlstudio.gui.plots.activations.activation_history import ActivationHistory
from dlstudio.insight.activations.activation_views import ActivationView, SampleChoice
from dlstudio.insight.activations.summaries import layer_view


def activation_view(step: int, index: int = 0) -> ActivationView:
    import torch

    layer = layer_view(torch.zeros(1, 256))
    return ActivationView(
        step, SampleChoice("test", index), 9, ("test",), None, "", -1, np.zeros(2, np.float32), (),
        {"linear_1": layer},
    )  # fmt: skip


def test_history_is_bounded_and_covers_the_whole_run() -> None:
    view_bytes = activation_view(0).nbytes
    history = ActivationHistory(max_bytes=20 * view_bytes)
    for step in range(1, 1001):
        history.add(activation_view(step))
        assert sum(view.nbytes for view in history.views) <= 20 * view_bytes
    steps = [view.step for view in history.views]
    assert steps == sorted(steps)
    assert steps[0] == 1
    assert steps[-1] == 1000
    gaps = np.diff(steps)
    assert gaps.max() <= 4 * np.median(gaps)


def test_another_sample_clears_the_history() -> None:
    history = ActivationHistory()
    history.add(activation_view(1))
    history.add(activation_view(2, index=5))
    assert [view.step for view in history.views] == [2]


def test_earlier_step_drops_later_views() -> None:
    history = ActivationHistory()
    for step in (10, 20, 30, 15):
        history.add(activation_view(step))
    assert [view.step for view in history.views] == [10, 15]
