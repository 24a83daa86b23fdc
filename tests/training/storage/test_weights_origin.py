"""Weights know the layers they belong to and the samples they were trained on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from dlstudio.design.edits import remove_nodes, set_settings, set_title
from dlstudio.design.model.model import Project
from dlstudio.network.check.inference import Checker
from dlstudio.network.weights.weights import save_weights
from dlstudio.training.protocol.events import Finished, Started
from dlstudio.training.readiness.check import check_project
from dlstudio.training.storage.json_files import read_lines
from dlstudio.training.storage.weights_origin import (
    UsedSplit,
    WeightsOrigin,
    read_origin,
    used_split,
    weights_fingerprint,
)
from dlstudio.training.storage.weights_record import WeightsRecord, read_weights_record
from tests.training.training_designs import NOISY_LAYERS, chain, run_training, single_event

PROJECT = chain(NOISY_LAYERS, epochs=1)


def split(project: Project, **values: Any) -> Project:
    return replace(project, data=replace(project.data, split=replace(project.data.split, **values)))


def fingerprint_of(project: Project) -> str:
    return weights_fingerprint(project, check_project(project, Checker()))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the weights of a run of `PROJECT`."""
    folder = str(tmp_path_factory.mktemp("run"))
    return single_event(run_training(PROJECT, run_dir=folder), Finished).weights_file


def test_run_writes_the_origin_of_its_weights(weights: str) -> None:
    origin = read_origin(Path(weights))
    assert origin.network == fingerprint_of(PROJECT)
    assert origin.trained_on == (used_split(PROJECT.data, ""),)


@pytest.mark.parametrize(
    ("edit", "is_same"),
    [
        (lambda project: set_settings(project, ["linear_1"], {"out_features": 25}), False),
        (lambda project: set_settings(project, ["linear_1"], {"bias": False}), False),
        (lambda project: remove_nodes(project, ["batch_norm1d_1"], rewire=True), False),
        (lambda project: replace(project, data=replace(project.data, source="xor")), False),
        (lambda project: set_settings(project, ["linear_1"], {"frozen": True}), True),
        (lambda project: set_settings(project, ["dropout_1"], {"p": 0.9}), True),
        (lambda project: remove_nodes(project, ["relu_1"], rewire=True), True),
        (lambda project: set_title(project, "linear_1", "Middle"), True),
    ],
)
def test_fingerprint_follows_the_layers_that_hold_weights(
    edit: Callable[[Project], Project], is_same: bool
) -> None:
    assert (fingerprint_of(edit(PROJECT)) == fingerprint_of(PROJECT)) == is_same


@pytest.mark.parametrize(
    ("values", "leaks"),
    [
        ({}, ()),
        ({"most": 100}, ()),
        ({"validation": 0.3}, ("validation",)),
        ({"seed": 1}, ("validation", "test")),
        ({"test": 0.3}, ("validation", "test")),
        ({"stratified": False}, ("validation", "test")),
        ({"seed": 1, "validation": 0.0}, ("test",)),
    ],
)
def test_another_split_of_the_same_data_leaks(
    weights: str, values: dict[str, Any], leaks: tuple[str, ...]
) -> None:
    started = single_event(run_training(split(PROJECT, **values), initial_weights=weights), Started)
    assert started.leaks == leaks
    assert any("samples were trained on" in text for text in started.warnings) == bool(leaks)


def test_fresh_weights_and_other_data_do_not_leak(weights: str) -> None:
    fresh = single_event(run_training(split(PROJECT, seed=1)), Started)
    assert not fresh.leaks
    other = replace(PROJECT, data=replace(PROJECT.data, options={"a": 1}))
    assert used_split(other.data, "").place != used_split(PROJECT.data, "").place


def test_origin_is_handed_down_and_survives_resuming(weights: str, tmp_path: Path) -> None:
    other = split(PROJECT, seed=1)
    folder = str(tmp_path / "run")
    second = run_training(other, initial_weights=weights, run_dir=folder)
    resumed = run_training(other, run_dir=folder, resume=True, epochs=2)
    assert single_event(resumed, Started).leaks == ("validation", "test")
    starts = [line for line in read_lines(tmp_path / "run" / "events.jsonl")
              if line["event"] == "started"]  # fmt: skip
    assert [start["leaks"] for start in starts] == [["validation", "test"]] * 2
    third = run_training(
        other, initial_weights=single_event(second, Finished).weights_file, run_dir=str(tmp_path)
    )
    assert single_event(third, Started).leaks == ("validation", "test")


def test_relative_and_absolute_paths_name_the_same_data(tmp_path: Path) -> None:
    data = replace(PROJECT.data, source="csv", options={"path": "table.csv", "columns": {}})
    other = replace(data, options={"path": str(tmp_path / "table.csv"), "columns": {"a": "input"}})
    one, two = used_split(data, str(tmp_path)), used_split(other, "/elsewhere")
    assert one.place == two.place
    assert one.options != two.options


@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"\x02" + b"\0" * 7 + b"[]"])
def test_file_without_origin_has_an_unknown_one(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(content)
    assert read_origin(tmp_path / "weights") == WeightsOrigin()
    assert read_origin(tmp_path / "missing") == WeightsOrigin()


def test_equal_weights_give_equal_files(tmp_path: Path) -> None:
    module = torch.nn.Linear(2, 3)
    used = UsedSplit("place", "options", 1, 0.1, 0.2, stratified=True)
    origin = WeightsOrigin("layers", (used,))
    record = WeightsRecord(epoch=4, best_of="validation_loss")
    metadata = {**origin.metadata, **record.metadata}
    prints = {save_weights(module, tmp_path / f"{number}", metadata) for number in range(20)}
    assert len(prints) == 1
    assert read_origin(tmp_path / "0") == origin
    assert read_weights_record(tmp_path / "0") == record
