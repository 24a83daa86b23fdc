"""Classification of samples, or of each step of a sequence."""

from __future__ import annotations

from dlstudio.training.options.class_balance import is_imbalanced
from dlstudio.training.options.losses import BINARY, CROSS_ENTROPY, NUMERIC_LOSSES, PERCEPTRON
from dlstudio.training.specs.core.task_spec import MetricSpec, TaskSpec

CLASSIFICATION = TaskSpec(
    "classification",
    "Classification",
    "Predict the class of a sample.",
    objective="dlstudio.training.tasks.supervised.supervised.Supervised",
    checks=(
        "dlstudio.training.readiness.rules.outputs.output_problems",
        "dlstudio.training.readiness.rules.outputs.loss_problems",
    ),
    losses=(CROSS_ENTROPY, BINARY, PERCEPTRON, *NUMERIC_LOSSES),
    outputs=("class scores",),
    target="class",
    class_weights=True,
    metrics=(
        MetricSpec("accuracy", "accuracy", higher_is_better=True, percentage=True),
        MetricSpec(
            "balanced_accuracy",
            "balanced accuracy",
            higher_is_better=True,
            percentage=True,
            monitored=lambda _training, facts: is_imbalanced(facts.class_counts),
        ),
    ),
    constant="the most common class",
)
