"""Regression: a number, or several."""

from __future__ import annotations

from dlstudio.training.options.losses import NUMERIC_LOSSES
from dlstudio.training.specs.core.task_spec import MetricSpec, TaskSpec

REGRESSION = TaskSpec(
    "regression",
    "Regression",
    "Predict a number, or several.",
    objective="dlstudio.training.tasks.supervised.supervised.Supervised",
    checks=(
        "dlstudio.training.readiness.rules.outputs.output_problems",
        "dlstudio.training.readiness.rules.outputs.loss_problems",
    ),
    losses=NUMERIC_LOSSES,
    outputs=("value",),
    target="value",
    metrics=(
        MetricSpec("mae", "mean absolute error", "MAE"),
        MetricSpec("r2", "R²", "R²", higher_is_better=True),
    ),
    example="forecast-lstm",
    constant="the mean",
)
