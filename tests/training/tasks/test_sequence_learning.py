"""Recurrent networks learn the synthetic sequence tasks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.nn import functional

from dlstudio.data.core.batches import Batch
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import Optimiser
from dlstudio.design.model.values import Ref
from dlstudio.network.check.inference import Checker
from dlstudio.training.metrics.batch_result import SINGLE_PHASE
from dlstudio.training.protocol.events import Failed, Finished
from dlstudio.training.readiness.check import check_project
from tests.training.token_designs import EMBEDDING, build_objective, problem_codes, token_design
from tests.training.training_designs import chain, run_training, single_event, with_optimiser

COPYING = DataSettings("copy-memory", {"samples": 600, "symbols": 1, "delay": 3})
PER_STEP_LAYERS: Any = (
    EMBEDDING,
    ("gru", {"hidden_size": 32}),
    ("linear", {"out_features": Ref("classes")}),
)


def regression_design(layers: Any, data: DataSettings, **training: Any) -> Project:
    project = chain(layers, task="regression", loss="mse", **training)
    nodes = dict(project.graph.nodes)
    nodes["output_1"] = replace(nodes["output_1"], settings={"role": "value"})
    project = replace(project, graph=replace(project.graph, nodes=nodes), data=data)
    return with_optimiser(project, Optimiser("adam", 0.01))


def test_sum_of_a_short_sequence_is_learned() -> None:
    data = DataSettings("adding", {"samples": 3000, "length": 8})
    layers = (("gru", {"hidden_size": 32}), ("last_step", {}), ("linear", {"out_features": 1}))
    project = regression_design(layers, data, epochs=10)
    assert problem_codes(project) == []
    last = single_event(run_training(project), Finished).metrics
    assert last["test_loss"] < 0.03, "guessing the mean costs 1/6"


def test_review_sentiment_with_negations_is_learned() -> None:
    data = DataSettings("reviews", {"samples": 2000})
    layers = (
        EMBEDDING, ("gru", {"hidden_size": 32}), ("last_step", {}),
        ("linear", {"out_features": Ref("classes")}),
    )  # fmt: skip
    project = token_design(layers, data, "class scores", epochs=8)
    assert problem_codes(project) == []
    assert single_event(run_training(project), Finished).metrics["test_accuracy"] > 0.95


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_subgroups_have_their_own_metrics(share: float) -> None:
    data = DataSettings("reviews", {"samples": 600, "negated": share})
    layers = (EMBEDDING, ("mean", {"axis": 0}), ("linear", {"out_features": Ref("classes")}))
    last = single_event(
        run_training(token_design(layers, data, "class scores", epochs=12)), Finished
    ).metrics
    for subset in ("validation", "test"):
        overall, subgroup = (last.get(f"{subset}_{name}accuracy") for name in ("", "negated_"))
        if share == 0.4:
            assert subgroup is not None
            assert subgroup < overall, "an average cannot represent negation"
        else:
            assert subgroup == (overall if share else None)


def test_forecast_beats_the_last_value() -> None:
    data = DataSettings("series", {"samples": 1500, "window": 24, "horizon": 6})
    layers = (("flatten", {}), ("linear", {"out_features": 32}), ("relu", {}),
              ("linear", {"out_features": Ref("horizon")}))  # fmt: skip
    project = regression_design(layers, data, epochs=6)
    assert problem_codes(project) == []
    assert single_event(run_training(project), Finished).metrics["test_r2"] > 0.9


@pytest.mark.parametrize("size", [1, 24])
def test_forecast_of_wrong_length_is_a_problem(size: int) -> None:
    data = DataSettings("series", {"samples": 1500, "window": 24, "horizon": 6})
    project = regression_design((("flatten", {}), ("linear", {"out_features": size})), data)
    assert problem_codes(project) == ["output-size"]


def test_classes_of_each_step_are_learned() -> None:
    project = token_design(PER_STEP_LAYERS, COPYING, "class scores", epochs=12)
    assert problem_codes(project) == []
    last = single_event(run_training(project), Finished).metrics
    assert last["test_accuracy"] > 0.98, "predicting only blanks gives 0.8"


def test_each_step_has_equal_weight() -> None:
    objective = build_objective(token_design(PER_STEP_LAYERS, COPYING, "class scores"))
    tokens, target = torch.randint(0, 10, (2, 7, 5))
    batch = Batch({"tokens": tokens}, target)
    scores = objective.main.module(tokens)
    scored = objective.score(batch, SINGLE_PHASE[0])
    assert torch.allclose(scored.loss, functional.cross_entropy(scores.movedim(2, 1), target))
    metrics = objective.create_metrics(torch.device("cpu"))
    metrics.update(scored)
    expected = (scores.argmax(2) == target).double().mean().item()
    assert metrics.compute()["accuracy"] == pytest.approx(expected)
    assert scored.samples == 7


@pytest.mark.parametrize(
    ("layers", "fixable"),
    [
        ((*PER_STEP_LAYERS[:2], ("linear", {"out_features": 4})), True),
        ((*PER_STEP_LAYERS, ("permute", {"axes": (1, 0)})), True),
        ((*PER_STEP_LAYERS[:2], ("last_step", {}), PER_STEP_LAYERS[2]), False),
    ],
    ids=["classes", "transposed", "last"],
)
def test_scores_of_wrong_shape_are_reported_and_fixed(layers: Any, fixable: bool) -> None:
    project = token_design(layers, COPYING, "class scores", epochs=1)
    (problem,) = check_project(project, Checker()).problems
    assert problem.code == "output-steps"
    if fixable:
        assert problem_codes(apply_repair(project, problem.repairs[0])) == []
    assert single_event(run_training(project), Failed).text
