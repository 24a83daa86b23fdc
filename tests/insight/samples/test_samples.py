"""Samples that a network generates during a run; sampling must not change training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dlstudio.design.edits import append_after, set_data, set_training
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Ref, Value
from dlstudio.insight.common.live_scheduler import LiveScheduler
from dlstudio.insight.samples.sample_views import SamplesView
from dlstudio.insight.samples.samples import SampleObserver
from dlstudio.training.loop.loop import train
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.events import Finished, RunOptions, Snapshot, StepsDone


def autoencoder(source: str = "digits", noise: float = 0.5) -> Project:
    layers: tuple[tuple[str, dict[str, Value]], ...] = (
        ("input", {}),
        ("flatten", {}),
        ("linear", {"out_features": 8}),
        ("dropout", {}),
        ("linear", {"out_features": Ref("features")}),
        *((("reshape", {"shape": (1, 8, 8)}),) if source == "digits" else ()),
        ("output", {"role": "reconstruction"}),
    )
    project, last = Project(), None
    for kind, settings in layers:
        project, last = append_after(project, last, kind, settings)
    project = set_data(project, DataSettings(source=source))
    return set_training(
        project,
        replace(
            project.training,
            task="reconstruction",
            loss="mse",
            epochs=2,
            task_settings={"noise": noise},
        ),
    )


def run(project: Project, *observers: SampleObserver) -> tuple[list[SamplesView], np.ndarray]:
    events = list(train(project, RunOptions(threads=1), observers=observers))
    assert isinstance(events[-1], Finished), events[-1]
    losses = np.concatenate([event.losses for event in events if isinstance(event, StepsDone)])
    return [event.payload for event in events if isinstance(event, Snapshot)], losses


class EveryStepObserver(SampleObserver):
    """An observer of every step."""

    def wants(self, step: int, epoch: int) -> bool:
        return True


def test_sampling_changes_no_loss() -> None:
    _, unobserved_losses = run(autoencoder())
    views, observed_losses = run(autoencoder(), EveryStepObserver())
    assert len(views) == len(unobserved_losses)
    np.testing.assert_array_equal(unobserved_losses, observed_losses)


def test_image_samples_have_input_output_and_target_rows() -> None:
    views, _ = run(autoencoder(), SampleObserver())
    view = views[-1]
    assert (view.form, view.paired) == ("pictures", True)
    assert [row.title for row in view.rows] == ["Input", "Output", "Target"]
    for row in view.rows:
        assert row.values.shape == (16, 8, 8, 1)
        assert row.values.dtype == np.uint8


def test_input_images_use_the_full_range() -> None:
    views, _ = run(autoencoder(noise=0.0), SampleObserver())
    inputs = views[0].rows[0].values
    assert inputs.min() == 0
    assert inputs.max() == 255


def test_table_is_shown_under_the_names_of_its_columns() -> None:
    views, _ = run(autoencoder("iris", noise=0.1), SampleObserver())
    assert views[-1].form == "texts"
    assert len(views[-1].captions) == 16
    for line in views[-1].captions:
        assert [name in line.text for name in ("sepal length", "petal width")] == [True, True]
        assert line.text.count(" (true ") == 4


def test_sample_on_copy_depends_on_the_seed() -> None:
    observer = SampleObserver()
    run(autoencoder(), observer)
    first, again, other = (
        observer.sample_on_copy(SampleRequest(seed=seed), 9) for seed in (1, 1, 2)
    )
    assert first is not None
    assert again is not None
    assert other is not None
    assert (first.step, first.seed) == (9, 1)
    np.testing.assert_array_equal(first.rows[0].values, again.rows[0].values)
    assert (first.rows[0].values != other.rows[0].values).any()


def test_unsupported_task_is_sampled_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlstudio.insight.samples.samples.sample_network", lambda *_: None)
    observer = SampleObserver()
    views, _ = run(autoencoder(), observer)
    assert views == []
    assert observer.is_unsupported
    assert not observer.wants(100, 1)
    assert observer.sample_on_copy(SampleRequest(), 1) is None


def test_sampling_rate_is_limited_by_its_cost() -> None:
    now = [0.0]
    observer = SampleObserver(LiveScheduler(lambda: now[0]))
    run(autoencoder(), observer)
    assert not observer.wants(10**6, 1)
    now[0] = 2.1
    assert observer.wants(10**6, 1)
    observer.request(SampleRequest(seed=4))
    now[0] = 0.0
    assert observer.wants(10**6, 1)


@pytest.mark.parametrize("count", [4, 30])
def test_count_sets_the_number_of_samples(count: int) -> None:
    observer = SampleObserver()
    observer.request(SampleRequest(count=count))
    views, _ = run(autoencoder(), observer)
    assert len(views[0].rows[0]) == count


def test_language_model_samples_are_text() -> None:
    project, last = Project(), None
    for kind, settings in (
        ("input", {"role": "tokens"}),
        ("embedding", {"num_embeddings": Ref("vocabulary"), "embedding_dim": 8}),
        ("linear", {"out_features": Ref("vocabulary")}),
        ("output", {"role": "next token"}),
    ):
        project, last = append_after(project, last, kind, settings)
    project = set_data(project, DataSettings("text", {"window": 40}))
    training = replace(project.training, task="next-token", epochs=1, batch_size=512)
    views, _ = run(set_training(project, training), SampleObserver())
    view = views[-1]
    assert (view.form, len(view)) == ("texts", 16)
    assert {tuple(span.kind for span in line.spans) for line in view.captions} == {
        ("given", "made")
    }
    assert {len(line.spans[1].text) for line in view.captions} == {40}


def test_many_points_are_sampled() -> None:
    views, _ = run(autoencoder("moons", noise=0.1), SampleObserver())
    assert views[-1].form == "points"
    assert len(views[-1].rows[0]) >= 70


def test_unwatched_run_samples_at_most_once() -> None:
    observer = SampleObserver(LiveScheduler(iter(range(0, 10**6, 10)).__next__))
    observer.is_watched = False
    views, _ = run(autoencoder(), observer)
    assert len(views) == 1
    assert observer.sample_on_copy(SampleRequest(), 9) is not None


def test_unknown_class_is_reported_and_sampling_continues() -> None:
    project = autoencoder()
    observer = EveryStepObserver()
    observer.request(SampleRequest(count=2, label=1_000_000))
    views, _ = run(project, observer)
    assert "There is no class 1000000: the data has 10" in views[0].error
    assert len(views) > 1
    assert not views[-1].error
