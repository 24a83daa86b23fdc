"""Gives a run its folder, or takes it up in the folder where it was left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from dlstudio.training import runs
from dlstudio.training.checkpoint import Capture, below, module_tensors, newest_checkpoint
from dlstudio.training.errors import TrainingError
from dlstudio.training.events import Changed, RunOptions
from dlstudio.training.plan import Position, changed
from dlstudio.training.run import Run
from dlstudio.training.run_folder import RunFolder, environment, started_at


@dataclass(frozen=True, slots=True)
class Ready:
    """A run that can begin, or go on.

    Attributes:
        changes: Changes that hold already because this start asked for them.
    """

    run: Run
    folder: RunFolder | None
    changes: tuple[Changed, ...] = ()


def open_run(run: Run, options: RunOptions) -> Ready:
    """Return the run with its folder: a new one, or the one it goes on in.

    Raises:
        OSError: The folder cannot be written.
        TrainingError: The run is of another network, or a change that was made while training
            cannot be made again.
    """
    if not options.run_dir and not options.runs_dir:
        return Ready(run, None)
    equipment = run.equipment
    seed = equipment.project.training.seed
    run_environment = environment(equipment.device, equipment.threads, seed)
    if options.resume and options.run_dir:
        folder = RunFolder(Path(options.run_dir), started_at(Path(options.run_dir)))
        checkpoint = newest_checkpoint(folder.checkpoints)
        if checkpoint is not None:
            _refuse_another_network(run, checkpoint[0], folder.path)
        folder.begin(equipment.project, run_environment)
        return Ready(run, folder, tuple(_take_up(run, folder, checkpoint, options)))
    path = Path(options.run_dir) if options.run_dir else runs.new_run_dir(Path(options.runs_dir))
    folder = RunFolder(path)
    folder.begin(equipment.project, run_environment)
    folder.cut(-1, -1)
    if options.initial_weights:
        shutil.copyfile(options.initial_weights, path / runs.INITIAL)
    return Ready(run, folder)


def _refuse_another_network(run: Run, capture: Capture, path: Path) -> None:
    """Compare names and shapes of the weights before anything in the folder is touched."""
    stored = {name: tensor.shape for name, tensor in below(capture.tensors, "module").items()}
    current = {name: tensor.shape for name, tensor in module_tensors(run.module).items()}
    key = next(
        (name for name in {**current, **stored} if stored.get(name) != current.get(name)), None
    )
    if key is not None:
        raise TrainingError(
            f"The run in {path} is of another network: {key!r} does not fit. Resume it with the "
            "design that it was started from, or start a new run."
        )


def _take_up(
    run: Run,
    folder: RunFolder,
    checkpoint: tuple[Capture, Mapping[str, Tensor] | None] | None,
    options: RunOptions,
) -> Iterator[Changed]:
    """Restore the checkpoint, cut off what came after it, and make the changes again."""
    if checkpoint is not None:
        capture, best = checkpoint
        run.restore(capture)
        run.best = (
            None if best is None else {k: v.to(run.equipment.device) for k, v in best.items()}
        )
    folder.cut(run.state.step, run.state.epoch)
    steps = run.equipment.batches.steps
    plan = run.plan
    for change in folder.changes():
        done = change["step"] - 1
        position = Position(done // steps, done % steps)
        plan, _ = changed(plan, change["change"], change["arguments"], position)
        if change["arguments"].get("new_span") and done == run.state.step:
            run.state.ended, run.state.waited = "", 0
    run.impose(plan)
    epochs = plan.epochs if options.epochs is None else options.epochs
    if epochs != plan.epochs or (options.epochs and run.state.ended and epochs > run.state.epoch):
        yield _more_epochs(run, folder, epochs)


def _more_epochs(run: Run, folder: RunFolder, epochs: int) -> Changed:
    values: dict[str, int | bool] = {"epochs": epochs}
    if run.state.ended:
        values["new_span"] = True
    position = Position(run.state.epoch, run.state.index)
    plan, text = changed(run.plan, "epochs", values, position)
    run.impose(plan)
    run.state.ended, run.state.waited = "", 0
    change = Changed(run.state.step + 1, "epochs", values, text)
    folder.add_change(change)
    return change
