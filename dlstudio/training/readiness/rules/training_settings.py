"""Rules for valid training settings, and for features that need validation data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from dlstudio.design.model.problems import Problem, Repair, error
from dlstudio.design.model.training_settings import ParameterGroup, Schedule
from dlstudio.training.options.named_option import find_option
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
from dlstudio.training.readiness.core.check_context import (
    CheckContext,
    change_data,
    change_training,
)
from dlstudio.training.specs.registry import LOSSES, TASKS, monitors
from dlstudio.training.specs.run_settings import RUN_SETTINGS

VALIDATION_SHARE = 0.15


def setting_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield every invalid training setting; the task has its own rule."""
    training = context.project.training
    for name, declared in RUN_SETTINGS.items():
        if name not in ("task", "loss"):
            yield from _problem_if_invalid(
                partial(declared.parse, getattr(training, name)),
                change_training(
                    f"Reset {declared.title} to {declared.default!r}", **{name: declared.default}
                ),
            )
    if training.task in TASKS:
        usual = TASKS[training.task].losses[0]
        yield from _problem_if_invalid(
            partial(find_option, LOSSES, training.loss, "loss"),
            change_training(f"Reset Loss to {usual.title}", loss=usual.name, loss_settings={}),
        )
    if training.loss in LOSSES:
        yield from _problem_if_invalid(
            lambda: LOSSES[training.loss].parse(training.loss_settings),
            change_training("Reset the loss settings", loss_settings={}),
        )
    if training.task in TASKS:
        yield from _problem_if_invalid(
            lambda: TASKS[training.task].parse(training.task_settings),
            change_training("Reset the task settings", task_settings={}),
        )
    for name, declared in EARLY_STOPPING.items() if training.early_stopping.enabled else ():
        place = f"early_stopping.{name}"
        yield from _problem_if_invalid(
            partial(declared.parse, getattr(training.early_stopping, name)),
            change_training(
                f"Reset {declared.title} to {declared.default!r}", **{place: declared.default}
            ),
        )
    for group in training.groups:
        yield from _group_problems(context, group)


def _group_problems(context: CheckContext, group: ParameterGroup) -> Iterator[Problem]:
    optimiser = group.optimiser
    checks: tuple[tuple[Callable[[], object], ParameterGroup], ...] = (
        (
            lambda: find_option(OPTIMISERS, optimiser.name, "optimiser").parse(optimiser.settings),
            replace(group, optimiser=replace(optimiser, name="adam", settings={})),
        ),
        (
            lambda: LEARNING_RATE.parse(optimiser.learning_rate),
            replace(group, optimiser=replace(optimiser, learning_rate=LEARNING_RATE.default)),
        ),
        (
            lambda: WEIGHT_DECAY.parse(optimiser.weight_decay),
            replace(group, optimiser=replace(optimiser, weight_decay=WEIGHT_DECAY.default)),
        ),
        (
            lambda: RATE_FACTOR.parse(group.factor),
            replace(group, factor=RATE_FACTOR.default),
        ),
        (
            lambda: find_option(SCHEDULES, group.schedule.name, "schedule").parse(
                group.schedule.settings
            ),
            replace(group, schedule=Schedule()),
        ),
        (
            lambda: (
                find_option(CLIPPING, group.clipping.mode, "clipping"),
                CLIPPING_LIMIT.parse(group.clipping.limit),
            ),
            replace(group, clipping=type(group.clipping)()),
        ),
        (lambda: _check_nesterov(optimiser.settings), _without(group, "nesterov")),
    )
    for check, fixed in checks:
        yield from _problem_if_invalid(check, _replace_group(context, group, fixed))


def _check_nesterov(settings: Mapping[str, object]) -> None:
    if settings.get("nesterov") is True and not settings.get("momentum"):
        raise ValueError("Nesterov needs a momentum above 0")


def _without(group: ParameterGroup, setting: str) -> ParameterGroup:
    settings = {name: value for name, value in group.optimiser.settings.items() if name != setting}
    return replace(group, optimiser=replace(group.optimiser, settings=settings))


def _replace_group(context: CheckContext, old: ParameterGroup, new: ParameterGroup) -> Repair:
    groups = tuple(new if group is old else group for group in context.project.training.groups)
    return change_training("Reset it to its default", groups=groups)


def _problem_if_invalid(check: Callable[[], object], repair: Repair) -> Iterator[Problem]:
    try:
        check()
    except ValueError as reason:
        text = f"{reason}. Change it in the training settings."
        yield error("bad-training-setting", "A training setting is invalid", text, repair)


def validation_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem for each feature that needs validation data although none is held out."""
    training = context.project.training
    metrics = monitors(training.task)
    if training.early_stopping.enabled and training.early_stopping.monitor not in metrics:
        yield error(
            "bad-training-setting",
            "Early stopping monitors an unknown metric",
            f"{training.early_stopping.monitor!r} is not a validation metric. "
            f"Choose one of {', '.join(metrics.values())}.",
            change_training(
                "Monitor the validation loss",
                **{"early_stopping.monitor": "validation_loss"},
            ),
        )
    if _has_validation(context):
        return
    hold_out = change_data(
        f"Hold out {VALIDATION_SHARE:.0%} of the samples for validation",
        **{"split.validation": VALIDATION_SHARE},
    )
    if training.early_stopping.enabled:
        yield _no_validation(
            "Early stopping",
            hold_out,
            change_training(
                "Switch early stopping off",
                **{"early_stopping.enabled": False},
            ),
        )
    if any(group.schedule.name == "plateau" for group in training.groups):
        groups = tuple(
            replace(group, schedule=Schedule()) if group.schedule.name == "plateau" else group
            for group in training.groups
        )
        yield _no_validation(
            "The plateau schedule",
            hold_out,
            change_training("Keep the learning rate constant", groups=groups),
        )


def _has_validation(context: CheckContext) -> bool:
    if context.project.data.split.validation <= 0:
        return False
    return context.facts.samples.get("validation", 1) > 0


def _no_validation(feature: str, *repairs: Repair) -> Problem:
    return error(
        "no-validation",
        f"{feature} needs validation data",
        f"{feature} monitors a validation metric, but no samples are held out for validation. "
        "Hold some out, or switch it off; the test set is never used for this.",
        *repairs,
    )
