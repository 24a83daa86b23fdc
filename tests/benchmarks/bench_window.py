"""Training in the window: speed of the run, and time between frames."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from dlstudio.design.library.examples import example_path
from tests.benchmarks.isolated_settings import isolated_environment
from tests.benchmarks.rows import ResultRow

EXAMPLE = "mnist-deepnet"
EPOCHS = 2
ROUNDS = 3
MIN_SPEED = 0.95
P99_MS, WORST_MS = 33.0, 100.0


def window() -> list[ResultRow]:
    """Train with and without the window in alternation, with equal threads."""
    if "DLSTUDIO_DATA" not in os.environ:
        return [
            ResultRow("training with the window open", "needs DLSTUDIO_DATA", "not measured", None)
        ]
    threads = max(1, (os.cpu_count() or 2) - 1)
    open_, closed, p99, worst = [], [], [], []
    for _ in range(ROUNDS):
        closed.append(_headless(threads))
        open_.append(_in_window()["seconds"])
        frames = _in_window("--frames")
        p99.append(frames["p99"])
        worst.append(frames["worst"])
    speed = median(closed) / median(open_)
    return [
        ResultRow(
            f"{EXAMPLE}: speed with the window open, {threads} thread(s)",
            f">= {MIN_SPEED:g} of headless",
            f"{speed:.2f} ({median(open_):.1f} s, {median(closed):.1f} s)",
            speed >= MIN_SPEED,
        ),
        _frame_row("99th percentile", P99_MS, median(p99)),
        _frame_row("longest", WORST_MS, median(worst)),
    ]


def _frame_row(statistic: str, budget: float, measured: float) -> ResultRow:
    return ResultRow(
        f"time between frames while training, {statistic}",
        f"<= {budget:g} ms",
        f"{measured:.0f} ms",
        measured <= budget,
    )


def _headless(threads: int) -> float:
    with tempfile.TemporaryDirectory() as home:
        arguments = ["-m", "dlstudio", "train", str(example_path(EXAMPLE)), "--json"]
        arguments += ["--epochs", str(EPOCHS), "--threads", str(threads), "--device", "cpu"]
        arguments += ["--run-dir", f"{home}/run"]
        return float(_last_record(arguments, home)["seconds"])


def _in_window(*options: str) -> dict[str, Any]:
    program = Path(__file__).parent / "programs" / "window_run.py"
    with tempfile.TemporaryDirectory() as home:
        return _last_record([str(program), EXAMPLE, str(EPOCHS), *options], home)


def _last_record(arguments: list[str], home: str) -> dict[str, Any]:
    environment = {
        key: value for key, value in isolated_environment(home).items() if key != "OMP_NUM_THREADS"
    }
    process = subprocess.run(
        [sys.executable, *arguments], check=True, env=environment, capture_output=True, text=True
    )
    record: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return record


BENCHMARKS: Mapping[str, Callable[[], list[ResultRow]]] = {"window": window}
