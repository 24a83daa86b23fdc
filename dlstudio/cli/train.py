"""`dlstudio train`: a run without a window, in people's words or as JSON lines."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from dlstudio.cli.exits import Exit
from dlstudio.cli.narrators import JsonNarrator, Narrator, PeopleNarrator
from dlstudio.cli.output import complain_of_packages
from dlstudio.data.facts import facts_of
from dlstudio.design.files import FileError, load
from dlstudio.design.model import Project
from dlstudio.design.problems import Severity
from dlstudio.network.inference import Checker
from dlstudio.training.control import Control
from dlstudio.training.events import Failed, RunOptions
from dlstudio.training.loop import train
from dlstudio.training.readiness import check_project
from dlstudio.training.runs import list_runs, runs_dir_for


def run(arguments: argparse.Namespace) -> int:
    """Train the design and return the exit status."""
    complain_of_packages()
    narrator: Narrator = JsonNarrator() if arguments.json else PeopleNarrator()
    try:
        project = load(arguments.file)
    except FileError as error:
        return _refuse(narrator, str(error), Exit.USAGE)
    mistakes = _mistakes(project)
    if mistakes:
        return _refuse(narrator, "\n".join(mistakes), Exit.DESIGN_HAS_ERRORS)
    run_dir = arguments.run_dir
    if arguments.resume and not run_dir:
        run_dir = _unfinished_run(arguments.file)
        if not run_dir:
            text = f"{arguments.file} has no unfinished run to resume; start one without --resume"
            return _refuse(narrator, text, Exit.USAGE)
    return _follow(project, _options(arguments, run_dir), narrator)


def _options(arguments: argparse.Namespace, run_dir: str) -> RunOptions:
    return RunOptions(
        device=arguments.device,
        threads=arguments.threads,
        seed=arguments.seed,
        epochs=arguments.epochs,
        data_dir=arguments.data_dir,
        run_dir=run_dir,
        runs_dir=str(runs_dir_for(arguments.file)),
        resume=arguments.resume,
        design_dir=str(arguments.file.resolve().parent),
    )


def _follow(project: Project, options: RunOptions, narrator: Narrator) -> int:
    control = Control(attended=False)
    failed = False
    with _interruptible(control) as interrupted:
        for event in train(project, options, control):
            narrator.tell(event)
            failed = failed or isinstance(event, Failed)
    if interrupted:
        narrator.interrupted()
        return Exit.INTERRUPTED
    return Exit.RUN_FAILED if failed else Exit.DONE


@contextmanager
def _interruptible(control: Control) -> Iterator[list[int]]:
    """Turn the first Ctrl-C into a stop with checkpoint; a second one ends at once."""
    caught: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if caught:
            raise KeyboardInterrupt
        caught.append(number)
        control.send("stop")

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield caught
    except KeyboardInterrupt:
        caught.append(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def _mistakes(project: Project) -> list[str]:
    report = check_project(project, Checker(), facts_of(project.data))
    return [
        f"{problem.path or 'network'}: {problem.text}"
        for problem in report.problems
        if problem.severity is Severity.ERROR
    ]


def _unfinished_run(file: Path) -> str:
    unfinished = [each for each in list_runs(runs_dir_for(file)) if not each.finished]
    newest = max(unfinished, key=lambda each: each.started, default=None)
    return str(newest.path) if newest else ""


def _refuse(narrator: Narrator, text: str, status: Exit) -> int:
    narrator.tell(Failed(text))
    return status
