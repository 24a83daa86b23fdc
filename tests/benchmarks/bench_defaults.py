"""Networks trained with every default, against linear models of scikit-learn on the same split."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from dlstudio.data.load import load_data
from dlstudio.design import edits
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.model import Project, new_project
from dlstudio.design.model.values import Ref
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import Failed, Finished, RunOptions
from tests.benchmarks.rows import ResultRow
from tests.benchmarks.unseen_tables import UNSEEN_TABLES, write_table

SEEDS = range(5)
HIDDEN = 64
TOLERANCE = 0.02
R2_TOLERANCE = 0.05
MINIMUM_ACCURACY = {
    "iris": 0.92,
    "wine": 0.95,
    "breast-cancer": 0.95,
    "digits": 0.95,
    "moons": 0.97,
    "spirals": 0.95,
    "xor": 0.95,
}
"""Least test accuracy of a network with one hidden layer."""
SOURCES = (*MINIMUM_ACCURACY, "circles", "gaussians", "ring", "movie", "diabetes")
DEFAULT_DATA = new_project().data


@dataclass(frozen=True)
class Outcome:
    """Test scores, one for each seed of the split: accuracy, or R² of a regression.

    Attributes:
        minimal: Scores of the network without a hidden layer.
        hidden: Scores of the network with one hidden layer.
        linear: Scores of scikit-learn's linear model on the same splits.
        sample: Weight of one test sample in an accuracy; 0 for a regression.
    """

    minimal: tuple[float, ...]
    hidden: tuple[float, ...]
    linear: tuple[float, ...]
    sample: float


def defaults() -> Iterator[ResultRow]:
    """Yield two rows for each source: the minimal network, and one with a hidden layer."""
    for name in SOURCES:
        outcome = _measure(
            lambda seed, name=name: replace(DEFAULT_DATA, source=name, split=Split(seed=seed))
        )
        yield from _rows(name, outcome)
    with TemporaryDirectory() as folder:
        for name in UNSEEN_TABLES:
            path = write_table(name, Path(folder))
            outcome = _measure(
                lambda seed, path=path: replace(
                    DEFAULT_DATA,
                    source="csv",
                    options={"path": str(path)},
                    split=Split(seed=seed),
                )
            )
            yield from _rows(f"{name}.csv", outcome)


def _rows(name: str, outcome: Outcome) -> Iterator[ResultRow]:
    is_regression = not outcome.sample
    hidden = f"{name}: one hidden layer of {HIDDEN}"
    tolerance = max(TOLERANCE, outcome.sample)
    yield _row(f"{name}: linear network", outcome.minimal, outcome.linear, tolerance)
    if name in MINIMUM_ACCURACY:
        limit, score = MINIMUM_ACCURACY[name], median(outcome.hidden)
        yield ResultRow(hidden, f">= {limit:.3f}", f"{score:.3f}", score >= limit - 1e-9)
    else:
        tolerance = R2_TOLERANCE if is_regression else tolerance
        yield _row(hidden, outcome.hidden, outcome.linear, tolerance)


def _row(
    name: str, scores: Sequence[float], linear: Sequence[float], tolerance: float
) -> ResultRow:
    """Compare scores with those of the linear model, split by split."""
    difference = median(ours - theirs for ours, theirs in zip(scores, linear, strict=True))
    seen = f"{median(scores):.3f} ({difference:+.3f})"
    limit = f"linear model {median(linear):.3f} - {tolerance:.3f}"
    return ResultRow(name, limit, seen, difference >= -tolerance - 1e-9)


def _measure(settings_of: Callable[[int], DataSettings]) -> Outcome:
    minimal, hidden, linear, sample = [], [], [], 0.0
    for seed in SEEDS:
        settings = settings_of(seed)
        data = load_data(settings)
        settings = replace(settings, facts=data.facts)
        is_regression = not data.facts.class_names
        minimal.append(_train(_network(settings, (), is_regression=is_regression)))
        hidden.append(_train(_network(settings, (HIDDEN,), is_regression=is_regression)))
        linear.append(_linear_score(settings))
        assert data.test is not None
        sample = 0.0 if is_regression else 1 / len(data.test)
    return Outcome(tuple(minimal), tuple(hidden), tuple(linear), sample)


def _network(settings: DataSettings, hidden: tuple[int, ...], *, is_regression: bool) -> Project:
    """Return a design as the window builds it, with every training setting at its default."""
    project = edits.set_data(new_project(), settings)
    if is_regression:
        training = replace(project.training, task="regression", loss="mse")
        project = edits.set_training(project, training)
    role = "value" if is_regression else "class scores"
    outputs = 1 if is_regression else Ref("classes")
    layers = [("input", {}), ("flatten", {})]
    for size in hidden:
        layers += [("linear", {"out_features": size}), ("relu", {})]
    layers += [("linear", {"out_features": outputs}), ("output", {"role": role})]
    last = None
    for kind, values in layers:
        project, last = edits.append_after(project, last, kind)
        if values:
            project = edits.set_settings(project, (last,), values)
    return project


def _train(project: Project) -> float:
    """Return the test accuracy, or R², at the end of a run."""
    for event in train(project, RunOptions(threads=1)):
        if isinstance(event, Failed):
            raise RuntimeError(event.text)
        if isinstance(event, Finished):
            name = "test_r2" if project.training.task == "regression" else "test_accuracy"
            return event.metrics[name]
    raise RuntimeError("the run ended without a result")


def _linear_score(settings: DataSettings) -> float:
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.preprocessing import StandardScaler

    data = load_data(settings)
    assert data.test is not None
    train_inputs, test_inputs = (
        np.asarray(subset.inputs["samples"], float).reshape(len(subset), -1)
        for subset in (data.train, data.test)
    )
    scaler = StandardScaler().fit(train_inputs)
    targets, test_targets = (np.asarray(part.target).ravel() for part in (data.train, data.test))
    model = (
        LogisticRegression(max_iter=5000)
        if data.facts.class_names
        else RidgeCV(np.logspace(-2, 3, 20))
    )
    model.fit(scaler.transform(train_inputs), targets)
    return float(model.score(scaler.transform(test_inputs), test_targets))


BENCHMARKS: Mapping[str, Callable[[], Iterator[ResultRow]]] = {"defaults": defaults}
