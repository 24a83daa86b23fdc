"""Rules for classes that differ in size, and for the weights that balance them."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.problems import Problem, hint, warning
from dlstudio.design.model.training_settings import BALANCED, NO_CLASS_WEIGHTS
from dlstudio.training.options.class_balance import is_imbalanced
from dlstudio.training.readiness.core.check_context import CheckContext, change_training
from dlstudio.training.specs.registry import TASKS


def class_balance_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a hint on imbalanced classes, or a warning of weights that have no effect."""
    training, facts = context.training, context.facts
    task = TASKS.get(training.task)
    if task is None:
        return
    if not task.class_weights:
        if training.class_weights != NO_CLASS_WEIGHTS:
            yield warning(
                "class-weights",
                "Class weights have no effect",
                f"{task.title} does not weigh its loss by class, so the class weights have no "
                "effect. Reset them.",
                change_training(
                    "Reset the class weights",
                    class_weights=NO_CLASS_WEIGHTS,
                    class_weight_values={},
                ),
            )
        return
    counts = {
        name: count
        for name, count in zip(facts.class_names, facts.class_counts, strict=False)
        if count
    }
    if training.class_weights != NO_CLASS_WEIGHTS or not is_imbalanced(tuple(counts.values())):
        return
    frequent, rare = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    share = counts[frequent] / sum(counts.values())
    yield hint(
        "imbalanced-classes",
        f"{frequent} has {counts[frequent] / counts[rare]:.0f} times the samples of {rare}",
        f"{counts[frequent]:,} samples are {frequent} and only {counts[rare]:,} are {rare}. A "
        f"network that always answers {frequent} has an accuracy of {100 * share:.0f} %, so "
        f"{rare} may hardly be learned. Balanced class weights make both count equally in the "
        "training loss.",
        change_training("Balance the class weights", class_weights=BALANCED),
    )
