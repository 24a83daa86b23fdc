"""Recorded norms of the layers equal those of torch, and recording does not affect training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dlstudio.design.model.model import Project
from dlstudio.insight.series import series_observer
from dlstudio.insight.series.series import (
    GRADIENT_NORM,
    UPDATE_RATIO,
    WEIGHT_NORM,
    Series,
    read_series,
)
from dlstudio.insight.series.series_observer import SeriesObserver
from dlstudio.insight.trace.step_trace import StepTrace
from dlstudio.training.loop.loop import train
from dlstudio.training.loop.pacing import Pacer
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.events import Event, Finished, RunOptions, Snapshot
from dlstudio.training.storage.runs import SERIES
from tests.insight.trace.test_trace_observer import TraceAt
from tests.training.generative_designs import diffusion_design, gan_design
from tests.training.training_designs import (
    NOISY_LAYERS,
    all_losses,
    chain,
    events_of,
    run_training,
    scripted_control,
    single_event,
)


class EveryStep(Pacer):
    """Never delays work."""

    is_due = True

    def __init__(self) -> None:
        super().__init__(1.0, 1.0)


def record(
    project: Project, run: Path, control: Control | None = None, *, resume: bool = False
) -> list[Event]:
    """Train while recording and tracing every step."""
    options = RunOptions(threads=1, run_dir=str(run), resume=resume)
    observers = (SeriesObserver(EveryStep()), TraceAt(*range(1, 1000)))
    return list(train(project, options, control, step_observers=observers))


def norm(arrays: list) -> float:
    return float(np.sqrt(sum(np.square(array, dtype=np.float64).sum() for array in arrays)))


def assert_equals_traces(series: Series, events: list[Event]) -> None:
    traces: list[StepTrace] = [snapshot.payload for snapshot in events_of(events, Snapshot)]
    assert series.steps.tolist() == [trace.step for trace in traces]
    for index, trace in enumerate(traces):
        layers = {path: layer for path, layer in trace.layers.items() if layer.parameters}
        assert list(series.values[WEIGHT_NORM]) == list(layers)
        for path, layer in layers.items():
            parameters = layer.parameters.values()
            before = norm([parameter.before for parameter in parameters])
            after = norm([parameter.after for parameter in parameters])
            update = norm([parameter.after - parameter.before for parameter in parameters])
            gradients = [
                next(g for g in reversed(parameter.gradients) if g is not None)
                for parameter in parameters
            ]
            quantities = (WEIGHT_NORM, GRADIENT_NORM, UPDATE_RATIO)
            values = [series.at(quantity, path)[index] for quantity in quantities]
            np.testing.assert_allclose(values, (after, norm(gradients), update / before), rtol=2e-4)


@pytest.mark.parametrize("project", [chain(NOISY_LAYERS, epochs=1), gan_design(epochs=1)])
def test_recorded_norms_equal_those_of_the_traced_steps(tmp_path: Path, project: Project) -> None:
    events = record(project, tmp_path / "run")
    series = read_series(tmp_path / "run")
    assert_equals_traces(series, events)
    assert series.units.keys() == series.values.keys()


@pytest.mark.parametrize("project", [chain(NOISY_LAYERS), gan_design(), diffusion_design()])
def test_recording_changes_no_loss(tmp_path: Path, project: Project) -> None:
    options = RunOptions(threads=1, run_dir=str(tmp_path / "run"))
    events = list(train(project, options, step_observers=[SeriesObserver(EveryStep())]))
    plain = run_training(project)
    assert all_losses(events) == all_losses(plain)
    assert single_event(events, Finished).metrics == single_event(plain, Finished).metrics
    assert read_series(tmp_path / "run").steps.tolist() == list(all_losses(plain))


def test_resuming_deletes_values_after_the_checkpoint(tmp_path: Path) -> None:
    run, project = tmp_path / "run", chain(NOISY_LAYERS, epochs=1)
    events = record(project, run, scripted_control(*["step"] * 3, "stop"))
    with (run / SERIES).open("ab") as file:
        file.write(b'{"step":4,"layers":{}}\n{"step":5,"lay')
    events += record(project, run, resume=True)
    assert_equals_traces(read_series(run), events)


def test_damaged_lines_are_skipped(tmp_path: Path) -> None:
    assert read_series("").steps.size == 0
    assert read_series(tmp_path).steps.size == 0
    lines = [
        b'{"step":1,"layers":{"a":[1.5,null,0.5]}}\n',
        b'{"step":2,"layers":{"a":[1]}}\n{"step":3}\n',
        b'{"step":4,"layers":{"b":[1.0,2.0,3.0]}}\n',
        b'{"step":5,"la',
    ]
    (tmp_path / SERIES).write_bytes(b"".join(lines))
    series = read_series(tmp_path)
    assert series.steps.tolist() == [1, 4]
    np.testing.assert_array_equal(series.at(WEIGHT_NORM, "a"), [1.5, np.nan])
    np.testing.assert_array_equal(series.at(GRADIENT_NORM, "b"), [np.nan, 2.0])


def test_series_are_recorded_only_if_a_view_needs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert series_observer.series_observers() == ()
    toy = type("Toy", (), {"input": "series"})()
    monkeypatch.setattr(series_observer, "VIEWS", {"toy": toy})
    (observer,) = series_observer.series_observers()
    assert isinstance(observer, SeriesObserver)


def test_run_without_a_folder_records_nothing() -> None:
    project = chain(NOISY_LAYERS, epochs=1)
    observers = [SeriesObserver(EveryStep())]
    events = list(train(project, RunOptions(threads=1), step_observers=observers))
    assert all_losses(events) == all_losses(run_training(project))
