"""Kills a training process repeatedly at random moments, and checks that nothing is lost.

python tests/training/loop/crash_training.py [COUNT]
"""

from __future__ import annotations

import multiprocessing
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import EarlyStopping, Optimiser, Schedule
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import Finished, RunOptions
from dlstudio.training.storage import runs
from dlstudio.training.storage.checkpoint import newest_checkpoint
from dlstudio.training.storage.run_metrics import read_metrics
from tests.training.training_designs import NOISY_LAYERS, chain, run_training, with_optimiser

EPOCHS_PER_KILL = 12
MAX_SECONDS_ALIVE = 0.4


@dataclass(frozen=True, slots=True)
class CrashReport:
    """The result of killing a run.

    Attributes:
        kills: Number of processes that were killed while training.
        problems: One line per loss or difference; empty if there are none.
    """

    kills: int
    problems: tuple[str, ...]


def crash_project(kills: int) -> Project:
    """Return a project with dropout, momentum, a schedule and best weights."""
    optimiser = Optimiser("sgd", 0.02, settings={"momentum": 0.9})
    stopping = EarlyStopping(patience=1000)
    project = chain(NOISY_LAYERS, epochs=EPOCHS_PER_KILL * max(kills, 4), early_stopping=stopping)
    return with_optimiser(project, optimiser, Schedule("one-cycle"))


def crash_while_training(kills: int, folder: Path, seed: int = 0) -> CrashReport:
    """Kill and resume a run `kills` times, and compare it with an uninterrupted run."""
    project = crash_project(kills)
    uninterrupted = folder / "whole"
    run_training(project, run_dir=str(uninterrupted))
    rng = random.Random(seed)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    killed, problems, step = 0, [], 0
    run = folder / "killed"
    while killed < kills:
        process = context.Process(target=_train, args=(project, str(run)), daemon=True)
        process.start()
        _wait_for(run / runs.INFO)
        process.join(rng.uniform(0.0, MAX_SECONDS_ALIVE))
        if process.exitcode is not None:
            break
        process.kill()
        process.join()
        killed += 1
        problems += _missing_data(run, step)
        checkpoint = newest_checkpoint(run / runs.CHECKPOINTS)
        step = checkpoint[0].values["state"]["step"] if checkpoint else 0
    run_training(project, run_dir=str(run), resume=True)
    return CrashReport(killed, (*problems, *_differences(uninterrupted, run)))


def _train(project: Project, run_dir: str) -> None:
    resume = (Path(run_dir) / runs.INFO).exists()
    options = RunOptions(threads=1, run_dir=run_dir, resume=resume, checkpoint_seconds=0.0)
    for event in train(project, options):
        if isinstance(event, Finished):
            return


def _wait_for(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.002)


def _missing_data(run: Path, step: int) -> list[str]:
    """Return what a killed run has lost; `step` is the step of its previous checkpoint."""
    problems = []
    load(run / runs.PROJECT)
    checkpoint = newest_checkpoint(run / runs.CHECKPOINTS)
    if checkpoint is None:
        problems.append(f"no checkpoint after step {step}")
    elif checkpoint[0].values["state"]["step"] < step:
        problems.append(f"the newest checkpoint is before step {step}")
    elif read_metrics(run).steps.size < checkpoint[0].values["state"]["step"]:
        problems.append(f"losses up to step {step} are incomplete")
    if runs.read_info(run) is None:
        problems.append("the run's state cannot be read")
    return problems


def _differences(uninterrupted: Path, run: Path) -> list[str]:
    problems = []
    expected, actual = read_metrics(uninterrupted), read_metrics(run)
    for name in ("steps", "losses", "rates", "epochs", "epoch_steps"):
        if getattr(expected, name).tolist() != getattr(actual, name).tolist():
            problems.append(f"{name} differ from those of the uninterrupted run")
    weights = [(folder / runs.WEIGHTS).read_bytes() for folder in (uninterrupted, run)]
    if weights[0] != weights[1]:
        problems.append("the final weights differ")
    return problems


def main() -> None:
    """Kill a run COUNT times and print the problems."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as folder:
        outcome = crash_while_training(count, Path(folder))
    print(f"{outcome.kills} kills while training, {len(outcome.problems)} losses")
    for line in outcome.problems:
        print(line)
    sys.exit(1 if outcome.problems else 0)


if __name__ == "__main__":
    main()
