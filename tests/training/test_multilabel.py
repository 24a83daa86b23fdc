"""Several labels at once, from a table's columns of 0 and 1 to figures of whole rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from dlstudio.data.batches import Batch
from dlstudio.data.load import load_data
from dlstudio.design.data_settings import DataSettings
from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.design.model import Project
from dlstudio.design.problems import Problem
from dlstudio.design.repairs import apply_repair
from dlstudio.design.signals import Signal
from dlstudio.design.values import Ref
from dlstudio.network.compile import compile_design
from dlstudio.network.inference import Checker
from dlstudio.training.events import EpochDone, Failed, Finished
from dlstudio.training.objective import WHOLE
from dlstudio.training.readiness import check_project
from dlstudio.training.tasks.choose import choose_objective
from tests.training.training_designs import chain, every, follow, only

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


def labelling(data: DataSettings, layers: Any = LAYERS, **training: Any) -> Project:
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
def test_a_batch_costs_the_mean_over_labels(table: DataSettings, sigmoid: bool) -> None:
    project = labelling(table, [*LAYERS, *([("sigmoid", {})] if sigmoid else [])])
    assert table.facts is not None
    objective = choose_objective(project.training, compile_design(project, table.facts))
    samples, target = torch.randn(50, 2), torch.randint(0, 2, (50, 3)).float()
    scored = objective.score(Batch({"samples": samples}, target), WHOLE[0])
    output = objective.main.module(samples)
    expected = output if sigmoid else torch.sigmoid(output)
    torch.testing.assert_close(scored.loss, functional.binary_cross_entropy(expected, target))
    correct = (expected > 0.5) == (target > 0.5)
    assert scored.figures["label_accuracy"].item() == pytest.approx(correct.float().mean().item())
    assert scored.figures["rows_right"].item() == pytest.approx(
        correct.all(1).float().mean().item()
    )
    probabilities = objective.read_out(output[0], 0)
    assert probabilities is not None
    torch.testing.assert_close(probabilities, expected[0])


def test_a_wrong_number_of_scores_is_mended_by_one_click(table: DataSettings) -> None:
    broken = labelling(table, [*LAYERS[:2], ("linear", {"out_features": 5})])
    problem = problems(broken)["output-size"]
    assert "3 scores" in problem.text
    assert problems(apply_repair(broken, problem.repairs[0])) == {}


def test_data_of_another_kind_is_mended_by_one_click(table: DataSettings) -> None:
    digits = [("flatten", {}), ("linear", {"out_features": Ref("classes")})]
    for broken in (
        labelling(DataSettings("digits"), digits),
        labelling(table, LAYERS, task="classification", loss="cross-entropy"),
    ):
        problem = problems(broken)["task-mismatch"]
        assert "task-mismatch" not in problems(apply_repair(broken, problem.repairs[0]))
    squared = labelling(table, LAYERS, task="regression", loss="mse")
    assert "task-mismatch" not in problems(squared)


def test_pictures_that_ask_for_labels_set_the_task_by_one_click() -> None:
    valid = load(example_path("shapes-labels"))
    training = replace(valid.training, task="segmentation", loss="cross-entropy")
    broken = replace(valid, training=training)
    fixed = apply_repair(broken, problems(broken)["task-mismatch"].repairs[0])
    assert fixed.training.task == "multi-label"
    assert problems(fixed) == {}


def test_a_loss_of_numbers_is_refused_with_a_remedy(table: DataSettings) -> None:
    broken = labelling(table, loss="mse")
    assert problems(apply_repair(broken, problems(broken)["loss-mismatch"].repairs[0])) == {}


def test_the_loop_says_in_words_what_does_not_fit(table: DataSettings) -> None:
    few = labelling(table, [("linear", {"out_features": 2})])
    assert "2 scores for a sample, but there are 3 labels" in only(follow(few), Failed).text
    flat = [("flatten", {}), ("linear", {"out_features": Ref("classes")})]
    digits = labelling(DataSettings("digits"), flat)
    assert "several columns of 0 and 1" in only(follow(digits), Failed).text


def test_it_learns_whole_rows(table: DataSettings) -> None:
    events = follow(labelling(table, epochs=40, batch_size=16))
    first, last = every(events, EpochDone)[0].metrics, only(events, Finished).metrics
    assert set(last) >= {"train_rows_right", "validation_label_accuracy", "test_label_accuracy"}
    assert last["test_rows_right"] > max(first["validation_rows_right"] + 0.2, 0.8)
    assert last["test_label_accuracy"] >= last["test_rows_right"]
