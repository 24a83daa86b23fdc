"""Rules of classification and regression: the output must match the loss and the target."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from dlstudio.design.model.problems import Problem, Repair, error, incomplete, warning
from dlstudio.design.model.short_texts import axes_differ, unequal
from dlstudio.design.model.signals import Signal
from dlstudio.design.model.values import Ref, Value
from dlstudio.network.compile.subgraph import connected_subgraphs, select_subgraph
from dlstudio.training.options.losses import SINGLE_OUTPUT_LOSSES
from dlstudio.training.options.named_option import titles
from dlstudio.training.readiness.core.check_context import CheckContext, change_training
from dlstudio.training.readiness.core.last_layer import (
    activation_problems,
    append_fix,
    resize_fix,
    softmax_problems,
)
from dlstudio.training.readiness.rules.per_step_labels import step_problems
from dlstudio.training.readiness.rules.targets import target_problems
from dlstudio.training.specs.registry import LOSSES, TASKS, losses_for, tasks_with_loss


def output_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield problems of the network's outputs."""
    outputs = context.paths("output")
    if not outputs:
        return
    role = TASKS[context.project.training.task].outputs[0]
    fitting = [path for path in outputs if context.setting(path, "role") == role]
    read = (fitting or outputs)[0]
    if len(outputs) > 1:
        yield from _several_outputs(context, fitting or outputs, read)
    if not fitting:
        yield _role_problem(context, read, role)
    yield from softmax_problems(context, read)
    yield from _size_problems(context, read)


def _several_outputs(context: CheckContext, candidates: list[str], read: str) -> Iterator[Problem]:
    subgraph = select_subgraph(context.analysis, (), ())
    networks = len(list(connected_subgraphs(context.analysis, subgraph)))
    if networks > 1:
        yield (incomplete if context.is_unfinished else error)(
            "several-networks",
            f"{networks} separate networks",
            f"{TASKS[context.project.training.task].title} trains one network, but this canvas "
            f"has {networks} separate ones. Connect them, or remove all but one.",
        )
    for path in candidates:
        if path != read:
            yield warning(
                "several-outputs",
                "This Output is not read",
                f"Several Outputs match the task; only {read} is used, so this one has no effect. "
                "Give it another role, or remove it.",
                Repair("Remove this Output", "remove", {"rewire": False}),
                path=path,
                short="not read",
            )


def _role_problem(context: CheckContext, path: str, expected: str) -> Problem:
    role = context.setting(path, "role")
    return warning(
        "output-role",
        f"The Output is meant for: {role}",
        f"The task reads an Output with the role {expected!r}; this one is {role!r}. "
        "It is used nevertheless.",
        Repair(f"Set the role to {expected!r}", "set_settings", {"changes": {"role": expected}}),
        path=path,
        short="other role",
    )


@dataclass(frozen=True, slots=True)
class _Expected:
    """The expected output: its count, a setting for the last layer, and a description."""

    count: int
    size: Value
    what: str
    code: str = "output-size"


def _expected_output(context: CheckContext, target: Signal) -> _Expected:
    training, classes = context.project.training, context.facts.numbers.get("classes", 0)
    if TASKS[training.task].target in {"value", "labels"}:
        count = math.prod(target.shape)
        what = "score" if TASKS[training.task].target == "labels" else "number"
        return _Expected(count, count, what if count == 1 else f"{what}s")
    if training.loss in SINGLE_OUTPUT_LOSSES:
        return _Expected(1, 1, "score for two classes")
    return _Expected(classes, Ref("classes"), "class scores", "output-classes")


def _size_problems(context: CheckContext, output: str) -> Iterator[Problem]:
    signal, target = context.input_signal(output), context.facts.target
    if signal is None or target is None:
        return
    if target.dtype == "int64" and len(target.shape) == 1:
        yield from step_problems(context, output, signal, target)
        return
    needed, count = _expected_output(context, target), math.prod(signal.shape)
    if signal.shape == (needed.count,):
        yield from activation_problems(context, output, needed.count, needed.size)
    exact = context.project.training.loss == "cross-entropy"
    if needed.count < 1 or signal.shape == (needed.count,):
        return
    if not exact and count in {1, needed.count} and needed.code == "output-classes":
        return
    if count == needed.count and needed.code == "output-size":
        return
    if len(signal.shape) > 1:
        yield _too_many_axes(output, signal, needed)
        return
    repairs = [
        *append_fix(context, output, needed.count, needed.size),
        resize_fix(context, output, needed.count, needed.size),
    ]
    if needed.code == "output-classes" and needed.count == 2 and count == 1:
        repairs.append(change_training("Use the binary loss, for a single output", loss="binary"))
    yield error(
        needed.code,
        f"The output is {signal.text()} instead of {needed.count}",
        f"The network ends in {signal.text()}, but the data needs {needed.count} {needed.what}"
        f"{_class_names_text(context) if needed.code == 'output-classes' else ''}. "
        f"The last layer must have {needed.count} outputs.",
        *repairs,
        path=output,
        short=unequal(signal.shape, (needed.count,)),
    )


def _class_names_text(context: CheckContext) -> str:
    names = context.facts.class_names
    shown = ", ".join(names[:3])
    return f" ({shown}, …)" if len(names) > 3 else f" ({shown})" if names else ""


def _too_many_axes(output: str, signal: Signal, expected: _Expected) -> Problem:
    shape = signal.text()
    return error(
        "output-shape",
        f"{shape} is not a vector of {expected.count} {expected.what}",
        f"The network ends in {shape}, but a vector of {expected.count} {expected.what} is needed. "
        "Flatten it, then end with a Linear layer.",
        Repair(
            "Insert Flatten before the Output",
            "insert_before",
            {"port": "input", "slot": 0, "kind": "flatten", "settings": {}},
        ),
        path=output,
        short=axes_differ(len(signal.shape), 1),
    )


def loss_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield mismatches between task, loss and the data's target."""
    if context.project.training.loss not in LOSSES:
        return
    problems = list(target_problems(context))
    yield from problems
    if not problems:
        yield from _loss_mismatch(context)


def _loss_mismatch(context: CheckContext) -> Iterator[Problem]:
    training, classes = context.project.training, context.facts.numbers.get("classes", 2)
    loss, task = LOSSES[training.loss], TASKS[training.task].title
    if training.loss not in losses_for(training.task):
        yield error(
            "loss-mismatch",
            f"{loss.title} does not suit {task}",
            f"{loss.title} is a loss for {titles(TASKS, tasks_with_loss(training.loss))}, but the "
            f"task is {task}. Choose a loss that compares numbers.",
            change_training("Use the mean squared error", loss="mse", loss_settings={}),
        )
    elif training.loss in SINGLE_OUTPUT_LOSSES and classes > 2:
        yield error(
            "loss-mismatch",
            f"{loss.title} is for two classes, not {classes}",
            f"The data has {classes} classes, but this loss supports only two. Use cross-entropy.",
            change_training("Use cross-entropy", loss="cross-entropy", loss_settings={}),
        )
