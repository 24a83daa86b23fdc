from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.problems import Severity
from dlstudio.design.model.training_settings import Clipping, Optimiser, ParameterGroup, Schedule
from dlstudio.network.check.inference import Checker
from dlstudio.training.loop.failures import to_failed_event
from dlstudio.training.protocol.events import Failed, Started
from dlstudio.training.readiness.check import check_project
from tests.training.training_designs import (
    PLAIN_LAYERS,
    chain,
    events_of,
    run_training,
    single_event,
)


class Unprintable(RuntimeError):
    def __str__(self) -> str:
        raise ValueError


CASES = [
    (Unprintable(), "The run failed: Unprintable."),
    (SystemExit(3), "The run failed: 3."),
    (MemoryError(), "not enough memory"),
    (
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
        "not enough memory",
    ),
    (torch.OutOfMemoryError("CUDA out of memory"), "not enough memory"),
    (OSError(errno.ENOSPC, "No space left on device", "x"), "disk is full"),
    (FileNotFoundError(errno.ENOENT, "No such file", "/a/b.csv"), "/a/b.csv was not found"),
    (PermissionError(errno.EACCES, "Permission denied", "/a"), "was denied"),
    (IndexError("index out of range in self"), "set the number of embeddings"),
    (IndexError("list index out of range"), "The run failed"),
    (KeyError("x"), "The run failed"),
]


@pytest.mark.parametrize(("error", "message"), CASES)
def test_every_failure_has_a_message(error: BaseException, message: str) -> None:
    failed = to_failed_event(error, None, "/runs/1")
    assert message in failed.text
    assert "Traceback" not in failed.text
    assert type(error).__name__ in failed.details
    assert failed.run_dir == "/runs/1"


def test_failing_layer_is_named() -> None:
    class FailingLayer(nn.Module):
        def forward(self, _tensor: torch.Tensor) -> torch.Tensor:
            raise RuntimeError("odd shapes")

    module = nn.Sequential()
    module.add_module("flatten_1", nn.Flatten())
    module.add_module("odd_1", FailingLayer())
    with pytest.raises(RuntimeError) as caught:
        module(torch.zeros(2, 3))
    failed = to_failed_event(caught.value, module, "")
    assert failed.node == "odd_1"
    assert "'odd_1'" in failed.text


def test_error_while_training_ends_the_run_and_names_the_layer() -> None:
    class WrongWeightShape:
        name = "wrong weight shape"

        def wants(self, step: int, _epoch: int) -> bool:
            return step == 4

        def observe(self, view) -> None:
            view.objective.main.module.get_submodule("linear_2").weight.data = torch.zeros(3, 3)

    events = run_training(chain(PLAIN_LAYERS), None, [WrongWeightShape()])
    failed = events_of(events, Failed)[-1]
    assert failed.node == "linear_2"
    assert events[-1] is failed


@pytest.mark.parametrize("source", ["csv", "npz", "image-folder", "nonsense"])
def test_missing_data_ends_the_run_with_a_message(source: str, tmp_path: Path) -> None:
    data = DataSettings(source=source, options={"path": "gone"} if source != "nonsense" else {})
    events = run_training(replace(chain(PLAIN_LAYERS), data=data), design_dir=str(tmp_path))
    assert single_event(events, Failed).text
    assert events_of(events, Failed) == [events[-1]]


def test_missing_device_is_reported() -> None:
    missing = "mps" if not torch.backends.mps.is_available() else "cuda"
    started = single_event(run_training(chain(PLAIN_LAYERS, epochs=1), device=missing), Started)
    assert started.device == "cpu"
    assert missing in started.warnings[0]


def test_run_of_an_invalid_design_fails() -> None:
    failed = single_event(run_training(chain([("linear", {"out_features": 10})])), Failed)
    assert "linear_1" in failed.text


@pytest.mark.parametrize(
    "changes",
    [
        {"device": "abacus"},
        {"task": "juggling"},
        {"loss": "zigzag"},
        {"groups": (ParameterGroup(schedule=Schedule("zigzag")),)},
        {"groups": (ParameterGroup(optimiser=Optimiser("luck")),)},
        {"groups": (ParameterGroup(clipping=Clipping("hard")),)},
    ],
)
def test_run_refuses_settings_with_the_text_of_the_check(changes: dict[str, object]) -> None:
    project = chain(PLAIN_LAYERS, **changes)
    errors = [
        problem.text
        for problem in check_project(project, Checker()).problems
        if problem.severity is Severity.ERROR
    ]
    assert single_event(run_training(project), Failed).text.startswith(errors[0])
