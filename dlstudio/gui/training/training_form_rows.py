"""The rows of the training form: each setting, how it is read and how it is written.

Imports no widget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import (
    AUTOMATIC,
    NO_CLASS_WEIGHTS,
    EarlyStopping,
    Optimiser,
    ParameterGroup,
    Schedule,
    TrainingSettings,
    with_epochs,
)
from dlstudio.design.model.values import Value
from dlstudio.gui.forms.form_row import FormRow
from dlstudio.gui.training.class_weight_rows import class_weight_rows, has_class_weights
from dlstudio.layers.framework.settings import Boolean, Choice, Setting, Text
from dlstudio.training.metrics.early_stop_texts import automatic_stop_text
from dlstudio.training.options.named_option import NamedOption
from dlstudio.training.options.training_options import (
    CLIPPING,
    CLIPPING_LIMIT,
    EARLY_STOPPING,
    LEARNING_RATE,
    OPTIMISERS,
    RATE_FACTOR,
    SCHEDULES,
    WEIGHT_DECAY,
)
from dlstudio.training.specs.registry import (
    LOSSES,
    TASKS,
    losses_for,
    monitors,
    offered_monitors,
)
from dlstudio.training.specs.run_settings import RUN_SETTINGS

Read = Callable[[TrainingSettings], Value]
Write = Callable[[TrainingSettings, Any], TrainingSettings]
NamedOptions = Mapping[str, NamedOption]
AUTOMATIC_ROWS = frozenset({"epochs", "batch_size", "optimiser.learning_rate"})
"""Rows that can be left to the studio."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading."""

    title: str
    rows: tuple[FormRow[TrainingSettings], ...]


def epochs_help(resolved: TrainingSettings) -> str:
    """Return the help of the epochs: when settings with numbers throughout end a run early."""
    stop = automatic_stop_text(resolved)
    help_text = RUN_SETTINGS["epochs"].help
    return f"{help_text}\nUp to {resolved.epochs} epochs. {stop}." if stop else help_text


def sections(training: TrainingSettings, facts: DatasetInfo) -> tuple[Section, ...]:
    """Return the form's sections; which rows there are depends on the settings and the data."""
    group = training.groups[0]
    epochs_row = replace(_run_row("epochs"), write=with_epochs)
    run_rows = (epochs_row, *map(_run_row, ("batch_size", "seed", "test_each_epoch")))
    keeping_rows = () if training.early_stopping.enabled else (_run_row("keep_best"),)
    device_rows = map(_run_row, ("device", "mixed_precision", "reproducible"))
    stopping_rows = _stopping_rows(training.early_stopping, offered_monitors(training, facts))
    decay_rows = (
        _group_attribute_row("optimiser", "weight_decay", WEIGHT_DECAY),
        _group_attribute_row("optimiser", "decay_all", _DECAY_ALL),
    )
    group_section = (Section("Parameter group", _GROUP_ROWS),) if len(training.groups) > 1 else ()
    return (
        Section("Training", (*_task_rows(training, facts), *run_rows, *keeping_rows)),
        *group_section,
        Section(
            "Optimiser", (*_choice_rows("optimiser", OPTIMISERS, group.optimiser.name), *decay_rows)
        ),
        Section("Schedule", tuple(_choice_rows("schedule", SCHEDULES, group.schedule.name))),
        Section("Gradient clipping", _clipping_rows(group.clipping.mode)),
        Section("Early stopping", tuple(stopping_rows)),
        Section("Device", tuple(device_rows)),
    )


def with_task(training: TrainingSettings, task: str) -> TrainingSettings:
    """Return settings for another task, replacing what does not suit it.

    That is the loss, the metric that early stopping monitors, and the parameter groups if the
    new or the old task defines groups.
    """
    stopping, metrics = training.early_stopping, monitors(task)
    if stopping.monitor not in metrics:
        stopping = replace(stopping, monitor=next(iter(metrics)))
    groups = _groups_for(training, task)
    new_training = replace(
        training, task=task, task_settings={}, early_stopping=stopping, groups=groups
    )
    if not has_class_weights(task):
        new_training = replace(new_training, class_weights=NO_CLASS_WEIGHTS, class_weight_values={})
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
        return AUTOMATIC.groups
    return training.groups


def update_first_group(training: TrainingSettings, **changes: Any) -> TrainingSettings:
    """Return settings with fields of the first parameter group replaced."""
    return replace(training, groups=(replace(training.groups[0], **changes), *training.groups[1:]))


def _group_row(name: str, setting: Setting) -> FormRow[TrainingSettings]:
    def write(training: TrainingSettings, value: Value) -> TrainingSettings:
        return update_first_group(training, **{name: value})

    return FormRow(
        f"group.{name}", setting, lambda training: getattr(training.groups[0], name), write
    )


_GROUP_ROWS = (
    _group_row("name", Text(title="Name", help="Name of the group.", default="all")),
    _group_row("factor", RATE_FACTOR),
    _group_row(
        "frozen",
        Boolean(title="Frozen", help="Training does not change the group's layers.", default=False),
    ),
)

_DECAY_ALL = Boolean(
    title="Decay biases too",
    help="Apply weight decay to biases and norms as well.",
    default=False,
    advanced=True,
)
_CHOICES = {
    "optimiser": Choice(
        title="Optimiser",
        help="The rule that updates the weights from their gradients.",
        default=Optimiser().name,
        options=tuple(OPTIMISERS),
    ),
    "schedule": Choice(
        title="Schedule",
        help="How the learning rate changes over the run.",
        default=Schedule().name,
        options=tuple(SCHEDULES),
    ),
}


def _titles(options: NamedOptions) -> dict[str, str]:
    return {name: option.title for name, option in options.items()}


def _run_row(name: str) -> FormRow[TrainingSettings]:
    return FormRow(
        name,
        replace(RUN_SETTINGS[name], advanced=False),
        lambda training: getattr(training, name),
        lambda training, value: replace(training, **{name: value}),
    )


def _task_rows(
    training: TrainingSettings, facts: DatasetInfo
) -> tuple[FormRow[TrainingSettings], ...]:
    losses = losses_for(training.task)
    loss_choice = Choice(
        title="Loss",
        help=RUN_SETTINGS["loss"].help,
        default="",
        options=tuple(losses) or (training.loss,),
    )
    unknown_task = () if training.task in TASKS else (training.task,)
    task_choice = Choice(
        title=RUN_SETTINGS["task"].title,
        help=RUN_SETTINGS["task"].help,
        default=TrainingSettings().task,
        options=(*unknown_task, *TASKS),
    )
    task = replace(_run_row("task"), setting=task_choice, write=with_task, titles=_titles(TASKS))
    loss = replace(_run_row("loss"), setting=loss_choice, write=_with_loss, titles=_titles(LOSSES))
    loss_settings = LOSSES[training.loss].settings if training.loss in LOSSES else {}
    task_settings = TASKS[training.task].settings if training.task in TASKS else {}
    return (
        task,
        *(_nested_row("task_settings", name, setting) for name, setting in task_settings.items()),
        loss,
        *(_nested_row("loss_settings", name, setting) for name, setting in loss_settings.items()),
        *(class_weight_rows(training, facts) if has_class_weights(training.task) else ()),
    )


def _with_loss(training: TrainingSettings, loss: str) -> TrainingSettings:
    return replace(training, loss=loss, loss_settings={})


def _nested_row(attribute: str, name: str, setting: Setting) -> FormRow[TrainingSettings]:
    """Return the row of a setting of the loss or the task."""

    def read(training: TrainingSettings) -> Value:
        settings: Mapping[str, Value] = getattr(training, attribute)
        return settings.get(name, setting.default)

    def write(training: TrainingSettings, value: Value) -> TrainingSettings:
        changes: dict[str, Any] = {attribute: {**getattr(training, attribute), name: value}}
        return replace(training, **changes)

    return FormRow(f"{attribute.removesuffix('_settings')}.{name}", setting, read, write)


def _choice_rows(
    attribute: str, options: NamedOptions, selected: str
) -> tuple[FormRow[TrainingSettings], ...]:
    """Return the row of a choice and the rows of the chosen option's settings."""

    def write(training: TrainingSettings, value: str) -> TrainingSettings:
        current = getattr(training.groups[0], attribute)
        if current.name == value:
            return training
        return update_first_group(
            training, **{attribute: replace(current, name=value, settings={})}
        )

    def read(training: TrainingSettings) -> Value:
        name: str = getattr(training.groups[0], attribute).name
        return name

    option_settings = options[selected].settings if selected in options else {}
    choice = FormRow(f"{attribute}.name", _CHOICES[attribute], read, write, _titles(options))
    rate = (
        (_group_attribute_row("optimiser", "learning_rate", LEARNING_RATE),)
        if attribute == "optimiser"
        else ()
    )
    return (
        choice,
        *rate,
        *(_option_row(attribute, name, setting) for name, setting in option_settings.items()),
    )


def _group_attribute_row(attribute: str, name: str, setting: Setting) -> FormRow[TrainingSettings]:
    """Return the row of a nested field of the first parameter group."""

    def read(training: TrainingSettings) -> Value:
        value: Value = getattr(getattr(training.groups[0], attribute), name)
        return value

    def write(training: TrainingSettings, value: Value) -> TrainingSettings:
        current = getattr(training.groups[0], attribute)
        return update_first_group(training, **{attribute: replace(current, **{name: value})})

    return FormRow(f"{attribute}.{name}", setting, read, write)


def _option_row(attribute: str, name: str, setting: Setting) -> FormRow[TrainingSettings]:
    """Return the row of a setting of an optimiser or a schedule."""

    def read(training: TrainingSettings) -> Value:
        settings: Mapping[str, Value] = getattr(training.groups[0], attribute).settings
        return settings.get(name, setting.default)

    def write(training: TrainingSettings, value: Value) -> TrainingSettings:
        current = getattr(training.groups[0], attribute)
        settings = {**current.settings, name: value}
        return update_first_group(training, **{attribute: replace(current, settings=settings)})

    return FormRow(f"{attribute}.settings.{name}", setting, read, write)


def _clipping_rows(mode: str) -> tuple[FormRow[TrainingSettings], ...]:
    choice = Choice(
        title="Clip",
        help="Limits the size of a single update.",
        default="none",
        options=tuple(CLIPPING),
    )
    first = replace(_group_attribute_row("clipping", "mode", choice), titles=_titles(CLIPPING))
    return (
        (first,)
        if mode == "none"
        else (first, _group_attribute_row("clipping", "limit", CLIPPING_LIMIT))
    )


def _stopping_rows(
    stopping: EarlyStopping, metrics: Mapping[str, str]
) -> Iterator[FormRow[TrainingSettings]]:
    monitor = Choice(
        title="Monitor",
        help="The validation metric that decides when to stop.",
        default="validation_loss",
        options=tuple(metrics),
    )
    yield _stopping_row("enabled", EARLY_STOPPING["enabled"])
    if not stopping.enabled:
        return
    yield replace(_stopping_row("monitor", monitor), titles=metrics)
    for name, setting in EARLY_STOPPING.items():
        if name != "enabled":
            yield _stopping_row(name, setting)


def _stopping_row(name: str, setting: Setting) -> FormRow[TrainingSettings]:
    return FormRow(
        f"early_stopping.{name}",
        setting,
        lambda training: getattr(training.early_stopping, name),
        lambda training, value: replace(
            training,
            early_stopping=replace(training.early_stopping, **{name: value, "automatic": False}),
        ),
    )
