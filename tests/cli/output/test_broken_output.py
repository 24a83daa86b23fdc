"""Output that cannot be encoded or written, and signals that end a command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dlstudio.design.library.files import load, save
from tests.cli.outcome import Outcome

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX devices and signals")
ASCII = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "dlstudio", *map(str, arguments)]


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "OMP_NUM_THREADS": "1"}


def start_training(design: Path, home: Path) -> subprocess.Popen[str]:
    """Start a run that only a signal or a closed pipe ends."""
    return subprocess.Popen(
        command("train", design, "--epochs", 10_000, "--threads", 1, "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(home),
    )


@pytest.mark.parametrize("json_option", [(), ("--json",)], ids=["text", "json"])
def test_text_beyond_the_encoding_is_escaped(
    dlstudio_process: Callable[..., Outcome],
    digits: Path,
    tmp_path: Path,
    json_option: tuple[str, ...],
) -> None:
    file = tmp_path / "Größe.dlstudio"
    save(replace(load(digits), title="Größe 1 → 10"), file)
    outcome = dlstudio_process("check", file, *json_option, env=ASCII)
    assert outcome.status == 0, outcome.err
    if json_option:
        assert json.loads(outcome.out)["file"] == str(file)
    else:
        assert "Gr\\xf6" in outcome.out


@pytest.mark.parametrize("arguments", [("examples",), ("train", "--json")], ids=["text", "train"])
def test_full_disk_is_reported_on_stderr(
    tmp_path: Path, digits: Path, arguments: tuple[str, ...]
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    first, *options = arguments
    file = [digits] if first == "train" else []
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            command(first, *file, *options),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(tmp_path),
            cwd=tmp_path,
            timeout=120,
            check=False,
        )
    assert result.returncode == 141, result.stderr
    assert "the disk is full" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["TERM", "HUP"]
)
def test_signal_ends_a_run_with_its_checkpoint(
    tmp_path: Path, digits: Path, number: signal.Signals, status: int
) -> None:
    with start_training(digits, tmp_path) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["event"] == "epoch":
                break
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == status, err
    assert "--resume" in err


def test_closed_pipe_stops_a_run_with_its_checkpoint(tmp_path: Path, digits: Path) -> None:
    with start_training(digits, tmp_path) as process:
        assert process.stdout is not None
        started = json.loads(process.stdout.readline())
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate(timeout=60)
    assert process.returncode == 141, err
    assert "--resume" in err
    assert list((Path(started["run_dir"]) / "checkpoints").iterdir())
