"""What the training form holds: each entry's declaration, how it is read and how it is set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dlstudio.design.training_settings import EarlyStopping, ParameterGroup, TrainingSettings
from dlstudio.design.values import Value
from dlstudio.layers.settings import Choice, Setting, Switch, Text
from dlstudio.training.recipe import Recipe
from dlstudio.training.recipes import (
    CLIPPING,
    CLIPPING_LIMIT,
    LEARNING_RATE,
    LOSSES,
    OPTIMISERS,
    RATE_FACTOR,
    RUN_SETTINGS,
    SCHEDULES,
    STOPPING,
    WEIGHT_DECAY,
)
from dlstudio.training.task_table import TASKS, monitors

Read = Callable[[TrainingSettings], Value]
Write = Callable[[TrainingSettings, Any], TrainingSettings]
Recipes = Mapping[str, Recipe]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the form; `titles` say a choice's words as people read them."""

    name: str
    setting: Setting
    read: Read
    write: Write
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading."""

    title: str
    entries: tuple[Entry, ...]


def sections(training: TrainingSettings) -> tuple[Section, ...]:
    """Return the form's rows for these settings; other names bring other rows."""
    group = training.groups[0]
    run_rows = map(_plain, ("epochs", "batch_size", "seed", "test_each_epoch"))
    device_rows = map(_plain, ("device", "mixed_precision", "reproducible"))
    stopping_rows = _stopping(training.early_stopping, monitors(training.task))
    decay_rows = (
        _of("optimiser", "weight_decay", WEIGHT_DECAY),
        _of("optimiser", "decay_all", _DECAY_ALL),
    )
    group_section = (Section("Parameter group", _OF_GROUP),) if len(training.groups) > 1 else ()
    return (
        Section("Training", (*_task(training), *run_rows)),
        *group_section,
        Section(
            "Optimiser", (*_worded("optimiser", OPTIMISERS, group.optimiser.name), *decay_rows)
        ),
        Section("Schedule", tuple(_worded("schedule", SCHEDULES, group.schedule.name))),
        Section("Gradient clipping", _clipping(group.clipping.mode)),
        Section("Early stopping", tuple(stopping_rows)),
        Section("Device", tuple(device_rows)),
    )


def losses_for(task: str) -> dict[str, Recipe]:
    """Return the losses that go with a task, best first."""
    return {name: loss for name, loss in LOSSES.items() if task in (loss.tasks or TASKS)}


def with_task(training: TrainingSettings, task: str) -> TrainingSettings:
    """Return settings for another task; what does not go with it is exchanged.

    That is the loss, the figure that early stopping watches, and the parameter groups where the
    new task needs groups of its own, or the old one did.
    """
    stopping, metrics = training.early_stopping, monitors(task)
    if stopping.monitor not in metrics:
        stopping = replace(stopping, monitor=next(iter(metrics)))
    groups = _groups_for(training, task)
    new_training = replace(
        training, task=task, task_settings={}, early_stopping=stopping, groups=groups
    )
    losses = losses_for(task)
    if training.loss in losses:
        return new_training
    return replace(new_training, loss=next(iter(losses)), loss_settings={})


def _groups_for(training: TrainingSettings, task: str) -> tuple[ParameterGroup, ...]:
    needed = TASKS[task].groups if task in TASKS else ()
    selected = [group.selector for group in training.groups]
    if needed:
        matches = selected == [group.selector for group in needed]
        return training.groups if matches else needed
    old_groups = TASKS[training.task].groups if training.task in TASKS else ()
    roles = {group.selector.role for group in old_groups}
    if old_groups and all(selector.role in roles for selector in selected):
        return TrainingSettings().groups
    return training.groups


def with_group(training: TrainingSettings, **changes: Any) -> TrainingSettings:
    """Return settings with fields of the first parameter group exchanged."""
    return replace(training, groups=(replace(training.groups[0], **changes), *training.groups[1:]))


def _of_first_group(name: str, setting: Setting) -> Entry:
    def write(training: TrainingSettings, value: Value) -> TrainingSettings:
        return with_group(training, **{name: value})

    return Entry(
        f"group.{name}", setting, lambda training: getattr(training.groups[0], name), write
    )


_OF_GROUP = (
    _of_first_group("name", Text(title="Name", help="How the group is called.", default="all")),
    _of_first_group("factor", RATE_FACTOR),
    _of_first_group(
        "frozen",
        Switch(title="Frozen", help="The group's layers stay as they are.", default=False),
    ),
)

_DECAY_ALL = Switch(
    title="Decay biases too",
    help="Apply weight decay to biases and norms as well.",
    default=False,
    advanced=True,
)
_WORDED = {
    "optimiser": Choice(
        title="Optimiser",
        help="The rule by which gradients change the weights.",
        default="adam",
        options=tuple(OPTIMISERS),
    ),
    "schedule": Choice(
        title="Schedule",
        help="How the learning rate changes over the run.",
        default="constant",
        options=tuple(SCHEDULES),
    ),
}


def _titles(recipes: Recipes) -> dict[str, str]:
    return {name: option.title for name, option in recipes.items()}


def _plain(name: str) -> Entry:
    return Entry(
        name,
        replace(RUN_SETTINGS[name], advanced=False),
        lambda training: getattr(training, name),
        lambda training, value: replace(training, **{name: value}),
    )


def _task(training: TrainingSettings) -> tuple[Entry, ...]:
    losses = losses_for(training.task)
    loss_choice = Choice(
        title="Loss",
        help=RUN_SETTINGS["loss"].help,
        default="",
        options=tuple(losses) or (training.loss,),
    )
    task = replace(_plain("task"), write=with_task, titles=_titles(TASKS))
    loss = replace(_plain("loss"), setting=loss_choice, write=_write_loss, titles=_titles(LOSSES))
    loss_settings = LOSSES[training.loss].settings if training.loss in LOSSES else {}
    task_settings = TASKS[training.task].settings if training.task in TASKS else {}
    return (
        task,
        *(_held_in("task_settings", name, setting) for name, setting in task_settings.items()),
        loss,
        *(_held_in("loss_settings", name, setting) for name, setting in loss_settings.items()),
    )


def _write_loss(training: TrainingSettings, loss: str) -> TrainingSettings:
    return replace(training, loss=loss, loss_settings={})


def _held_in(part: str, name: str, setting: Setting) -> Entry:
    """Return an entry for one of the loss's or the task's own settings."""

    def read(training: TrainingSettings) -> Value:
        settings: Mapping[str, Value] = getattr(training, part)
        return settings.get(name, setting.default)

    def write(training: TrainingSettings, value: Value) -> TrainingSettings:
        changes: dict[str, Any] = {part: {**getattr(training, part), name: value}}
        return replace(training, **changes)

    return Entry(f"{part.removesuffix('_settings')}.{name}", setting, read, write)


def _worded(part: str, recipes: Recipes, word: str) -> tuple[Entry, ...]:
    """Return the choice of a word and the word's own settings."""

    def write(training: TrainingSettings, value: str) -> TrainingSettings:
        current = getattr(training.groups[0], part)
        if current.name == value:
            return training
        return with_group(training, **{part: replace(current, name=value, settings={})})

    def read(training: TrainingSettings) -> Value:
        name: str = getattr(training.groups[0], part).name
        return name

    option_settings = recipes[word].settings if word in recipes else {}
    choice = Entry(f"{part}.name", _WORDED[part], read, write, _titles(recipes))
    rate = (_of("optimiser", "learning_rate", LEARNING_RATE),) if part == "optimiser" else ()
    return (
        choice,
        *rate,
        *(_own(part, name, setting) for name, setting in option_settings.items()),
    )


def _of(part: str, name: str, setting: Setting) -> Entry:
    """Return an entry for a field of a part of the first parameter group."""

    def read(training: TrainingSettings) -> Value:
        value: Value = getattr(getattr(training.groups[0], part), name)
        return value

    def write(training: TrainingSettings, value: Value) -> TrainingSettings:
        current = getattr(training.groups[0], part)
        return with_group(training, **{part: replace(current, **{name: value})})

    return Entry(f"{part}.{name}", setting, read, write)


def _own(part: str, name: str, setting: Setting) -> Entry:
    """Return an entry for one of an optimiser's or a schedule's own settings."""

    def read(training: TrainingSettings) -> Value:
        settings: Mapping[str, Value] = getattr(training.groups[0], part).settings
        return settings.get(name, setting.default)

    def write(training: TrainingSettings, value: Value) -> TrainingSettings:
        current = getattr(training.groups[0], part)
        settings = {**current.settings, name: value}
        return with_group(training, **{part: replace(current, settings=settings)})

    return Entry(f"{part}.settings.{name}", setting, read, write)


def _clipping(mode: str) -> tuple[Entry, ...]:
    choice = Choice(
        title="Clip",
        help="Keeps single steps from going too far.",
        default="none",
        options=tuple(CLIPPING),
    )
    first = replace(_of("clipping", "mode", choice), titles=_titles(CLIPPING))
    return (first,) if mode == "none" else (first, _of("clipping", "limit", CLIPPING_LIMIT))


def _stopping(stopping: EarlyStopping, figures: Mapping[str, str]) -> Iterator[Entry]:
    monitor = Choice(
        title="Watch",
        help="The validation figure that decides.",
        default="validation_loss",
        options=tuple(figures),
    )
    yield _of_stopping("enabled", STOPPING["enabled"])
    if not stopping.enabled:
        return
    yield replace(_of_stopping("monitor", monitor), titles=figures)
    for name, setting in STOPPING.items():
        if name != "enabled":
            yield _of_stopping(name, setting)


def _of_stopping(name: str, setting: Setting) -> Entry:
    return Entry(
        f"early_stopping.{name}",
        setting,
        lambda training: getattr(training.early_stopping, name),
        lambda training, value: replace(
            training, early_stopping=replace(training.early_stopping, **{name: value})
        ),
    )
