"""Display names of metrics; the stored names never change. Does not import torch."""

from __future__ import annotations

from dlstudio.training.specs.core.task_spec import SHARE
from dlstudio.training.specs.registry import METRICS

__all__ = [
    "SHARE",
    "SUBSETS",
    "is_percentage",
    "metric_label",
    "metric_scale",
    "metric_title",
    "split_name",
]
SUBSETS = ("train", "validation", "test")


def metric_label(name: str) -> str:
    """Return the display name of a metric without its subset: `mean_iou` is `mean IoU`."""
    spec = METRICS.get(name)
    return (spec.label if spec else "") or name.replace("_", " ")


def split_name(name: str) -> tuple[str, str]:
    """Return the subset (or an empty string) and the metric of a full metric name."""
    subset, _, metric = name.partition("_")
    return (subset, metric) if subset in SUBSETS and metric else ("", name)


def metric_title(name: str) -> str:
    """Return the display name of a full metric name: `validation_mae` is `validation MAE`."""
    subset, metric = split_name(name)
    return f"{subset} {metric_label(metric)}".strip()


def is_percentage(name: str) -> bool:
    """Whether a metric is a share, shown in per cent."""
    metric = METRICS.get(split_name(name)[1])
    return metric.percentage if metric else name.endswith("accuracy")


def metric_scale(name: str) -> str:
    """Return the scale of a full metric name; metrics of one scale can share an axis."""
    metric = split_name(name)[1]
    if is_percentage(name):
        return SHARE
    spec = METRICS.get(metric)
    return (spec.scale if spec else "") or metric
