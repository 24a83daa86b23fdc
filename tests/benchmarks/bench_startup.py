"""Time from the start to a painted window, and from opening an example to its results."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.benchmarks.isolated_settings import isolated_environment
from tests.benchmarks.rows import ResultRow

BUDGET_SECONDS = 1.0
ROUNDS = 5
SHAPES_SECONDS = 1.0
EXAMPLE = "digits-mlp"
OPEN_PROGRAM = Path(__file__).with_name("programs") / "open_example.py"

PROGRAM = """
import os, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from dlstudio import app as studio

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, report)
        return False

def report():
    print(time.time(), "torch" in sys.modules, flush=True)
    os._exit(0)

watcher = FirstPaint()
make = studio.make_window
def make_and_watch():
    window = make()
    window.installEventFilter(watcher)
    return window
studio.make_window = make_and_watch
studio.run_window(example="digits-mlp")
"""


def startup() -> list[ResultRow]:
    """Start the studio several times; the first start only warms the disk cache."""
    seconds, with_torch = [], False
    with tempfile.TemporaryDirectory() as home:
        for attempt in range(ROUNDS + 1):
            start = time.time()
            process = subprocess.run(
                [sys.executable, "-c", PROGRAM],
                check=True,
                capture_output=True,
                text=True,
                env=caching_environment(home),
            )
            painted, torch = process.stdout.split()
            if attempt:
                seconds.append(float(painted) - start)
            with_torch = with_torch or torch == "True"
    return [
        ResultRow(
            "process start to first painted window, median of 5",
            f"<= {BUDGET_SECONDS:g} s",
            f"{median(seconds):.2f} s",
            median(seconds) <= BUDGET_SECONDS,
        ),
        ResultRow(
            "torch at the first paint",
            "not imported",
            "imported" if with_torch else "not imported",
            not with_torch,
        ),
    ]


def caching_environment(home: str) -> dict[str, str]:
    """Return an environment in which Python caches bytecode, as it does for a user."""
    environment = {**isolated_environment(home), "PYTHONPYCACHEPREFIX": f"{home}/compiled"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def opening() -> list[ResultRow]:
    """Open an example in turn with its report and with a check, with a busy core beside it.

    Each is a new process; the first only warms the disk cache.
    """
    seconds: dict[str, list[dict[str, float]]] = {"": [], "--check": []}
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        stack.callback(busy.wait)
        stack.callback(busy.kill)
        for attempt in range(ROUNDS + 1):
            for option, measured in seconds.items():
                result = _run(home, option)
                if attempt:
                    measured.append(result)
    with_report, checked = ({key: median(row[key] for row in rows) for key in rows[0]}
                            for rows in seconds.values())  # fmt: skip
    return [
        ResultRow(
            f"opening {EXAMPLE} to shapes, busy core beside, median of {ROUNDS}",
            f"<= {SHAPES_SECONDS:g} s",
            f"{with_report['shapes']:.2f} s (checked: {checked['shapes']:.2f} s)",
            with_report["shapes"] <= SHAPES_SECONDS,
        ),
        ResultRow(
            f"Train to the first loss, same, median of {ROUNDS}",
            "<= with a check",
            f"{with_report['loss']:.2f} s (checked: {checked['loss']:.2f} s)",
            with_report["loss"] <= checked["loss"],
        ),
    ]


def _run(home: str, option: str) -> dict[str, float]:
    process = subprocess.run(
        [sys.executable, str(OPEN_PROGRAM), EXAMPLE, *filter(None, [option])],
        check=True,
        capture_output=True,
        text=True,
        env=caching_environment(home),
    )
    seconds: dict[str, float] = json.loads(process.stdout.splitlines()[-1])
    return seconds


BENCHMARKS: Mapping[str, Callable[[], list[ResultRow]]] = {"startup": startup, "opening": opening}
