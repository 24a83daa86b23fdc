"""Compares the design of `train --resume` with that of the run, and adapts the options."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import RunOptions
from dlstudio.training.step.run_comparison import RunComparison, compare_with_run
from dlstudio.training.storage import runs
from dlstudio.training.storage.json_files import read_json
from dlstudio.training.storage.run_changes_file import read_changes


def own_run(file: Path) -> Path | None:
    """Return the run whose own design the file is; None for any other design."""
    folder = file.resolve().parent
    is_own = file.name == runs.PROJECT and runs.read_info(folder) is not None
    return folder if is_own else None


def design_folder(file: Path) -> Path:
    """Return the folder that relative data paths of a design start from."""
    folder = own_run(file)
    if folder is not None and folder.parent.suffix == runs.SUFFIX:
        return folder.parent.parent
    return file.resolve().parent


def resume_options(
    project: Project, options: RunOptions, arguments: argparse.Namespace
) -> RunOptions:
    """Return the options with what the run takes over from the design.

    Raises:
        FileError: The run's own design cannot be read.
        TrainingError: The run cannot take over what has changed; the message names the choices.
    """
    run_dir = Path(options.run_dir)
    if own_run(arguments.file) == run_dir.resolve():
        return options
    comparison = _compare(project, run_dir, arguments.seed)
    if comparison.refused:
        raise TrainingError(_refusal(comparison, arguments, run_dir))
    info = runs.read_info(run_dir)
    epochs = options.epochs
    if epochs is None and info is not None and comparison.epochs > info.epoch:
        epochs = comparison.epochs
    return replace(options, changes=comparison.changes, epochs=epochs)


def _compare(project: Project, run_dir: Path, seed: int | None) -> RunComparison:
    """Compare the design with that of the run; options that the run began with still hold."""
    stored = load(run_dir / runs.PROJECT)
    environment = read_json(run_dir / runs.ENVIRONMENT) or {}
    own = {"seed": stored.training.seed, "epochs": stored.training.epochs}
    overrides = dict(environment.get("overrides", own))
    if seed is not None:
        overrides["seed"] = seed
    kept = {name: overrides[name] for name in own if overrides.get(name) is not None}
    shown = replace(project, training=replace(project.training, **kept))
    return compare_with_run(stored, read_changes(run_dir), shown)


def _refusal(comparison: RunComparison, arguments: argparse.Namespace, run_dir: Path) -> str:
    start = "--overwrite instead of --resume" if arguments.run_dir else "no --resume"
    return (
        f"The run cannot go on with {arguments.file}: {comparison.obstacle}. Start over with "
        f"{start}, add --weights-from {run_dir} to keep the weights that fit, or go on with the "
        f"run's own design: dlstudio train {run_dir / runs.PROJECT} --resume"
    )
