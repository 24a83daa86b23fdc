"""Every metric, loss, schedule and optimiser with its reference and tolerance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from dlstudio.training.metrics.metric_names import is_percentage
from dlstudio.training.options.training_options import OPTIMISERS, SCHEDULES
from dlstudio.training.specs.registry import BUILTIN_TASKS
from tests.training.references import generative, language, schedules, supervised, unsupervised
from tests.training.references.drawing import Pairs, difference

Compare = Callable[[Random, str], Pairs]

EXACT, SINGLE, RATE = 1e-12, 5e-5, 1e-9
"""Tolerances: counts, losses of networks in single precision, and learning rates."""


@dataclass(frozen=True, slots=True)
class TaskReference:
    """How the metrics and losses of a task are computed again.

    Attributes:
        compare: Returns pairs for one drawn input, given the name of the loss.
        source: What the reference is.
    """

    compare: Compare
    source: str = "float64"


TASK_REFERENCES: Mapping[str, TaskReference] = {
    "classification": TaskReference(supervised.classification, "scikit-learn, float64"),
    "regression": TaskReference(supervised.regression, "scikit-learn, float64"),
    "multi-label": TaskReference(supervised.multi_label),
    "segmentation": TaskReference(supervised.segmentation, "scikit-learn, float64"),
    "reconstruction": TaskReference(unsupervised.reconstruction),
    "contrastive": TaskReference(unsupervised.contrastive),
    "adversarial": TaskReference(generative.adversarial),
    "diffusion": TaskReference(generative.diffusion),
    "variational": TaskReference(generative.variational),
    "next-token": TaskReference(language.next_token),
    "masked-token": TaskReference(language.masked_token),
    "sequence-to-sequence": TaskReference(language.sequence_to_sequence),
}

LOSS_KEYS = [(task.name, loss.name) for task in BUILTIN_TASKS.values() for loss in task.losses]


def tolerance_of(metric: str) -> float:
    """Return the largest difference that a metric may have, as a share of values above 1."""
    return EXACT if is_percentage(metric) or metric == "mean_iou" else SINGLE


@dataclass(slots=True)
class Row:
    """One row of the table: what was compared, on how many inputs, and the largest difference."""

    name: str
    source: str
    tolerance: float
    inputs: int = 0
    worst: float = 0.0

    def add(self, pairs: Iterator[tuple[float, float]]) -> None:
        """Add the pairs of one drawn input, unless it has none."""
        distances = [difference(*pair) for pair in pairs]
        if distances:
            self.inputs += 1
            self.worst = max(self.worst, *distances)


def task_rows(task: str, count: int) -> list[Row]:
    """Return a row for each metric and each loss of a task."""
    spec, reference = BUILTIN_TASKS[task], TASK_REFERENCES[task]
    metrics = {
        metric.name: Row(f"{task}: {metric.name}", reference.source, tolerance_of(metric.name))
        for metric in spec.metrics
    }
    losses = {
        loss.name: Row(f"{task}: loss {loss.name}", reference.source, SINGLE)
        for loss in spec.losses
    }
    for loss, row in losses.items():
        for seed in range(count):
            pairs = reference.compare(Random(seed), loss)
            row.add(pair for name, pair in pairs.items() if name.endswith("loss"))
            for name, metric_row in metrics.items():
                metric_row.add(pairs[name] for _ in range(name in pairs))
    return [*losses.values(), *metrics.values()]


def schedule_rows(count: int) -> Iterator[Row]:
    """Yield a row for each schedule."""
    for name in SCHEDULES:
        row = Row(f"schedule {name}", "torch.optim.lr_scheduler", RATE)
        for seed in range(count):
            row.add(iter(schedules.SCHEDULE_REFERENCES[name](Random(seed), name).values()))
        yield row


def optimiser_rows(count: int) -> Iterator[Row]:
    """Yield a row for each optimiser."""
    for name in OPTIMISERS:
        row = Row(f"optimiser {name}", "torch.optim", SINGLE)
        for seed in range(count):
            row.add(iter(schedules.optimiser(Random(seed), name).values()))
        yield row
