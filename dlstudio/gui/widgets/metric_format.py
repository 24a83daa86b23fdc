"""Formats the values of metrics for display. Imports no widget."""

from __future__ import annotations

import math

from dlstudio.gui.widgets.number_format import format_float
from dlstudio.training.metrics.metric_names import is_percentage


def format_metric(name: str, value: float) -> str:
    """Return a metric: an accuracy in per cent, any other value with at most four digits."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "infinite"
    if is_percentage(name):
        return f"{100 * value:.1f} %"
    size = abs(value)
    if size >= 9_999.5:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    if size >= 0.001 or value == 0:
        digits = 3 if size < 9.9995 else 2 if size < 99.995 else 1 if size < 999.95 else 0
        return f"{value:.{digits}f}"
    return format_float(float(f"{value:.2e}"))
