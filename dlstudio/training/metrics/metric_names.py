"""What measured figures are called where people read them; stored names stay as they are."""

from __future__ import annotations

from dlstudio.training.specs.registry import METRICS

SUBSETS = ("train", "validation", "test")


def metric_label(name: str) -> str:
    """Return the field's words for a figure without its part: `mean_iou` is `mean IoU`."""
    spec = METRICS.get(name)
    return (spec.label if spec else "") or name.replace("_", " ")


def split_name(name: str) -> tuple[str, str]:
    """Return the part of the data that a figure was measured on, or nothing, and the figure."""
    subset, _, metric = name.partition("_")
    return (subset, metric) if subset in SUBSETS and metric else ("", name)


def metric_title(name: str) -> str:
    """Return the words for a measured figure: `validation_mae` is `validation MAE`."""
    subset, metric = split_name(name)
    return f"{subset} {metric_label(metric)}".strip()


def is_percentage(name: str) -> bool:
    """Return whether a measured figure is a share of all, which is read in per cent."""
    metric = METRICS.get(split_name(name)[1])
    return metric.percentage if metric else name.endswith("accuracy")
