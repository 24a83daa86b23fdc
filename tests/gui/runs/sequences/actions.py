"""What a person does, each as a function of a number that chooses among the possibilities.

An action that is not possible now does nothing, so that any part of a sequence is a sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dlstudio.design.commands.clipboard import copy, paste
from dlstudio.design.edits import insert_before, set_data, set_settings, set_training
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import Schedule
from dlstudio.gui.runs.next_run import NextAction
from dlstudio.gui.runs.session import IDLE
from dlstudio.training.storage.runs import list_runs
from tests.gui.runs.sequences.expectations import (
    Expected,
    ExpectedRun,
    fingerprint,
    settings_of,
)
from tests.gui.runs.sequences.studio import Studio, crash

_FILE = "weights.safetensors"


@dataclass(slots=True)
class World:
    """The studio, its model, and the folder with all files."""

    studio: Studio
    expected: Expected
    folder: Path

    @property
    def is_idle(self) -> bool:
        """Whether no run is active."""
        return self.studio.session.state == IDLE

    def edit(self, change: Callable[[Project], Any]) -> None:
        """Apply an edit to the document and to the model."""
        self.studio.document.try_edit(change, "Edit")
        self.expected.edit(self.studio.document.project)

    def edit_training(self, change: Callable[[Project], Any]) -> None:
        """Change the settings of training."""
        self.edit(lambda project: set_training(project, change(project.training)))


def edit(world: World, number: int) -> None:
    """Change the network."""
    if number % 4 == 0 and "dropout_1" not in world.expected.shown.graph.nodes:
        world.edit(lambda p: insert_before(p, "linear_2", "input", "dropout", {})[0])
    else:
        width = {"out_features": 2 + number % 3}
        world.edit(lambda p: set_settings(p, ["linear_1"], width))


def freeze(world: World, number: int) -> None:
    """Freeze a layer, or let it learn again."""
    world.edit(lambda p: set_settings(p, ["linear_1"], {"frozen": bool(number % 2)}))


def change_setting(world: World, number: int) -> None:
    """Change a setting that a run can take over."""
    kind, value = number % 7, number // 7 % 2
    if kind == 0:
        world.edit_training(lambda t: replace(t, batch_size=(8, 16)[value]))
    elif kind == 1:
        world.edit_training(lambda t: replace(t, loss_settings={"label_smoothing": value / 10}))
    elif kind == 2:
        world.edit_training(lambda t: replace(t, keep_best=bool(value)))
    elif kind == 3:
        world.edit_training(
            lambda t: replace(
                t, early_stopping=replace(t.early_stopping, enabled=bool(value), patience=50)
            )
        )
    elif kind == 4:
        world.edit_training(lambda t: replace(t, epochs=1 + number // 7 % 3))
    elif kind == 5:
        _change_group(world, schedule=Schedule(("constant", "cosine")[value]))
    else:
        (group,) = world.expected.shown.training.groups
        rate = (0.01, 0.003)[value]
        _change_group(world, optimiser=replace(group.optimiser, learning_rate=rate))


def _change_group(world: World, **values: Any) -> None:
    world.edit_training(lambda t: replace(t, groups=(replace(t.groups[0], **values),)))


def change_data(world: World, number: int) -> None:
    """Change the data, or the seed of its split."""
    if number % 2:
        samples = {**world.expected.shown.data.options, "samples": (40, 60)[number // 2 % 2]}
        world.edit(lambda p: set_data(p, replace(p.data, options=samples)))
    else:
        seed = number // 2 % 2
        world.edit(lambda p: set_data(p, replace(p.data, split=replace(p.data.split, seed=seed))))


def undo(world: World, _number: int) -> None:
    """Undo the last edit."""
    if world.expected.position:
        world.studio.document.undo_stack.undo()
        world.expected.position -= 1


def redo(world: World, _number: int) -> None:
    """Redo the edit that was undone."""
    if world.expected.position + 1 < len(world.expected.history):
        world.studio.document.undo_stack.redo()
        world.expected.position += 1


def paste_layers(world: World, _number: int) -> None:
    """Copy a layer and paste it, unconnected."""
    if len(world.expected.shown.graph.nodes) < 8:
        text = copy(world.expected.shown, ["linear_1", "relu_1"])
        world.edit(lambda p: paste(p, text)[0])


def train(world: World, _number: int) -> None:
    """Press Train: start, resume, continue or start over."""
    _run(world, world.studio.runs.next_run.train)


def train_epoch(world: World, _number: int) -> None:
    """Train one epoch, then pause."""
    _run(world, world.studio.runs.next_run.step_epoch)


def start_over(world: World, _number: int) -> None:
    """Start a new run with new weights."""
    if world.is_idle and world.studio.runs.next_run.can_start_over:
        _run(world, world.studio.runs.next_run.start_over, new=True)


def go_on(world: World, number: int) -> None:
    """Continue for a chosen number of epochs."""
    next_run = world.studio.runs.next_run
    if world.is_idle and next_run.can_continue:
        before = world.studio.session.run.history.epoch
        _run(world, lambda: next_run.continue_for(1 + number % 2))
        assert world.studio.session.run.history.epoch == before + 1 + number % 2, "other epochs"


def _run(world: World, start: Callable[[], None], *, new: bool = False) -> None:
    studio, expected, session = world.studio, world.expected, world.studio.session
    was_idle, before = world.is_idle, Path(session.run.folder).name
    continues = not was_idle or (
        not new and studio.runs.next_run.plan.action is NextAction.CONTINUE
    )
    start()
    studio.wait()
    if was_idle and not studio.document.report.ok:
        assert world.is_idle, "a design with errors was trained"
        assert Path(session.run.folder).name == before, "a design with errors was trained"
        return
    if continues:
        assert Path(session.run.folder).name == before, "a new run instead of the last one"
    else:
        assert Path(session.run.folder).name != before, "the last run instead of a new one"
        expected.run, expected.imported = ExpectedRun(expected.shown, {}), False
    assert expected.run is not None
    if was_idle:
        expected.run.settings = settings_of(expected.shown.training)
    expected.runs[Path(session.run.folder).name] = expected.run
    _note_end(world)


def _note_end(world: World) -> None:
    if world.is_idle:
        expected = world.expected
        assert expected.run is not None
        expected.weights = fingerprint(Path(world.studio.session.run.folder, _FILE))
        expected.source = expected.run.project


def stop(world: World, _number: int) -> None:
    """Stop the paused run; its weights stay."""
    if not world.is_idle:
        world.studio.session.stop()
        world.studio.wait()
        _note_end(world)


def reset(world: World, _number: int) -> None:
    """Reset to the initial weights."""
    if world.is_idle:
        world.studio.runs.reset()
        world.studio.wait()
        world.expected.run = world.expected.weights = None
        world.expected.imported = False


def save(world: World, _number: int) -> None:
    """Save to the file of the design."""
    assert world.studio.files.save()
    _note_saved(world)


def save_as(world: World, number: int) -> None:
    """Save as another file, in part in another folder."""
    path = (
        world.folder / ("here", "there")[number % 2] / f"{('one', 'two')[number // 2 % 2]}.dlstudio"
    )
    path.parent.mkdir(exist_ok=True)
    world.studio.prompts.path = path
    assert world.studio.files.save_as()
    _note_saved(world)


def _note_saved(world: World) -> None:
    world.studio.wait()
    path = world.studio.document.path
    assert path is not None
    world.expected.stored[path] = world.expected.fitting_weights


def reopen(world: World, _number: int) -> None:
    """Open the saved design again; unsaved work is discarded."""
    path = world.studio.document.path
    if path is None:
        return
    world.studio.close()
    world.studio = Studio(world.folder / "recovery")
    assert world.studio.files.open_path(path)
    world.studio.wait()
    world.expected.load(load(path))
    _note_opened(world, world.expected.stored[path])


def _note_opened(world: World, weights: str | None) -> None:
    """Take note of the run that was restored; its weights must be those of the design."""
    expected, folder = world.expected, world.studio.session.run.folder
    expected.weights = weights
    if folder:
        assert weights == fingerprint(Path(folder, _FILE)), "the curves of another run"
        expected.run = expected.runs[Path(folder).name]


def crash_and_recover(world: World, _number: int) -> None:
    """End the process; open the design again, with the work that was not saved."""
    studio, path = world.studio, world.studio.document.path
    if path is None:
        return
    studio.autosave.save_copy()
    was_clean, shown = studio.document.is_clean, world.expected.shown
    unsaved, source = studio.runs.unsaved_weights, world.expected.source
    has_reference = was_clean or studio.document.project.weights is not None
    weights = world.expected.stored[path] if has_reference else None
    weights = world.expected.weights if unsaved else weights
    crash(studio, world.folder)
    world.studio = Studio(world.folder / "recovery")
    restored = world.studio.autosave.offer_recovery()
    assert restored is not was_clean, "unsaved work is lost"
    if was_clean:
        assert world.studio.files.open_path(path)
    world.studio.wait()
    world.expected.load(load(path) if was_clean else shown)
    _note_opened(world, weights)
    world.expected.imported = unsaved
    if unsaved:
        world.expected.source = source


def resume_interrupted(world: World, _number: int) -> None:
    """Resume the newest run if it was interrupted, with its own design."""
    studio = world.studio
    newest = next(reversed(list_runs(studio.runs.folder())), None)
    if not world.is_idle or newest is None or not newest.was_interrupted:
        return
    if not studio.document.report.ok:
        return
    studio.session.resume_run(newest.path)
    studio.wait()
    world.expected.run = world.expected.runs[newest.name]
    assert studio.session.run.history.epoch == newest.epochs, "other epochs"
    _note_end(world)


ACTIONS: Mapping[str, tuple[int, Callable[[World, int], None]]] = {
    "edit": (4, edit),
    "freeze": (2, freeze),
    "setting": (5, change_setting),
    "data": (2, change_data),
    "undo": (3, undo),
    "redo": (2, redo),
    "paste": (1, paste_layers),
    "train": (6, train),
    "train epoch": (3, train_epoch),
    "stop": (3, stop),
    "go on": (2, go_on),
    "start over": (1, start_over),
    "reset": (1, reset),
    "save": (4, save),
    "save as": (2, save_as),
    "reopen": (2, reopen),
    "crash": (1, crash_and_recover),
    "resume": (2, resume_interrupted),
}
"""Each action with its weight."""
