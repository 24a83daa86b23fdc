"""Segmentation: a class for each pixel of an image."""

from __future__ import annotations

from dlstudio.training.options.losses import CROSS_ENTROPY
from dlstudio.training.specs.core.task_spec import COMMON_CHECKS, SHARE, MetricSpec, TaskSpec

SEGMENTATION = TaskSpec(
    "segmentation",
    "Segmentation",
    "Predict the class of each pixel of an image.",
    objective="dlstudio.training.tasks.supervised.segmentation.Segmentation",
    checks=(
        *COMMON_CHECKS,
        "dlstudio.training.readiness.rules.targets.target_problems",
        "dlstudio.training.readiness.rules.targets.pixel_problems",
    ),
    losses=(CROSS_ENTROPY,),
    outputs=("per-pixel scores",),
    target="mask",
    class_weights=True,
    metrics=(
        MetricSpec("pixel_accuracy", "pixel accuracy", higher_is_better=True, percentage=True),
        MetricSpec(
            "mean_iou",
            "mean intersection over union",
            "mean IoU",
            higher_is_better=True,
            scale=SHARE,
        ),
    ),
    example="segment-shapes",
    constant="the most common class for every pixel",
)
