"""The rule for sequences with a class at each step: scores must be (steps, classes)."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.problems import Problem, Repair, error
from dlstudio.design.model.short_texts import unequal
from dlstudio.design.model.signals import Signal
from dlstudio.design.model.values import Ref
from dlstudio.training.readiness.core.check_context import CheckContext
from dlstudio.training.readiness.core.last_layer import resize_fix


def step_problems(
    context: CheckContext, output: str, signal: Signal, target: Signal
) -> Iterator[Problem]:
    """Yield a problem if the scores are not (steps, classes), or (steps,) for two classes.

    Args:
        context: The design.
        output: Path of the Output that is read.
        signal: Its input.
        target: The classes of the steps (T,).
    """
    classes = context.facts.numbers.get("classes", 0)
    (steps,) = target.shape
    binary = context.project.training.loss == "binary"
    expected = {(steps,), (steps, 1)} if binary else {(steps, classes)}
    if not classes or signal.shape in expected:
        return
    count, size = (1, 1) if binary else (classes, Ref("classes"))
    repairs: tuple[Repair, ...] = ()
    if signal.shape == (count, steps):
        repairs = (transpose_fix(),)
    elif len(signal.shape) == 2 and signal.shape[0] == steps:
        repairs = (resize_fix(context, output, count, size),)
    yield error(
        "output-steps",
        f"The output is {signal.text()} instead of {steps}×{count}",
        f"Each of the {steps} steps has its own class, so {count} scores are needed for each: "
        f"{steps}×{count} instead of {signal.text()}. Keep the steps separate, and end with a "
        f"Linear layer with {count} outputs, which acts on each step.",
        *repairs,
        path=output,
        short=unequal(signal.shape, (steps, count)),
    )


def transpose_fix() -> Repair:
    """Return the fix that transposes steps and features before an Output."""
    return Repair(
        "Insert Permute (1 0)",
        "insert_before",
        {"port": "input", "slot": 0, "kind": "permute", "settings": {"axes": (1, 0)}},
    )
