"""Has each step of a sequence a row of class scores, where each step has a class?"""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.problems import Problem, Repair
from dlstudio.design.signals import Signal
from dlstudio.design.values import Ref
from dlstudio.training.rules.last_layer import resize
from dlstudio.training.rules.situation import Situation, error


def step_problems(
    situation: Situation, output: str, signal: Signal, target: Signal
) -> Iterator[Problem]:
    """Yield a problem where the scores are not steps × classes, or one a step for two classes.

    Args:
        situation: The design.
        output: Path of the Output that is read.
        signal: What arrives there.
        target: The classes of the steps (T,).
    """
    classes = situation.facts.numbers.get("classes", 0)
    (steps,) = target.shape
    binary = situation.project.training.loss == "binary"
    expected = {(steps,), (steps, 1)} if binary else {(steps, classes)}
    if not classes or signal.shape in expected:
        return
    count, size = (1, 1) if binary else (classes, Ref("classes"))
    repairs: tuple[Repair, ...] = ()
    if signal.shape == (count, steps):
        repairs = (turned(),)
    elif len(signal.shape) == 2 and signal.shape[0] == steps:
        repairs = (resize(situation, output, count, size),)
    yield error(
        "output-steps",
        f"{signal.text()} leave the network, {steps}×{count} are needed",
        f"Each of the {steps} steps has a class of its own, so a row of {count} scores is needed "
        f"for each: {steps}×{count}. {signal.text()} arrives. Keep the steps apart, and end with a "
        f"Linear layer of {count} outputs, which works on each step by itself.",
        *repairs,
        path=output,
    )


def turned() -> Repair:
    """Return the remedy that exchanges steps and features before an Output."""
    return Repair(
        "Insert Permute (1 0)",
        "insert_before",
        {"port": "input", "slot": 0, "kind": "permute", "settings": {"axes": (1, 0)}},
    )
