"""Several labels per sample, each present or absent."""

from __future__ import annotations

from dlstudio.training.options.losses import BINARY
from dlstudio.training.specs.core.task_spec import MetricSpec, TaskSpec

MULTI_LABEL = TaskSpec(
    "multi-label",
    "Several labels",
    "Predict which of several labels apply to a sample.",
    objective="dlstudio.training.tasks.supervised.multilabel.MultiLabel",
    checks=(
        "dlstudio.training.readiness.rules.targets.target_problems",
        "dlstudio.training.readiness.core.roles.loss_task_problems",
        "dlstudio.training.readiness.rules.outputs.output_problems",
    ),
    losses=(BINARY,),
    outputs=("class scores",),
    target="labels",
    class_weights=True,
    metrics=(
        MetricSpec("label_accuracy", "correct labels", higher_is_better=True, percentage=True),
        MetricSpec(
            "rows_right",
            "samples with all labels correct",
            "all labels correct",
            higher_is_better=True,
            percentage=True,
        ),
    ),
    constant="the more common value of each label",
)
