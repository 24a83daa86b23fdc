from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from dlstudio.design.edits import append_after, set_training
from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Ref, Value
from dlstudio.insight.activations.activation_views import ActivationView, SampleChoice
from dlstudio.insight.activations.activations import ActivationObserver
from dlstudio.insight.activations.summaries import layer_view, make_thumbnail
from dlstudio.insight.common.eval_mode import eval_mode
from dlstudio.insight.common.live_scheduler import LiveScheduler
from dlstudio.training.loop.loop import train
from dlstudio.training.loop.observer import RunView
from dlstudio.training.protocol.events import Finished, RunOptions, Snapshot, StepsDone


def network(*, loss: str = "cross-entropy") -> Project:
    """Return a network with batch norm and dropout, which observing must not disturb."""
    layers: tuple[tuple[str, dict[str, Value]], ...] = (
        ("input", {}),
        ("conv2d", {"out_channels": 4, "padding": (1, 1)}),
        ("batch_norm2d", {}),
        ("relu", {}),
        ("dropout2d", {}),
        ("flatten", {}),
        ("dropout", {}),
        ("linear", {"out_features": Ref("classes")}),
        ("output", {}),
    )
    project, last = Project(), None
    for kind, settings in layers:
        project, last = append_after(project, last, kind, settings)
    return set_training(project, replace(project.training, epochs=2, loss=loss))


class EveryStepObserver(ActivationObserver):
    """An observer of every step that keeps the last view of the run."""

    last_view: RunView | None = None

    def wants(self, step: int, epoch: int) -> bool:
        return True

    def observe(self, view: RunView) -> ActivationView | None:
        self.last_view = view
        return super().observe(view)


def run(
    project: Project, *observers: ActivationObserver
) -> tuple[list[Snapshot], Finished, np.ndarray]:
    events = list(train(project, RunOptions(threads=1), observers=observers))
    losses = np.concatenate([event.losses for event in events if isinstance(event, StepsDone)])
    finished = events[-1]
    assert isinstance(finished, Finished), finished
    return [event for event in events if isinstance(event, Snapshot)], finished, losses


def test_observing_changes_no_loss_and_no_metric() -> None:
    project = network()
    _, unobserved, losses = run(project)
    snapshots, observed, observed_losses = run(project, EveryStepObserver(project.training))
    assert len(snapshots) >= len(losses)
    np.testing.assert_array_equal(losses, observed_losses)
    assert unobserved.metrics == observed.metrics


def test_capture_returns_layer_outputs() -> None:
    project = network()
    observer = EveryStepObserver(project.training)
    observer.select("conv2d_1", SampleChoice("train", 5))
    _, finished, _ = run(project, observer)
    view = observer.capture_on_copy("conv2d_1", SampleChoice("train", 5), finished.step)
    assert view is not None
    assert observer.last_view is not None
    module, subsets = observer.last_view.objective.main.module, observer.last_view.subsets
    raw = subsets["train"].inputs["samples"][5:6]
    with torch.no_grad(), eval_mode(module):
        sample = observer.last_view.normaliser.apply("samples", raw)
        maps = module.get_submodule("conv2d_1")(sample)
        scores = torch.softmax(module(sample), 1)
    layer = view.layers["conv2d_1"]
    assert layer.form == "maps"
    np.testing.assert_allclose(layer.values, maps[0].numpy(), rtol=1e-5)
    assert (layer.low, layer.high) == pytest.approx((float(maps.min()), float(maps.max())))
    assert layer.counts.sum() == maps.numel()
    np.testing.assert_allclose(view.scores, scores[0].numpy(), rtol=1e-4, atol=1e-7)
    assert view.target == int(subsets["train"].target[5])
    assert view.true_label == view.class_names[view.target]
    assert view.image is not None
    assert view.image.shape == (8, 8, 1)
    relu = view.layers["relu_1"]
    assert relu.zeros == pytest.approx(float(np.mean(relu.values == 0)))
    assert {"conv2d_1", "input_1"} <= view.thumbnails.keys()
    assert view.thumbnails["conv2d_1"].dtype == np.uint8
    assert view.layers["linear_1"].form == "vector"
    bars = view.thumbnails["linear_1"]
    assert bars.dtype == np.int8
    values = view.layers["linear_1"].values
    np.testing.assert_allclose(bars, 127 * values / np.abs(values).max(), atol=0.51)


@pytest.mark.parametrize("count", [1, 3, 55, 56, 57, 784])
def test_vector_thumbnail_keeps_the_extreme_values(count: int) -> None:
    values = torch.linspace(0.5, 1, count)
    values[count // 2] = -4
    bars = make_thumbnail(layer_view(values[None]))
    if count == 1:
        assert bars is None, "a single bar shows nothing"
        return
    assert bars is not None
    assert bars.shape == (min(count, 56),)
    assert bars[bars < 0].tolist() == [-127]
    assert bars.max() == 32
    assert abs(int(bars.argmin()) - len(bars) / 2) <= 1


@pytest.mark.parametrize("shape", [(7, 3), (300, 200), (1, 9)])
def test_sequence_thumbnail_is_an_image_over_time(shape: tuple[int, int]) -> None:
    steps, features = shape
    values = torch.arange(steps * features, dtype=torch.float32).reshape(1, steps, features)
    image = make_thumbnail(layer_view(values))
    assert image is not None
    assert image.dtype == np.uint8
    assert image.shape == (min(features, 28), min(steps, 118))
    assert (image.min(), image.max()) == (0, 255)
    assert (np.diff(image.astype(int), axis=1) >= 0).all()
    assert image[0, -1] > image[0, 0] or steps == 1


def test_sequence_of_one_number_has_no_thumbnail() -> None:
    assert make_thumbnail(layer_view(torch.ones(1, 1, 1))) is None
    flat = make_thumbnail(layer_view(torch.full((1, 4, 2), torch.nan)))
    assert flat is not None
    assert not flat.any()


def test_zero_vector_has_no_bars() -> None:
    for values in (torch.zeros(9), torch.full((9,), torch.nan)):
        bars = make_thumbnail(layer_view(values[None]))
        assert bars is not None
        assert not bars.any()


def test_new_selection_is_captured_at_once() -> None:
    now = [0.0]
    steps: list[int] = []

    class CountingObserver(ActivationObserver):
        def observe(self, view: RunView) -> ActivationView | None:
            steps.append(view.step)
            now[0] += 0.001
            return super().observe(view)

    observer = CountingObserver(network().training, LiveScheduler(lambda: now[0]))
    run(network(), observer)
    assert len(steps) == 1
    assert not observer.wants(10**6, 1)
    observer.select("relu_1", SampleChoice("test", 3))
    assert observer.wants(10**6, 1)
    now[0] += 10
    assert observer.wants(10**6 + 1, 1)


def test_eval_mode_restores_training_modes() -> None:
    module = torch.nn.Sequential(torch.nn.Dropout(), torch.nn.BatchNorm1d(3), torch.nn.ReLU())
    module.train()
    module[1].eval()
    with eval_mode(module):
        assert not any(submodule.training for submodule in module.modules())
    assert [submodule.training for submodule in module] == [True, False, True]
    assert module.training


def test_index_beyond_the_subset_wraps_around() -> None:
    project = network()
    observer = EveryStepObserver(project.training)
    _, finished, _ = run(project, observer)
    view = observer.capture_on_copy("", SampleChoice("validation", 10**6), finished.step)
    assert view is not None
    assert 0 <= view.choice.index < view.samples
    assert view.step == finished.step


def test_every_layer_is_timed_at_a_limited_rate() -> None:
    project = network()
    now = [0.0]
    views: list[ActivationView] = []

    class KeepingObserver(ActivationObserver):
        def observe(self, view: RunView) -> ActivationView | None:
            now[0] += 1.0
            result = super().observe(view)
            views.extend([result] if result else [])
            return result

    observer = KeepingObserver(project.training, LiveScheduler(lambda: now[0]))
    run(project, observer)
    assert not views[0].times or views[0].step
    times = views[-1].times
    assert {"conv2d_1", "batch_norm2d_1", "linear_1"} <= times.keys()
    assert all(0 < milliseconds < 10_000 for milliseconds in times.values())


def test_layer_times_include_a_slow_layer() -> None:
    from dlstudio.insight.activations.timing import fastest, layer_times

    observer = EveryStepObserver(network().training)
    run(network(), observer)
    assert observer.last_view is not None
    delay = 0.02

    def slow(*_: object) -> None:
        time.sleep(delay)

    module = observer.last_view.objective.main.module
    layer = module.get_submodule("relu_1")
    layer.forward, forward = lambda sample: (slow(), torch.relu(sample))[1], layer.forward
    with torch.inference_mode(), eval_mode(module):
        times = layer_times(observer.last_view, 32)
    layer.forward = forward
    assert times["relu_1"] >= 1000 * delay
    assert max(times, key=lambda path: times[path]) == "relu_1"
    assert fastest({"relu_1": 1.0}, times)["relu_1"] == 1.0
