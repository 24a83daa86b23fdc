"""Changes of whole training settings: batch size, schedule, early stopping and the loss's weights.

None of them changes the network's parameters or the state of an optimiser. Does not import torch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dlstudio.design.edits import set_training
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import (
    BALANCED,
    CUSTOM,
    NO_CLASS_WEIGHTS,
    EarlyStopping,
    Schedule,
    TrainingSettings,
)
from dlstudio.training.metrics.metric_names import metric_title
from dlstudio.training.options.named_option import find_option
from dlstudio.training.options.training_options import EARLY_STOPPING, SCHEDULES
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.specs.registry import LOSSES, TASKS
from dlstudio.training.specs.run_settings import RUN_SETTINGS
from dlstudio.training.step.plan import Plan, RunPosition
from dlstudio.training.step.run_change import Arguments, RunChange

_Edit = Callable[[TrainingSettings, Arguments], TrainingSettings]
_Describe = Callable[[TrainingSettings, TrainingSettings], str]


def _change(edit: _Edit, describe: _Describe) -> RunChange:
    """Return a change that is an edit of the training settings, described by both states."""

    def in_plan(plan: Plan, arguments: Arguments, _: RunPosition) -> tuple[Plan, str]:
        training = edit(plan.training, arguments)
        return replace(plan, training=training), describe(plan.training, training)

    def in_design(project: Project, arguments: Arguments) -> Project:
        return set_training(project, edit(project.training, arguments))

    return RunChange(in_plan, in_design)


def _with_schedule(training: TrainingSettings, arguments: Arguments) -> TrainingSettings:
    option = find_option(SCHEDULES, str(arguments["name"]), "schedule")
    settings = dict(arguments.get("settings", {}))
    option.parse(settings)
    name = arguments.get("group", "")
    if name and all(group.name != name for group in training.groups):
        raise TrainingError(f"There is no parameter group called {name!r}.")
    schedule = Schedule(option.name, settings)
    groups = (
        replace(group, schedule=schedule) if not name or group.name == name else group
        for group in training.groups
    )
    return replace(training, groups=tuple(groups))


def _describe_schedule(before: TrainingSettings, after: TrainingSettings) -> str:
    for old, new in zip(before.groups, after.groups, strict=True):
        if old.schedule != new.schedule:
            titles = [SCHEDULES[one.schedule.name].title.lower() for one in (old, new)]
            if titles[0] != titles[1]:
                return f"schedule {titles[0]} → {titles[1]}"
            settings = SCHEDULES[new.schedule.name].settings
            pairs = (old.schedule.settings, new.schedule.settings)
            return f"schedule {titles[0]}: {_differences(settings, *pairs)}"
    return f"schedule {SCHEDULES[after.groups[0].schedule.name].title.lower()}"


def _differences(
    settings: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]
) -> str:
    """Return the settings that differ, with both values."""
    values = ((setting, old.get(name, setting.default), new.get(name, setting.default))
              for name, setting in settings.items())  # fmt: skip
    return ", ".join(
        f"{setting.title.lower()} {before} → {after}"
        for setting, before, after in values
        if before != after
    )


def _with_early_stopping(training: TrainingSettings, arguments: Arguments) -> TrainingSettings:
    values = {name: setting.parse(arguments.get(name, setting.default))
              for name, setting in EARLY_STOPPING.items()}  # fmt: skip
    monitor = str(arguments.get("monitor", EarlyStopping().monitor))
    return replace(training, early_stopping=EarlyStopping(monitor=monitor, **values))


def _describe_early_stopping(_: TrainingSettings, after: TrainingSettings) -> str:
    stopping = after.early_stopping
    if not stopping.enabled:
        return "early stopping off"
    metric = metric_title(stopping.monitor)
    return f"early stopping after {stopping.patience} epochs without a better {metric}"


def _with_loss_settings(training: TrainingSettings, arguments: Arguments) -> TrainingSettings:
    settings = dict(arguments["settings"])
    find_option(LOSSES, training.loss, "loss").parse(settings)
    return replace(training, loss_settings=settings)


def _describe_loss(before: TrainingSettings, after: TrainingSettings) -> str:
    settings = LOSSES[after.loss].settings
    return _differences(settings, before.loss_settings, after.loss_settings) or "loss unchanged"


def _with_class_weights(training: TrainingSettings, arguments: Arguments) -> TrainingSettings:
    kind = str(arguments["class_weights"])
    if kind not in {NO_CLASS_WEIGHTS, BALANCED, CUSTOM}:
        raise ValueError(f"there are no class weights called {kind!r}")
    values = {str(name): float(value) for name, value in arguments.get("values", {}).items()}
    if any(not math.isfinite(value) or value < 0 for value in values.values()):
        raise ValueError("a class weight is negative or not finite")
    return replace(training, class_weights=kind, class_weight_values=values)


def _describe_class_weights(before: TrainingSettings, after: TrainingSettings) -> str:
    if before.class_weights != after.class_weights:
        return f"class weights {before.class_weights} → {after.class_weights}"
    pairs = after.class_weight_values.items()
    return f"class weights {', '.join(f'{name} {value:g}' for name, value in pairs)}"


def _switch(name: str) -> RunChange:
    """Return the change of a setting that is on or off."""
    setting = RUN_SETTINGS[name]

    def edit(training: TrainingSettings, arguments: Arguments) -> TrainingSettings:
        return replace(training, **{name: setting.parse(arguments[name])})

    def describe(_: TrainingSettings, after: TrainingSettings) -> str:
        return f"{setting.title.lower()} {'on' if getattr(after, name) else 'off'}"

    return _change(edit, describe)


def _batch_size_in_plan(
    plan: Plan, arguments: Arguments, position: RunPosition
) -> tuple[Plan, str]:
    if TASKS[plan.training.task].views > 1:
        raise TrainingError("The batch size is part of this loss and cannot change in a run.")
    size = RUN_SETTINGS["batch_size"].parse(arguments["batch_size"])
    if size is None:
        raise ValueError("the batch size is missing")
    begins = position.epoch + (1 if position.index else 0)
    before = plan.batch_size_of(begins)
    sizes = (*plan.batch_sizes, (begins, int(size)))
    text = f"batch size {before} → {size}"
    return replace(plan, batch_sizes=sizes), text + (
        " from the next epoch" if position.index else ""
    )


def _batch_size_in_design(project: Project, arguments: Arguments) -> Project:
    size = int(arguments["batch_size"])
    return set_training(project, replace(project.training, batch_size=size))


TRAINING_CHANGES: Mapping[str, RunChange] = {
    "batch_size": RunChange(_batch_size_in_plan, _batch_size_in_design),
    "schedule": _change(_with_schedule, _describe_schedule),
    "early_stopping": _change(_with_early_stopping, _describe_early_stopping),
    "loss_settings": _change(_with_loss_settings, _describe_loss),
    "class_weights": _change(_with_class_weights, _describe_class_weights),
    "keep_best": _switch("keep_best"),
    "test_each_epoch": _switch("test_each_epoch"),
}
"""Changes and their arguments: `batch_size` (`batch_size`, from the next epoch on), `schedule`
(`name`, `settings`, `group` name or empty for all), `early_stopping` (its fields), `loss_settings`
(`settings`), `class_weights` (`class_weights`, `values`), `keep_best` and `test_each_epoch`."""
