"""Gives a run its folder, or takes it up in the folder where it was left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from dlstudio.training.optim.module_tensors import module_tensors
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import RunOptions, SettingChanged
from dlstudio.training.step.plan import RunPosition, apply_change
from dlstudio.training.step.trainer import Trainer
from dlstudio.training.storage import runs
from dlstudio.training.storage.checkpoint import TrainerState, newest_checkpoint, strip_prefix
from dlstudio.training.storage.run_folder import RunFolder, environment_info, started_at


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A run that can begin, or go on.

    Attributes:
        changes: Changes that hold already because this start asked for them.
    """

    trainer: Trainer
    folder: RunFolder | None
    changes: tuple[SettingChanged, ...] = ()


def open_run(trainer: Trainer, options: RunOptions) -> PreparedRun:
    """Return the run with its folder: a new one, or the one it goes on in.

    Raises:
        OSError: The folder cannot be written.
        TrainingError: The run is of another network, or a change that was made while training
            cannot be made again.
    """
    if not options.run_dir and not options.runs_dir:
        return PreparedRun(trainer, None)
    equipment = trainer.context
    seed = equipment.project.training.seed
    run_environment = environment_info(equipment.device, equipment.threads, seed)
    if options.resume and options.run_dir:
        folder = RunFolder(Path(options.run_dir), started_at(Path(options.run_dir)))
        checkpoint = newest_checkpoint(folder.checkpoints)
        if checkpoint is not None:
            _check_same_network(trainer, checkpoint[0], folder.path)
        folder.write_setup(equipment.project, run_environment)
        return PreparedRun(trainer, folder, tuple(_resume(trainer, folder, checkpoint, options)))
    path = Path(options.run_dir) if options.run_dir else runs.new_run_dir(Path(options.runs_dir))
    folder = RunFolder(path)
    folder.write_setup(equipment.project, run_environment)
    folder.truncate(-1, -1)
    if options.initial_weights:
        shutil.copyfile(options.initial_weights, path / runs.INITIAL)
    return PreparedRun(trainer, folder)


def _check_same_network(trainer: Trainer, trainer_state: TrainerState, path: Path) -> None:
    """Compare names and shapes of the weights before anything in the folder is touched."""
    stored = {
        name: tensor.shape for name, tensor in strip_prefix(trainer_state.tensors, "module").items()
    }
    current = {name: tensor.shape for name, tensor in module_tensors(trainer.module).items()}
    key = next(
        (name for name in {**current, **stored} if stored.get(name) != current.get(name)), None
    )
    if key is not None:
        raise TrainingError(
            f"The run in {path} is of another network: {key!r} does not fit. Resume it with the "
            "design that it was started from, or start a new run."
        )


def _resume(
    trainer: Trainer,
    folder: RunFolder,
    checkpoint: tuple[TrainerState, Mapping[str, Tensor] | None] | None,
    options: RunOptions,
) -> Iterator[SettingChanged]:
    """Restore the checkpoint, cut off what came after it, and make the changes again."""
    if checkpoint is not None:
        capture, best = checkpoint
        trainer.restore(capture)
        trainer.best = (
            None if best is None else {k: v.to(trainer.context.device) for k, v in best.items()}
        )
    folder.truncate(trainer.state.step, trainer.state.epoch)
    steps = trainer.context.batches.steps
    plan = trainer.plan
    for change in folder.changes():
        done = change["step"] - 1
        position = RunPosition(done // steps, done % steps)
        plan, _ = apply_change(plan, change["change"], change["arguments"], position)
        if change["arguments"].get("new_span") and done == trainer.state.step:
            trainer.state.ended, trainer.state.waited = "", 0
    trainer.apply_plan(plan)
    epochs = plan.epochs if options.epochs is None else options.epochs
    if epochs != plan.epochs or (
        options.epochs and trainer.state.ended and epochs > trainer.state.epoch
    ):
        yield _extend_epochs(trainer, folder, epochs)


def _extend_epochs(trainer: Trainer, folder: RunFolder, epochs: int) -> SettingChanged:
    values: dict[str, int | bool] = {"epochs": epochs}
    if trainer.state.ended:
        values["new_span"] = True
    position = RunPosition(trainer.state.epoch, trainer.state.index)
    plan, text = apply_change(trainer.plan, "epochs", values, position)
    trainer.apply_plan(plan)
    trainer.state.ended, trainer.state.waited = "", 0
    change = SettingChanged(trainer.state.step + 1, "epochs", values, text)
    folder.add_change(change)
    return change
