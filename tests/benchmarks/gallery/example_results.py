"""Trains an example, or restores its stored weights, and measures its time and test metric.

Results are cached in `.benchmarks/gallery` by the fingerprint of the run.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from dlstudio.data.core.batches import Batches
from dlstudio.data.core.dataset import DataSet
from dlstudio.data.core.errors import DataError
from dlstudio.data.load import load_data
from dlstudio.design.library.example_results import run_fingerprint
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.insight.restored_network import RestoredNetwork, restore_network
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.events import Failed, Finished, RunOptions, Started, StepsDone
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.step.devices import Precision
from dlstudio.training.step.evaluate import BATCH_SIZE, evaluate
from dlstudio.training.storage.runs import WEIGHTS

STORE = Path(__file__).resolve().parents[3] / ".benchmarks" / "gallery"
TRIAL_SECONDS = 15.0
"""A network with stored weights is trained for this long to estimate the time of a whole run."""


@dataclass(frozen=True)
class ExampleResult:
    """What a run of an example took and reached.

    Attributes:
        fingerprint: Of the design that was trained.
        trained: Whether trained weights ship with the example.
        seconds: Time of a whole run on one thread; None if the data is not available.
        estimated: Whether `seconds` is extrapolated from the first steps.
        metrics: Metrics on the test subset, or the final ones of the run without a test subset.
    """

    fingerprint: str
    trained: bool
    seconds: float | None
    estimated: bool
    parameters: int
    metrics: Mapping[str, float]


def measure(name: str) -> ExampleResult:
    """Return the result of an example, trained now or read from the cache."""
    project = load(example_path(name))
    stored = read_result(name)
    if stored is not None and stored.fingerprint == run_fingerprint(project):
        return stored
    result = _measure(name, project)
    _result_file(name).parent.mkdir(parents=True, exist_ok=True)
    _result_file(name).write_text(json.dumps(asdict(result)), encoding="utf-8")
    return result


def read_result(name: str) -> ExampleResult | None:
    """Return the cached result of an example, whatever design it belongs to."""
    path = _result_file(name)
    if not path.exists():
        return None
    return ExampleResult(**json.loads(path.read_text(encoding="utf-8")))


def run_folder(name: str) -> Path:
    """Return the folder of the last run of an example."""
    return STORE / name / "run"


def restored(name: str) -> RestoredNetwork | None:
    """Return the trained network of an example; None if its data is not available."""
    project = load(example_path(name))
    weights = run_folder(name) / WEIGHTS
    if project.weights is not None:
        weights = example_path(name).parent / project.weights.file
    return restore_network(project, RunOptions(initial_weights=str(weights)))


def _measure(name: str, project: Project) -> ExampleResult:
    trained = project.weights is not None
    mark = run_fingerprint(project)
    try:
        data = load_data(project.data, download=False)
    except DataError:
        return ExampleResult(mark, trained, None, False, 0, {})
    if trained:
        seconds, parameters = _estimate_time(project)
        return ExampleResult(mark, trained, seconds, True, parameters, _test_metrics(name, data))
    started, finished = _train(name, project)
    seconds = finished.seconds + finished.evaluation_seconds
    return ExampleResult(mark, trained, seconds, False, started.parameters, finished.metrics)


def _train(name: str, project: Project) -> tuple[Started, Finished]:
    folder = run_folder(name)
    options = RunOptions(device="cpu", threads=1, run_dir=str(folder), resume=folder.exists())
    started: Started | None = None
    for event in train(project, options):
        if isinstance(event, Started):
            started = event
        elif isinstance(event, Failed):
            raise RuntimeError(f"{name}: {event.text}")
        elif isinstance(event, Finished) and started is not None:
            return started, event
    raise RuntimeError(f"{name}: the run did not finish")


def _estimate_time(project: Project) -> tuple[float | None, int]:
    """Return the seconds of a whole run, from those of its first steps, and the parameters."""
    control = Control(has_operator=False)
    options = RunOptions(device="cpu", threads=1)
    start, total, done, parameters = 0.0, 0, 0, 0
    for event in train(project, options, control):
        if isinstance(event, Started):
            start, parameters = time.monotonic(), event.parameters
            total = event.epochs * event.steps_per_epoch
        elif isinstance(event, StepsDone):
            done = event.last_step
            if time.monotonic() - start > TRIAL_SECONDS and not control.stop_requested():
                seconds = (time.monotonic() - start) * total / done
                control.send("stop")
                return seconds, parameters
    return (time.monotonic() - start, parameters) if done >= total > 0 else (None, parameters)


def _test_metrics(name: str, data: DataSet) -> Mapping[str, float]:
    network = restored(name)
    view = network.network.view if network is not None else None
    if view is None or data.test is None or TASKS[load(example_path(name)).training.task].views > 1:
        return {}
    batches = Batches(data.test, BATCH_SIZE, "cpu", data.normaliser, keep_single=True)
    precision = Precision(torch.device("cpu"), mixed=False)
    module = view.objective.compiled.module
    metrics = evaluate(module, batches, view.objective, precision)
    return {f"test_{metric}": value for metric, value in metrics.items()}


def _result_file(name: str) -> Path:
    return STORE / name / "result.json"
