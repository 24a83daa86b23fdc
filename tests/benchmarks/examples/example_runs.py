"""Trains examples with the studio's loop and caches the results.

Finished runs are read from the cache and interrupted ones resumed. The weights of long runs are
kept beside the results.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import dlstudio
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import dumps, load
from dlstudio.network.weights.weights import fingerprint_file
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.events import Failed, Finished, RunOptions, Started
from tests.benchmarks.examples.targets import ExampleSpec, Metrics, TrainedExample

STORE = Path(__file__).resolve().parents[3] / ".benchmarks" / "examples"
TRAINED_BY = ("design", "layers", "network", "data", "training")
SEEDS = (0, 1, 2)
LONG = 60.0
"""Runs of at least this many seconds are measured with one seed only."""


@dataclass(frozen=True)
class Record:
    """The result of a finished run.

    Attributes:
        key: Fingerprint of the design and of the code that trained it.
        seconds: Time spent training and evaluating.
    """

    example: str
    seed: int
    key: str
    seconds: float
    figures: Metrics


class Trainer:
    """Trains examples, or reads their cached results, until its time limit."""

    def __init__(
        self, seconds: float, store: Path = STORE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Set the time limit and the folder of the cache."""
        self._clock = clock
        self._end = clock() + seconds
        self._store = store
        self._results = store / "results.jsonl"

    def records(self, name: str, spec: ExampleSpec) -> Iterator[Record | None]:
        """Yield the results of an example for each seed; None, and then no more, at the limit."""
        for seed in SEEDS:
            record = self._stored_record(name, spec, seed) or self._measure(name, spec, seed)
            yield record
            if record is None or record.seconds >= LONG:
                return

    def weights(self, name: str, spec: ExampleSpec) -> Path:
        """Return the path of an example's weights, written after a long run."""
        return self._store / f"{name}-{_fingerprint(name, spec)}.safetensors"

    def _stored_record(self, name: str, spec: ExampleSpec, seed: int) -> Record | None:
        if not self._results.exists():
            return None
        identity = (name, seed, _fingerprint(name, spec))
        for line in reversed(self._results.read_text(encoding="utf-8").splitlines()):
            record = Record(**json.loads(line))
            if (record.example, record.seed, record.key) == identity:
                return record
        return None

    def _measure(self, name: str, spec: ExampleSpec, seed: int) -> Record | None:
        if self._clock() >= self._end:
            return None
        key = _fingerprint(name, spec)
        folder = self._store / f"{name}-{seed}-{key}"
        outcome = self._train(name, spec, seed, folder)
        if outcome is None:
            return None
        finished, figures = outcome
        project = spec.change(load(example_path(name)))
        example = TrainedExample(project, seed, Path(finished.weights_file))
        seconds = finished.seconds + finished.evaluation_seconds
        record = Record(name, seed, key, seconds, {**figures, **spec.measure(example)})
        if seconds >= LONG:
            shutil.copyfile(finished.weights_file, self.weights(name, spec))
        with self._results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(record)) + "\n")
        shutil.rmtree(folder)
        return record

    def _train(
        self, name: str, spec: ExampleSpec, seed: int, folder: Path
    ) -> tuple[Finished, Metrics] | None:
        """Return the last event and the metrics; None if the time limit stopped the run."""
        control = Control(has_operator=False)
        options = RunOptions(
            device="cpu",
            threads=1,
            seed=seed,
            run_dir=str(folder),
            resume=folder.exists(),
            initial_weights=str(spec.weights or ""),
        )
        figures: dict[str, float] = {}
        for event in train(spec.change(load(example_path(name))), options, control):
            if isinstance(event, Started):
                figures["parameters"] = event.parameters
            elif isinstance(event, Failed):
                raise RuntimeError(f"{name}: {event.text}")
            elif isinstance(event, Finished) and event.reason != "stopped":
                figures.update(event.metrics)
                return event, figures
            if self._clock() >= self._end and not control.stop_requested():
                control.send("stop")
        return None


def _fingerprint(name: str, spec: ExampleSpec) -> str:
    """Return a hash of the trained design, its initial weights, and the code that is run."""
    project = replace(spec.change(load(example_path(name))), weights=None)
    measuring_code = Path(spec.measure.__code__.co_filename).read_text(encoding="utf-8")
    initial_weights = fingerprint_file(spec.weights) if spec.weights else ""
    text = dumps(project) + measuring_code + _code_fingerprint() + initial_weights
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def _code_fingerprint() -> str:
    package = Path(dlstudio.__file__).parent
    digest = hashlib.sha256()
    for folder in TRAINED_BY:
        for path in sorted((package / folder).rglob("*.py")):
            if path == package / "design" / "library" / "examples.py":
                continue
            digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
