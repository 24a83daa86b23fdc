"""Speed and accuracy of headless training against a plain PyTorch loop, on MNIST."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from dlstudio.design.library.examples import example_path
from tests.benchmarks.rows import ResultRow

PYTORCH_LOOP = Path(__file__).parent / "programs" / "pytorch_loop.py"
SPEEDS = {"mnist-deepnet": (5.0, 2), "mnist-dropout": (4.0, 2), "mnist-cnn": (1.2, 1)}
"""Minimum ratio to the PyTorch loop, and the number of epochs to measure."""
EPOCHS = {"mnist-deepnet": 3, "mnist-dropout": 5}
ROUNDS = 3
MAX_ACCURACY_LOSS = 0.003


def speed() -> list[ResultRow]:
    """Compare the median speed of each network in the studio and in the PyTorch loop."""
    if "DLSTUDIO_DATA" not in os.environ:
        return [ResultRow("headless training", "needs DLSTUDIO_DATA", "not measured", None)]
    return [_speed(name, min_ratio, epochs) for name, (min_ratio, epochs) in SPEEDS.items()]


def accuracy() -> list[ResultRow]:
    """Compare the test accuracy after full training, median of three seeds.

    One thread each: the accuracy does not depend on it, and a busy machine slows it down less.
    """
    rows = []
    for name, epochs in EPOCHS.items():
        ours = median(run_studio(name, epochs, seed, threads=1)["accuracy"] for seed in range(3))
        reference = median(
            run_pytorch_loop(name, epochs, seed, threads=1)["accuracy"] for seed in range(3)
        )
        rows.append(
            ResultRow(
                f"{name}: test accuracy after {epochs} epochs, 3 seeds",
                f">= {reference - MAX_ACCURACY_LOSS:.2%}",
                f"{ours:.2%} (PyTorch loop {reference:.2%})",
                ours >= reference - MAX_ACCURACY_LOSS,
            )
        )
    best = median(run_studio("mnist-cnn", 6, seed, threads=1)["accuracy"] for seed in range(3))
    rows.append(
        ResultRow(
            "mnist-cnn: test accuracy after 6 epochs", ">= 99.0%", f"{best:.2%}", best >= 0.99
        )
    )
    return rows


def run_studio(name: str, epochs: int, seed: int, threads: int = 0) -> dict[str, float]:
    """Train an example on the command line; return seconds and test accuracy."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["-m", "dlstudio", "train", str(example_path(name)), "--json"]
        arguments += ["--epochs", str(epochs), "--seed", str(seed), "--run-dir", folder]
        arguments += ["--device", "cpu", *(["--threads", str(threads)] if threads else [])]
        record = json.loads(_output(arguments, threads).splitlines()[-1])
    if record["event"] != "finished":
        raise RuntimeError(f"{name} did not finish: {record}")
    seconds = record["seconds"] + record["evaluation_seconds"]
    return {"seconds": seconds, "accuracy": record["test_accuracy"]}


def run_pytorch_loop(name: str, epochs: int, seed: int, threads: int = 0) -> dict[str, float]:
    """Train the same network in the PyTorch loop; return seconds and test accuracy."""
    result: dict[str, float] = json.loads(
        _output([str(PYTORCH_LOOP), name, str(epochs), str(seed)], threads).splitlines()[-1]
    )
    return result


def _output(arguments: list[str], threads: int) -> str:
    """Return the program's output; `threads` of 0 lets it use all cores."""
    environment = {key: value for key, value in os.environ.items() if key != "OMP_NUM_THREADS"}
    if threads:
        environment["OMP_NUM_THREADS"] = str(threads)
    process = subprocess.run(
        [sys.executable, *arguments], check=True, env=environment, capture_output=True, text=True
    )
    return process.stdout


def _speed(name: str, min_ratio: float, epochs: int) -> ResultRow:
    ours, reference = [], []
    for seed in range(ROUNDS):
        ours.append(run_studio(name, epochs, seed)["seconds"])
        reference.append(run_pytorch_loop(name, epochs, seed)["seconds"])
    ratio = median(reference) / median(ours)
    return ResultRow(
        f"{name}: {epochs} epochs against a PyTorch loop",
        f">= {min_ratio:g} x",
        f"{ratio:.1f} x ({median(ours):.1f} s, PyTorch loop {median(reference):.1f} s)",
        ratio >= min_ratio,
    )


BENCHMARKS: Mapping[str, Callable[[], list[ResultRow]]] = {"training": speed, "accuracy": accuracy}
