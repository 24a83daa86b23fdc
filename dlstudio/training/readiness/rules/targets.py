"""Rules for the data's target: its kind, and the scores of each pixel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from dlstudio.design.model.model import TOP
from dlstudio.design.model.problems import Problem, Repair, error, incomplete
from dlstudio.design.model.short_texts import unequal
from dlstudio.design.model.signals import Signal
from dlstudio.design.model.values import Ref
from dlstudio.training.readiness.core.check_context import CheckContext, change_training
from dlstudio.training.readiness.core.fix_snippets import example_fix
from dlstudio.training.readiness.core.roles import output_path, task_spec
from dlstudio.training.specs.core.task_spec import TaskSpec
from dlstudio.training.specs.registry import BUILTIN_TASKS, TASKS

_CLASS_TARGETS = frozenset({"class", "mask"})
"""Kinds of targets that are one of several classes."""
_DESCRIPTIONS = {
    "class": "a class",
    "value": "a number",
    "mask": "a class for each pixel",
    "labels": "several labels, each 0 or 1",
    "tokens": "a sequence of tokens",
}


def target_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if the data's target is missing or belongs to another task."""
    task, target = task_spec(context), context.facts.target
    if not task.target or not context.facts.inputs:
        return
    if target is None:
        suggestion, fix = _unsupervised_fix(context)
        yield incomplete(
            "no-target",
            "The data has nothing to predict",
            f"{task.title} needs a target, but this data has only samples. Choose a target in the "
            f"data settings, or let the network {suggestion}.",
            fix,
        )
    elif task.target in _CLASS_TARGETS and context.facts.numbers.get("classes") == 1:
        suggestion, fix = _unsupervised_fix(context)
        yield error(
            "one-class",
            "The data has only one class",
            f"{task.title} needs at least two classes, but all samples of this data have the same "
            f"one. Choose other data or another target, or let the network {suggestion}.",
            fix,
        )
    elif not _is_compatible(target, task.target):
        suggested = _matching_task(context, target_kind(target))
        yield error(
            "task-mismatch",
            f"The data is for {suggested.title}",
            f"The task is {task.title}, but the target of this data is "
            f"{_DESCRIPTIONS[target_kind(target)]}. Choose {suggested.title}, or other data.",
            change_training(
                f"Set the task to {suggested.title}",
                task=suggested.name,
                loss=suggested.losses[0].name,
            ),
            *example_fix(context),
        )


def _unsupervised_fix(context: CheckContext) -> tuple[str, Repair]:
    """Return what can be learned without targets, as a clause and as a fix."""
    suggested = [task for task in TASKS.values() if task.fallback]
    task = next(filter(partial(_has_inputs, context), suggested), suggested[0])
    return task.fallback, change_training(
        task.fallback.capitalize(), task=task.name, loss=task.losses[0].name, loss_settings={}
    )


def _has_inputs(context: CheckContext, task: TaskSpec) -> bool:
    return set(task.inputs) <= context.facts.inputs.keys()


def _matching_task(context: CheckContext, kind: str) -> TaskSpec:
    """Return the built-in task for this kind of target that reads most of the data's inputs."""
    fitting = [task for task in BUILTIN_TASKS.values() if task.target == kind]
    fitting = [task for task in fitting if _has_inputs(context, task)] or fitting
    return max(fitting, key=lambda task: len(task.inputs))


def target_kind(target: Signal) -> str:
    """Return the kind of a target, one of `task_spec.TARGETS`."""
    if target.meaning in {task.target for task in TASKS.values()} - {""}:
        return target.meaning
    return "class" if target.dtype == "int64" else "value"


def _is_compatible(target: Signal, expected: str) -> bool:
    kind = target_kind(target)
    return kind == expected or (kind, expected) == ("labels", "value")


def pixel_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if the scores are not one per class and pixel of the mask."""
    path = output_path(context, "per-pixel scores")
    signal, target = context.input_signal(path), context.facts.target
    classes = context.facts.numbers.get("classes", 0)
    if not path or signal is None or target is None or target_kind(target) != "mask":
        return
    expected = Signal((classes, *target.shape))
    if signal.shape == expected.shape:
        return
    same_size = signal.shape[1:] == target.shape
    yield error(
        "pixel-scores-shape",
        f"The output is {signal.text()} instead of {expected.text()}",
        f"Each of {target.text()} pixels needs a score for each of {classes} classes: "
        f"{expected.text()} instead of {signal.text()}. "
        + (
            f"Set the last layer to {classes} filters."
            if same_size
            else "Keep height and width by padding, or restore them by upsampling."
        ),
        *([_filters_fix(context, path, classes)] if same_size else []),
        path=path,
        short=unequal(signal.shape, expected.shape),
    )


def _filters_fix(context: CheckContext, output: str, classes: int) -> Repair:
    path = next(context.upstream(output), "")
    flat = context.analysis.expanded.nodes.get(path)
    last = flat is not None and flat.node.kind == "conv2d" and flat.scope == TOP
    if (
        flat is not None
        and last
        and not flat.node.weights_from
        and context.has_single_consumer(path)
    ):
        return Repair(
            f"Give {flat.node.title or path} {classes} filters",
            "set_settings",
            {"node": flat.node.id, "scope": TOP, "changes": {"out_channels": Ref("classes")}},
        )
    return Repair(
        f"Insert a 1×1 Conv2d with {classes} filters",
        "insert_before",
        {
            "port": "input",
            "slot": 0,
            "kind": "conv2d",
            "settings": {"out_channels": Ref("classes"), "kernel_size": (1, 1)},
        },
    )
