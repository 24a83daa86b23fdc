"""What the examples on fit and imbalance say about their curves holds for three seeds."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from dlstudio.design.edits import insert_on_edge, set_settings
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.network.check.inference import Checker
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import EpochDone, Finished, RunOptions
from dlstudio.training.readiness.check import check_project

SEEDS = (0, 1, 2)


def epochs(project: Project, seed: int) -> list[dict[str, float]]:
    """Return the metrics of each epoch; the last ones include those of the test subset."""
    events = list(train(project, RunOptions("cpu", threads=1, seed=seed)))
    assert isinstance(events[-1], Finished), events[-1]
    curves = [dict(event.metrics) for event in events if isinstance(event, EpochDone)]
    curves[-1].update(events[-1].metrics)
    return curves


@pytest.mark.parametrize("seed", SEEDS)
def test_one_linear_layer_underfits_a_ring(seed: int) -> None:
    last = epochs(load(example_path("underfitting")), seed)[-1]
    for name in ("train_loss", "validation_loss"):
        assert last[name] == pytest.approx(math.log(2), abs=0.01)
    assert 0.4 <= last["train_accuracy"] <= 0.6


@pytest.mark.parametrize("seed", SEEDS)
def test_hidden_layer_ends_the_underfitting(seed: int) -> None:
    project = load(example_path("underfitting"))
    (edge,) = [key for key, edge in project.graph.edges.items() if edge.source == "input_1"]
    project, linear = insert_on_edge(project, edge, "linear")
    project = set_settings(project, [linear], {"out_features": 16})
    (edge,) = [key for key, edge in project.graph.edges.items() if edge.source == linear]
    project, _ = insert_on_edge(project, edge, "relu")
    assert epochs(project, seed)[-1]["test_accuracy"] >= 0.95


@pytest.mark.parametrize("seed", SEEDS)
def test_large_network_overfits_few_points(seed: int) -> None:
    project = load(example_path("overfitting"))
    assert check_project(project, Checker()).cost.parameters == 17_154
    curves = epochs(project, seed)
    losses = [metrics["validation_loss"] for metrics in curves]
    best = losses.index(min(losses))
    assert 30 <= best + 1 <= 55
    assert losses[-1] >= 2 * losses[best]
    assert curves[-1]["train_loss"] < 0.5 * curves[best]["train_loss"]
    assert curves[-1]["train_accuracy"] > 0.95
    assert curves[best]["validation_accuracy"] == pytest.approx(0.92, abs=0.015)
    assert curves[-1]["validation_accuracy"] == pytest.approx(0.88, abs=0.015)


@pytest.mark.parametrize("seed", SEEDS)
def test_class_weights_raise_the_balanced_accuracy(seed: int) -> None:
    project = load(example_path("imbalanced-moons"))
    weighted = epochs(project, seed)[-1]
    assert weighted["test_balanced_accuracy"] >= 0.85
    assert weighted["validation_balanced_accuracy"] >= 0.8
    assert weighted["test_accuracy"] < 0.95
    assert weighted["validation_accuracy"] < 0.95
    without = replace(project, training=replace(project.training, class_weights="none"))
    plain = epochs(without, seed)[-1]
    assert plain["test_accuracy"] == pytest.approx(0.95, abs=0.015)
    assert plain["validation_accuracy"] == pytest.approx(0.95, abs=0.015)
    assert plain["test_balanced_accuracy"] < 0.75
    assert plain["validation_balanced_accuracy"] < 0.75
    codes = [problem.code for problem in check_project(without, Checker()).problems]
    assert codes == ["imbalanced-classes"]
