"""Trains a design without a window: data, check, run, signals and the exit status."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from dlstudio.cli.framework.exit_codes import ExitCode
from dlstudio.cli.output.console import OutputError, print_error, report_broken_packages
from dlstudio.cli.output.reporters import ConsoleReporter, JsonReporter, Reporter
from dlstudio.cli.work.resume import design_folder, own_run, resume_options
from dlstudio.data.core.errors import DataError
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.sources import parse_options
from dlstudio.design.library.files import FileError, load
from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.storage.paths import OPTION as PLACE
from dlstudio.insight.series.series_observer import series_observers
from dlstudio.network.check.inference import Checker
from dlstudio.training.loop.data_loading import StopRequested, load_with_progress
from dlstudio.training.loop.failures import to_failed_event
from dlstudio.training.loop.loop import train
from dlstudio.training.loop.run_start import require_free_folder, require_run
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import Failed, RunOptions
from dlstudio.training.readiness.check import check_project
from dlstudio.training.readiness.rules.weights_file import weights_file_problems
from dlstudio.training.storage.runs import WEIGHTS, list_runs, runs_dir_for

_STATUS_OF_SIGNAL = {
    int(signal.SIGINT): ExitCode.INTERRUPTED,
    int(signal.SIGTERM): ExitCode.TERMINATED,
}
if sys.platform != "win32":
    _STATUS_OF_SIGNAL[int(signal.SIGHUP)] = ExitCode.HUNG_UP


def run(arguments: argparse.Namespace) -> int:
    """Train the design and return the exit status."""
    report_broken_packages()
    reporter: Reporter = JsonReporter() if arguments.json else ConsoleReporter()
    try:
        project = load(arguments.file)
    except FileError as error:
        return _report_failure(reporter, str(error), ExitCode.USAGE)
    for problem in weights_file_problems(project, arguments.file.parent):
        print_error(problem.text)
    run_dir = arguments.run_dir
    if arguments.resume and not run_dir:
        run_dir = _unfinished_run(arguments.file)
        if not run_dir:
            text = f"{arguments.file} has no unfinished run to resume; start one without --resume"
            return _report_failure(reporter, text, ExitCode.USAGE)
    try:
        _check_run_folder(arguments, run_dir)
        options = _options(arguments, run_dir)
        if arguments.resume:
            options = resume_options(project, options, arguments)
    except (FileError, TrainingError) as error:
        return _report_failure(reporter, str(error), ExitCode.USAGE)
    control = Control(has_operator=False)
    with _interruptible(control) as signals:
        status = _check_and_train(project, options, control, reporter)
    if signals:
        reporter.report_interrupted()
        return _STATUS_OF_SIGNAL[signals[0]]
    return status


def _check_run_folder(arguments: argparse.Namespace, run_dir: str) -> None:
    if arguments.resume:
        require_run(Path(run_dir))
    elif run_dir and not arguments.overwrite:
        require_free_folder(Path(run_dir))


def _initial_weights(arguments: argparse.Namespace) -> str:
    """Return the file of the weights to start from, or an empty string.

    Raises:
        TrainingError: There are none, or a resumed run has its own.
    """
    source: Path | None = arguments.weights_from
    if source is None:
        return ""
    if arguments.resume:
        raise TrainingError("A resumed run has its own weights: give --resume or --weights-from.")
    file = source / WEIGHTS if source.is_dir() else source
    if not file.is_file():
        raise TrainingError(f"{source} holds no weights. Check the name of the folder or file.")
    return str(file)


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
        overwrite=arguments.overwrite,
        initial_weights=_initial_weights(arguments),
        design_dir=str(design_folder(arguments.file)),
    )


def _check_and_train(
    project: Project, options: RunOptions, control: Control, reporter: Reporter
) -> int:
    """Train if the design has no errors; data never read before is read first."""
    if _must_read_data(project):
        try:
            project = _with_dataset_info(project, options, control, reporter)
        except StopRequested:
            return ExitCode.INTERRUPTED
        except Exception as error:  # noqa: BLE001 - any failure is reported as an event
            reporter.report(to_failed_event(error, None, ""))
            return ExitCode.RUN_FAILED
    errors = _error_texts(project)
    if errors:
        return _report_failure(reporter, "\n".join(errors), ExitCode.DESIGN_HAS_ERRORS)
    failed, broken = False, None
    for event in train(project, options, control, step_observers=series_observers()):
        failed = failed or isinstance(event, Failed)
        try:
            reporter.report(event)
        except OutputError as error:
            broken = error
            control.send("stop")
    if broken is not None:
        print_error(f"{broken}; the run was stopped, continue it with --resume")
        return ExitCode.OUTPUT_BROKEN
    return ExitCode.RUN_FAILED if failed else ExitCode.DONE


def _must_read_data(project: Project) -> bool:
    """Whether the data's shapes are unknown until it is read, and its path is set."""
    data = project.data
    if info_of(data).inputs or not data.options.get(PLACE):
        return False
    try:
        parse_options(data.source, data.options)
    except DataError:
        return False
    return True


def _with_dataset_info(
    project: Project, options: RunOptions, control: Control, reporter: Reporter
) -> Project:
    """Read the data and return the project with its dataset info.

    Raises:
        DataError: The data cannot be loaded.
        StopRequested: `stop` was sent meanwhile.
    """
    loading = load_with_progress(project.data, options, control)
    while True:
        try:
            reporter.report(next(loading))
        except StopIteration as end:
            facts: DatasetInfo = end.value.facts
            return replace(project, data=replace(project.data, facts=facts))


@contextmanager
def _interruptible(control: Control) -> Iterator[list[int]]:
    """Stop with a checkpoint on the first Ctrl-C, TERM or HUP; the second one ends at once.

    Yields the numbers of the signals.
    """
    signals: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if signals:
            raise KeyboardInterrupt
        signals.append(number)
        control.send("stop")

    previous = {number: signal.signal(number, stop) for number in _STATUS_OF_SIGNAL}
    try:
        yield signals
    except KeyboardInterrupt:
        signals.append(signal.SIGINT)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _error_texts(project: Project) -> list[str]:
    report = check_project(project, Checker(), info_of(project.data))
    return [
        f"{problem.path or 'network'}: {problem.text}"
        for problem in report.problems
        if problem.prevents_training
    ]


def _unfinished_run(file: Path) -> str:
    own = own_run(file)
    if own is not None:
        return str(own)
    unfinished = [
        saved_run for saved_run in list_runs(runs_dir_for(file)) if saved_run.is_resumable
    ]
    newest = max(unfinished, key=lambda saved_run: saved_run.started, default=None)
    return str(newest.path) if newest else ""


def _report_failure(reporter: Reporter, text: str, status: ExitCode) -> int:
    reporter.report(Failed(text))
    return status
