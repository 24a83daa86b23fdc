"""Time from opening an example to shapes on its cards, and from Train to the first loss.

Each is measured in a new process with a busy core beside it, with the report that ships with the
example and, for comparison, with the check that every other design needs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.benchmarks.isolated_settings import isolated_environment
from tests.benchmarks.rows import ResultRow

ROUNDS = 5
SHAPES_SECONDS = 1.0
EXAMPLE = "digits-mlp"
PROGRAM = Path(__file__).with_name("programs") / "open_example.py"


def opening() -> list[ResultRow]:
    """Open the example in turn with its report and with a check; the first start warms caches."""
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
        [sys.executable, str(PROGRAM), EXAMPLE, *filter(None, [option])],
        check=True,
        capture_output=True,
        text=True,
        env=isolated_environment(home),
    )
    seconds: dict[str, float] = json.loads(process.stdout.splitlines()[-1])
    return seconds


BENCHMARKS: Mapping[str, Callable[[], list[ResultRow]]] = {"opening": opening}
