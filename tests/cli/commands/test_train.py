import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dlstudio.design.edits import remove_nodes
from dlstudio.design.library.files import load, save
from dlstudio.design.model.training_settings import Optimiser
from tests.cli.outcome import Outcome

EPOCH_KEYS = {
    "epoch",
    "train_loss",
    "validation_loss",
    "test_loss",
    "test_accuracy",
    "lr",
    "seconds",
}


def step_losses(records: list[dict[str, Any]]) -> list[float]:
    return [record["loss"] for record in records if record["event"] == "step"]


def test_json_events_have_the_documented_keys(
    dlstudio: Callable[..., Outcome], digits: Path
) -> None:
    outcome = dlstudio("train", digits, "--epochs", 2, "--device", "cpu", "--threads", 1, "--json")
    assert outcome.status == 0, outcome.err
    records = outcome.records
    started, finished = records[0], records[-1]
    assert started["event"] == "started"
    assert {"device", "threads", "parameters", "train", "validation", "test"} <= set(started)
    assert started["threads"] == 1
    steps = [record for record in records if record["event"] == "step"]
    assert [record["step"] for record in steps] == list(range(1, len(steps) + 1))
    epochs = [record for record in records if record["event"] == "epoch"]
    assert [record["epoch"] for record in epochs] == [1, 2]
    assert set(epochs[0]) >= EPOCH_KEYS
    assert finished["event"] == "finished"
    assert finished["epochs"] == 2
    assert finished["test_accuracy"] > 0.5
    assert Path(finished["run_dir"]).is_dir()
    assert Path(finished["run_dir"]).parent.name == "digits.runs"


def test_equal_seeds_give_equal_losses(
    dlstudio: Callable[..., Outcome], dlstudio_process: Callable[..., Outcome], digits: Path
) -> None:
    arguments = ("train", digits, "--epochs", 1, "--threads", 1, "--device", "cpu", "--json")
    runs = ((dlstudio_process, 3), (dlstudio, 3), (dlstudio, 4))
    losses = [step_losses(run(*arguments, "--seed", seed).records) for run, seed in runs]
    assert losses[0] == losses[1] != losses[2]
    assert len(losses[0]) > 1


def test_console_output_is_readable(dlstudio: Callable[..., Outcome], digits: Path) -> None:
    outcome = dlstudio("train", digits, "--epochs", 1, "--device", "cpu")
    assert outcome.status == 0
    assert "epoch   1" in outcome.out
    assert "test accuracy" in outcome.out


def test_design_errors_exit_with_status_one(dlstudio: Callable[..., Outcome], digits: Path) -> None:
    project = load(digits)
    save(remove_nodes(project, ["flatten_1"]), digits)
    outcome = dlstudio("train", digits, "--json")
    assert outcome.status == 1
    assert [record["event"] for record in outcome.records] == ["failed"]


def test_missing_data_exits_with_status_three(
    dlstudio: Callable[..., Outcome], tmp_path: Path
) -> None:
    dlstudio("examples", "mnist-simple", "-o", tmp_path / "m.dlstudio")
    unreachable_proxy = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    arguments = ("train", tmp_path / "m.dlstudio", "--data-dir", tmp_path / "empty", "--json")
    outcome = dlstudio(*arguments, env=unreachable_proxy)
    assert outcome.status == 3
    assert "digits" in outcome.records[-1]["text"]
    console_outcome = dlstudio(*arguments[:-1], env=unreachable_proxy)
    assert console_outcome.status == 3
    assert "digits" in console_outcome.err


def test_divergence_ends_an_unattended_run_and_reports_the_layer(
    dlstudio: Callable[..., Outcome], digits: Path
) -> None:
    project = load(digits)
    (group,) = project.training.groups
    diverging = replace(group, optimiser=Optimiser("sgd", learning_rate=1e5))
    save(replace(project, training=replace(project.training, groups=(diverging,))), digits)
    outcome = dlstudio("train", digits, "--json", "--device", "cpu")
    assert outcome.status == 3
    assert outcome.records[-1]["event"] == "failed"
    assert outcome.records[-1]["node"] in project.graph.nodes


def test_training_does_not_import_qt(digits: Path) -> None:
    program = (
        "import sys; from dlstudio.cli.main import main; "
        f"status = main(['train', {str(digits)!r}, '--epochs', '1', '--device', 'cpu']); "
        "sys.exit(status or any(name.startswith('PySide6') for name in sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_resumed_run_has_the_same_losses(
    dlstudio: Callable[..., Outcome],
    dlstudio_process: Callable[..., Outcome],
    digits: Path,
    tmp_path: Path,
) -> None:
    args = ["train", str(digits), "--epochs", "40", "--threads", "1", "--device", "cpu", "--json"]
    full_run = dlstudio(*args, "--run-dir", tmp_path / "whole").records
    process = subprocess.Popen(
        [sys.executable, "-m", "dlstudio", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == "epoch":
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume" in err
    time.sleep(0.1)
    resumed = dlstudio_process(*args, "--resume")
    assert resumed.status == 0, resumed.err
    assert resumed.records[0]["step"] > 0
    resumed_steps = [record for record in resumed.records if record["event"] == "step"]
    expected = [record for record in full_run if record["event"] == "step"][-len(resumed_steps) :]
    assert resumed_steps == expected


def test_resume_without_an_unfinished_run_is_reported(
    dlstudio: Callable[..., Outcome], digits: Path
) -> None:
    outcome = dlstudio("train", digits, "--resume")
    assert outcome.status == 2
    assert "unfinished" in outcome.err


def test_runs_are_neither_overwritten_nor_resumed_from_nothing(
    dlstudio: Callable[..., Outcome], digits: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    args = ("train", digits, "--epochs", "1", "--run-dir", folder)
    nothing = dlstudio(*args, "--resume")
    assert nothing.status == 2
    assert "holds no run to resume" in nothing.err
    assert dlstudio(*args).status == 0
    again = dlstudio(*args)
    assert again.status == 2
    assert "already holds a run" in again.err
    assert dlstudio(*args, "--overwrite").status == 0
    finished = dlstudio(*args, "--resume", "--json")
    assert "already finished" in finished.records[0]["warnings"][0]
