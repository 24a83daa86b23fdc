"""The window while a network trains in it: speed of the run, and time between frames."""

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

from dlstudio.design.examples import example_path
from tests.benchmarks.rows import Row
from tests.benchmarks.surroundings import own_settings

EXAMPLE = "mnist-deepnet"
EPOCHS = 2
ROUNDS = 3
LEAST_SHARE = 0.95
P99_MS, WORST_MS = 33.0, 100.0


def window() -> list[Row]:
    """Train in the window and without it, in turns, with equal threads."""
    if "DLSTUDIO_DATA" not in os.environ:
        return [Row("training with the window open", "needs DLSTUDIO_DATA", "not measured", None)]
    threads = max(1, (os.cpu_count() or 2) - 1)
    open_, closed, p99, worst = [], [], [], []
    for _ in range(ROUNDS):
        closed.append(_headless(threads))
        open_.append(_in_window()["seconds"])
        frames = _in_window("--frames")
        p99.append(frames["p99"])
        worst.append(frames["worst"])
    share = median(closed) / median(open_)
    return [
        Row(
            f"{EXAMPLE}: speed with the window open, {threads} thread(s)",
            f">= {LEAST_SHARE:g} of headless",
            f"{share:.2f} ({median(open_):.1f} s, {median(closed):.1f} s)",
            share >= LEAST_SHARE,
        ),
        _frames("99 of 100", P99_MS, median(p99)),
        _frames("the worst", WORST_MS, median(worst)),
    ]


def _frames(which: str, budget: float, seen: float) -> Row:
    return Row(
        f"time between frames while training, {which}",
        f"<= {budget:g} ms",
        f"{seen:.0f} ms",
        seen <= budget,
    )


def _headless(threads: int) -> float:
    with tempfile.TemporaryDirectory() as home:
        arguments = ["-m", "dlstudio", "train", str(example_path(EXAMPLE)), "--json"]
        arguments += ["--epochs", str(EPOCHS), "--threads", str(threads), "--device", "cpu"]
        arguments += ["--run-dir", f"{home}/run"]
        return float(_last_record(arguments, home)["seconds"])


def _in_window(*words: str) -> dict[str, Any]:
    program = Path(__file__).with_name("window_run.py")
    with tempfile.TemporaryDirectory() as home:
        return _last_record([str(program), EXAMPLE, str(EPOCHS), *words], home)


def _last_record(words: list[str], home: str) -> dict[str, Any]:
    environment = {
        key: value for key, value in own_settings(home).items() if key != "OMP_NUM_THREADS"
    }
    process = subprocess.run(
        [sys.executable, *words], check=True, env=environment, capture_output=True, text=True
    )
    record: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return record


BENCHMARKS: Mapping[str, Callable[[], list[Row]]] = {"window": window}
