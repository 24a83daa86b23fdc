"""The tasks: what each reads from the canvas, what it brings itself and how it is measured.

Rules, forms and the loop derive from here. Knows no torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.layers.settings import Number
from dlstudio.training.recipe import Recipe, table


@dataclass(frozen=True, slots=True)
class Task(Recipe):
    """What a design learns to do.

    Attributes:
        outputs: Roles of the Outputs it reads; the first is the answer.
        supplies: Roles of Inputs that the task fills itself: noise, a time step.
        networks: How many separate networks it trains.
        target: What the data must have to predict: `class`, `value`, or empty for nothing.
        figures: What it measures besides the loss, with titles.
        higher: Those of the figures that are better when they are higher.
    """

    outputs: tuple[str, ...] = ()
    supplies: tuple[str, ...] = ()
    networks: int = 1
    target: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)
    higher: frozenset[str] = frozenset()


_NOISE = Number(
    title="Noise",
    help="Deviation of the noise that is added to what goes in; the target stays clean.",
    default=0.0,
    minimum=0.0,
    maximum=10.0,
)

TASKS: Mapping[str, Task] = table(
    Task(
        "classification",
        "Classification",
        "Tell to which class a sample belongs.",
        outputs=("class scores",),
        target="class",
        figures={"accuracy": "accuracy"},
        higher=frozenset({"accuracy"}),
    ),
    Task(
        "regression",
        "Regression",
        "Predict a number, or several.",
        outputs=("value",),
        target="value",
        figures={"mae": "mean absolute error", "r2": "R²"},
        higher=frozenset({"r2"}),
    ),
    Task(
        "reconstruction",
        "Reconstruction",
        "Give back what went in, through a bottleneck or out of noise.",
        settings={"noise": _NOISE},
        outputs=("reconstruction",),
        figures={"mse": "mean squared error", "input_mse": "squared error of the noisy input"},
    ),
)


def monitors(task: str) -> Mapping[str, str]:
    """Return the figures that early stopping, plateau and best may read, with their titles."""
    figures = {"loss": "loss", **(TASKS[task].figures if task in TASKS else {})}
    return {f"validation_{name}": f"Validation {title}" for name, title in figures.items()}


HIGHER_IS_BETTER = frozenset(
    f"validation_{name}" for task in TASKS.values() for name in task.higher
)
