"""What measured figures are called where people read them; stored names stay as they are."""

from __future__ import annotations

from collections.abc import Mapping

SUBSETS = ("train", "validation", "test")

_LABELS: Mapping[str, str] = {
    "mae": "MAE",
    "r2": "R²",
    "mse": "MSE",
    "input_mse": "MSE of the noisy input",
    "mean_iou": "mean IoU",
    "rows_right": "all labels right",
    "real_accuracy": "accuracy on real samples",
    "fake_accuracy": "accuracy on generated samples",
    "reconstruction_nats": "reconstruction (nats)",
    "kl_nats": "KL divergence (nats)",
    "negative_elbo": "negative ELBO (nats)",
}
"""Those whose stored name with spaces is not what the field says."""

_PERCENTAGES = frozenset({"rows_right", "retrieval"})
"""Shares that are no accuracy by name."""


def metric_label(name: str) -> str:
    """Return the field's words for a figure without its part: `mean_iou` is `mean IoU`."""
    return _LABELS.get(name, name.replace("_", " "))


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
    return name.endswith("accuracy") or split_name(name)[1] in _PERCENTAGES
