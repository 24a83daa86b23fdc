"""Small examples reach their targets, and interrupted runs are resumed."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import EpochDone, Finished, RunOptions
from tests.benchmarks.bench_examples import examples
from tests.benchmarks.examples.example_runs import Record, Trainer
from tests.benchmarks.examples.example_targets import EXAMPLE_SPECS, measure_gradient_ratio
from tests.benchmarks.examples.targets import TrainedExample


def train_example(name: str, epochs: int | None = None) -> dict[str, float]:
    events = list(
        train(load(example_path(name)), RunOptions(device="cpu", threads=1, epochs=epochs))
    )
    assert isinstance(events[-1], Finished), events[-1]
    return dict(events[-1].metrics)


def test_xor_needs_two_layers() -> None:
    assert train_example("perceptron-1958", epochs=1)["test_accuracy"] <= 0.76
    assert train_example("xor-solved-1986")["test_accuracy"] == 1.0


def test_averaged_embeddings_fail_on_negated_reviews() -> None:
    assert train_example("reviews-embedding", epochs=10)["test_negated_accuracy"] < 0.4


@pytest.mark.parametrize("name", ["vanishing-sigmoid", "relu-he", "residual-deep"])
def test_gradient_ratio_meets_its_target(name: str) -> None:
    target = EXAMPLE_SPECS[name].targets[0]
    metrics = measure_gradient_ratio(TrainedExample(load(example_path(name)), 0, Path()))
    assert target.compare(target.read(metrics), target.limit), metrics


@pytest.mark.parametrize("name", ["shapes-labels", "masked-dates"])
def test_label_and_masked_token_examples_learn(name: str) -> None:
    project = load(example_path(name))
    fewer = replace(project.data, options={**project.data.options, "samples": 300})
    events = list(train(replace(project, data=fewer), RunOptions("cpu", threads=1, epochs=3)))
    losses = [event.metrics["train_loss"] for event in events if isinstance(event, EpochDone)]
    assert isinstance(events[-1], Finished), events[-1]
    assert len(losses) == 3
    assert losses[-1] < 0.95 * losses[0]


def test_finished_training_is_cached(tmp_path: Path) -> None:
    (first,) = examples(["xor-solved-1986"], Trainer(600, tmp_path))
    (again,) = examples(["xor-solved-1986"], Trainer(0, tmp_path))
    assert first == again
    assert first.ok


def test_interrupted_training_reaches_the_same_result(tmp_path: Path) -> None:
    name, spec = "xor-solved-1986", EXAMPLE_SPECS["xor-solved-1986"]
    uninterrupted = next(Trainer(600, tmp_path / "whole").records(name, spec))
    ticks, records = count(), list[Record | None]()
    while not any(records) and len(records) < 20:
        trainer = Trainer(15, tmp_path / "cut", lambda: next(ticks))
        records.append(next(trainer.records(name, spec)))
    assert uninterrupted is not None
    assert len(records) > 1
    assert records[-1] is not None
    assert records[-1].figures == uninterrupted.figures


def test_unfinished_run_neither_meets_nor_misses_its_target(tmp_path: Path) -> None:
    (row,) = examples(["xor-solved-1986"], Trainer(0, tmp_path))
    assert row.ok is None
    assert "again" in row.measured


def test_missing_data_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLSTUDIO_DATA", str(tmp_path / "sets"))
    (row,) = examples(["char-transformer"], Trainer(0, tmp_path))
    assert row.ok is None
    assert row.budget.startswith("needs DLSTUDIO_DATA and tinyshakespeare.txt")


def test_lenet_has_61706_parameters() -> None:
    design = load(example_path("lenet5"))
    module = compile_design(design, info_of(design.data)).module
    assert sum(parameter.numel() for parameter in module.parameters()) == 61_706
