"""Multi-label classification: data, loss, metrics, problems and training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from dlstudio.data.core.batches import Batch
from dlstudio.data.load import load_data
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import Signal
from dlstudio.design.model.values import Ref
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.metrics.batch_result import SINGLE_PHASE
from dlstudio.training.protocol.events import EpochDone, Finished
from dlstudio.training.readiness.check import check_project
from dlstudio.training.tasks.registry import create_objective
from tests.training.training_designs import (
    chain,
    events_of,
    refusal_codes,
    run_training,
    share_of,
    single_event,
)

LAYERS = [
    ("linear", {"out_features": 16}), ("relu", {}), ("linear", {"out_features": Ref("labels")}),
]  # fmt: skip
COLUMNS = {"warm": "value", "tall": "value", "both": "value"}


@pytest.fixture
def table(tmp_path: Path) -> DataSettings:
    source = np.random.default_rng(0)
    heat, height = source.normal(size=(2, 400))
    lines = ["heat,height,warm,tall,both"]
    for a, b in zip(heat, height, strict=True):
        lines.append(f"{a:.3f},{b:.3f},{a > 0:d},{b > 0:d},{a > 0 and b > 0:d}")
    path = tmp_path / "labels.csv"
    path.write_text("\n".join(lines))
    settings = DataSettings("csv", {"path": str(path), "columns": COLUMNS})
    return replace(settings, facts=load_data(settings).facts)


def multilabel_design(data: DataSettings, layers: Any = LAYERS, **training: Any) -> Project:
    settings = {"task": "multi-label", "loss": "binary", **training}
    return replace(chain(layers, **settings), data=data)


def problems(project: Project) -> dict[str, Problem]:
    return {problem.code: problem for problem in check_project(project, Checker()).problems}


def test_columns_of_0_and_1_are_labels(table: DataSettings) -> None:
    data = load_data(table)
    assert data.facts.target == Signal((3,), "float32", "labels")
    assert data.facts.numbers["labels"] == 3
    assert data.train.target is not None
    assert data.train.target.dtype == torch.float32
    heights = replace(table, options={**table.options, "columns": {"warm": "value",
                                                                  "height": "value"}})  # fmt: skip
    facts = load_data(heights).facts
    assert facts.target is not None
    assert facts.target.meaning == "value"
    assert "labels" not in facts.numbers


@pytest.mark.parametrize("sigmoid", [False, True])
def test_loss_is_the_mean_over_labels(table: DataSettings, sigmoid: bool) -> None:
    project = multilabel_design(table, [*LAYERS, *([("sigmoid", {})] if sigmoid else [])])
    assert table.facts is not None
    objective = create_objective(project.training, compile_design(project, table.facts))
    samples, target = torch.randn(50, 2), torch.randint(0, 2, (50, 3)).float()
    scored = objective.score(Batch({"samples": samples}, target), SINGLE_PHASE[0])
    output = objective.main.module(samples)
    expected = output if sigmoid else torch.sigmoid(output)
    torch.testing.assert_close(scored.loss, functional.binary_cross_entropy(expected, target))
    correct = (expected > 0.5) == (target > 0.5)
    assert share_of(scored, "label_accuracy") == pytest.approx(correct.double().mean().item())
    whole = correct.all(1).double().mean().item()
    assert share_of(scored, "rows_right") == pytest.approx(whole)
    probabilities = objective.to_predictions(output[0], 0)
    assert probabilities is not None
    torch.testing.assert_close(probabilities, expected[0])


def test_wrong_number_of_scores_is_fixed(table: DataSettings) -> None:
    broken = multilabel_design(table, [*LAYERS[:2], ("linear", {"out_features": 5})])
    problem = problems(broken)["output-size"]
    assert "3 scores" in problem.text
    assert problems(apply_repair(broken, problem.repairs[0])) == {}


def test_task_mismatch_is_fixed(table: DataSettings) -> None:
    digits = [("flatten", {}), ("linear", {"out_features": Ref("classes")})]
    for broken in (
        multilabel_design(DataSettings("digits"), digits),
        multilabel_design(table, LAYERS, task="classification", loss="cross-entropy"),
    ):
        problem = problems(broken)["task-mismatch"]
        assert "task-mismatch" not in problems(apply_repair(broken, problem.repairs[0]))
    squared = multilabel_design(table, LAYERS, task="regression", loss="mse")
    assert "task-mismatch" not in problems(squared)


def test_images_with_labels_fix_the_task() -> None:
    valid = load(example_path("shapes-labels"))
    training = replace(valid.training, task="segmentation", loss="cross-entropy")
    broken = replace(valid, training=training)
    fixed = apply_repair(broken, problems(broken)["task-mismatch"].repairs[0])
    assert fixed.training.task == "multi-label"
    assert problems(fixed) == {}


def test_regression_loss_is_rejected_with_a_fix(table: DataSettings) -> None:
    broken = multilabel_design(table, loss="mse")
    assert problems(apply_repair(broken, problems(broken)["loss-mismatch"].repairs[0])) == {}


def test_run_fails_with_the_text_of_the_check(table: DataSettings) -> None:
    too_few_scores = multilabel_design(table, [("linear", {"out_features": 2})])
    assert refusal_codes(too_few_scores) == {"output-size"}
    flat = [("flatten", {}), ("linear", {"out_features": Ref("classes")})]
    digits = multilabel_design(DataSettings("digits"), flat)
    assert "task-mismatch" in refusal_codes(digits)


def test_all_labels_of_a_sample_are_learned(table: DataSettings) -> None:
    events = run_training(multilabel_design(table, epochs=40, batch_size=16))
    first, last = events_of(events, EpochDone)[0].metrics, single_event(events, Finished).metrics
    assert set(last) >= {"train_rows_right", "validation_label_accuracy", "test_label_accuracy"}
    assert last["test_rows_right"] > max(first["validation_rows_right"] + 0.2, 0.8)
    assert last["test_label_accuracy"] >= last["test_rows_right"]
