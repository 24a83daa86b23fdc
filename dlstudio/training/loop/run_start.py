"""Creates a run's folder, or resumes the run in its existing folder."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from dlstudio.design.storage.atomic_files import write_atomically
from dlstudio.training.optim.module_tensors import module_tensors
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import RunOptions, SettingChanged
from dlstudio.training.step.plan import RunPosition
from dlstudio.training.step.run_changes import apply_change
from dlstudio.training.step.trainer import Trainer
from dlstudio.training.storage import runs
from dlstudio.training.storage.checkpoint import TrainerState, newest_checkpoint, strip_prefix
from dlstudio.training.storage.data_record import compare_data, data_record
from dlstudio.training.storage.json_files import read_json
from dlstudio.training.storage.run_folder import RunFolder, environment_info, started_at


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A run that is ready to start or resume.

    Attributes:
        changes: Changes already applied because the options asked for them.
        notes: Lines for the user about what differs from the run that is resumed.
    """

    trainer: Trainer
    folder: RunFolder | None
    changes: tuple[SettingChanged, ...] = ()
    notes: tuple[str, ...] = ()


def require_free_folder(run_dir: Path) -> None:
    """Check that a new run would not replace another one.

    Raises:
        TrainingError: The folder holds a run.
    """
    if (run_dir / runs.INFO).exists():
        raise TrainingError(
            f"{run_dir} already holds a run. Choose another folder, resume that run, or ask for it "
            "to be overwritten."
        )


def require_run(run_dir: Path) -> None:
    """Check that a folder holds a run to resume.

    Raises:
        TrainingError: There is no run.
    """
    if runs.read_info(run_dir) is None or not (run_dir / runs.PROJECT).exists():
        raise TrainingError(f"{run_dir} holds no run to resume. Check the folder's name.")


def open_run(trainer: Trainer, options: RunOptions) -> PreparedRun:
    """Return the run with its folder: a new one, or that of the resumed run.

    Raises:
        OSError: The folder cannot be written.
        TrainingError: A new run's folder holds another run, the resumed run belongs to a different
            network or to different data, or one of its changes cannot be replayed.
    """
    if not options.run_dir and not options.runs_dir:
        return PreparedRun(trainer, None)
    context = trainer.context
    seed = context.project.training.seed
    run_environment = {
        **environment_info(context.device, context.threads, seed),
        "overrides": {"seed": options.seed, "epochs": options.epochs},
    }
    if options.resume and options.run_dir:
        folder = RunFolder(Path(options.run_dir), started_at(Path(options.run_dir)))
        with _acquired(folder):
            return _resumed_run(trainer, folder, options, run_environment)
    if options.run_dir and not options.overwrite:
        require_free_folder(Path(options.run_dir))
    path = Path(options.run_dir) if options.run_dir else runs.new_run_dir(Path(options.runs_dir))
    folder = RunFolder(path)
    with _acquired(folder):
        folder.write_setup(context.project, run_environment, data_record(context.data))
        folder.truncate(-1, -1)
        if options.initial_weights:
            weights = options.initial_weights
            write_atomically(path / runs.INITIAL, lambda copy: shutil.copyfile(weights, copy))
        return PreparedRun(trainer, folder)


@contextlib.contextmanager
def _acquired(folder: RunFolder) -> Iterator[None]:
    """Keep the folder of a run for this process, unless preparing the run fails.

    Raises:
        TrainingError: Another run is active in the folder.
    """
    if not folder.acquire():
        raise TrainingError(
            f"The run in {folder.path} is being trained in another window or program. Wait until "
            "it has ended, or stop it there."
        )
    try:
        yield
    except BaseException:
        folder.release()
        raise


def _resumed_run(
    trainer: Trainer, folder: RunFolder, options: RunOptions, run_environment: Mapping[str, Any]
) -> PreparedRun:
    """Return a run that continues from its last checkpoint."""
    context = trainer.context
    checkpoint = newest_checkpoint(folder.checkpoints)
    notes = [] if checkpoint else ["The run has no checkpoint; it starts from the beginning"]
    if checkpoint is not None:
        _check_same_network(trainer, checkpoint[0], folder.path)
    stored = read_json(folder.path / runs.DATA)
    if stored is not None:
        notes.extend(compare_data(stored, context.data))
    overrides = (read_json(folder.path / runs.ENVIRONMENT) or {}).get("overrides")
    run_environment = {**run_environment, "overrides": overrides}
    if overrides is None:
        del run_environment["overrides"]
    folder.write_setup(context.project, run_environment, data_record(context.data))
    changes = tuple(_resume(trainer, folder, checkpoint, options))
    if trainer.state.ended:
        notes.append(
            f"The run is already finished after {trainer.state.epoch:,} epochs; ask for more "
            "epochs in all to continue it"
        )
    return PreparedRun(trainer, folder, changes, tuple(notes))


def _check_same_network(trainer: Trainer, trainer_state: TrainerState, path: Path) -> None:
    """Compare names and shapes of the weights before the folder is modified."""
    stored = {
        name: tensor.shape for name, tensor in strip_prefix(trainer_state.tensors, "module").items()
    }
    current = {name: tensor.shape for name, tensor in module_tensors(trainer.module).items()}
    key = next(
        (name for name in {**current, **stored} if stored.get(name) != current.get(name)), None
    )
    if key is not None:
        raise TrainingError(
            f"The run in {path} belongs to a different network: {key!r} does not match. Resume it "
            "with its own design, or start a new run."
        )


def _resume(
    trainer: Trainer,
    folder: RunFolder,
    checkpoint: tuple[TrainerState, Mapping[str, Tensor] | None] | None,
    options: RunOptions,
) -> Iterator[SettingChanged]:
    """Restore the checkpoint, delete what was recorded after it, and replay the changes."""
    if checkpoint is not None:
        trainer_state, best = checkpoint
        trainer.restore(trainer_state)
        trainer.best = (
            None if best is None else {k: v.to(trainer.context.device) for k, v in best.items()}
        )
    folder.truncate(trainer.state.step, trainer.state.epoch)
    plan, steps = trainer.plan, trainer.batches.steps
    for change in folder.changes():
        done = change["step"] - 1
        epoch, index = change.get("epoch", done // steps), change.get("index", done % steps)
        position = RunPosition(epoch, index)
        plan, _ = apply_change(plan, change["change"], change["arguments"], position)
        if change["arguments"].get("new_span") and done == trainer.state.step:
            trainer.state.ended, trainer.state.waited = "", 0
    trainer.apply_plan(plan)
    epochs = plan.epochs if options.epochs is None else options.epochs
    if epochs != plan.epochs or (
        options.epochs and trainer.state.ended and epochs > trainer.state.epoch
    ):
        values: dict[str, int | bool] = {"epochs": epochs}
        if trainer.state.ended:
            values["new_span"] = True
        yield _apply_change(trainer, folder, "epochs", values)
        trainer.state.ended, trainer.state.waited = "", 0
        folder.write_info("running", trainer.context.project, trainer.plan.epochs, trainer.state)
    for name, arguments in () if trainer.state.ended else options.changes:
        yield _apply_change(trainer, folder, name, arguments)


def _apply_change(
    trainer: Trainer, folder: RunFolder, name: str, arguments: Mapping[str, Any]
) -> SettingChanged:
    """Apply and record a change before the first step of the resumed run."""
    state = trainer.state
    position = RunPosition(state.epoch, state.index)
    plan, text = apply_change(trainer.plan, name, arguments, position)
    trainer.apply_plan(plan)
    change = SettingChanged(state.step + 1, name, dict(arguments), text)
    folder.add_change(change, state.epoch, state.index)
    return change
