"""Colours, line styles, titles and value texts of curves. Imports no run and no widget."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import cycle

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from dlstudio.gui.runs.run_history import LEARNING_RATE, STEP_LOSS, THROUGHPUT
from dlstudio.gui.style.theme import current_theme
from dlstudio.gui.widgets.metric_format import format_metric
from dlstudio.gui.widgets.number_format import format_float, format_integer
from dlstudio.training.metrics.metric_names import (
    is_percentage,
    metric_label,
    metric_scale,
    metric_title,
    split_name,
)

VIEWS: dict[str, str] = {
    "metrics": "Loss and metrics",
    "rate": "Learning rate",
    "throughput": "Throughput",
}
"""Titles of the plot's views by name."""

DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine,
          Qt.PenStyle.DashDotLine)  # fmt: skip
"""Line styles by run: the current one, then the earlier ones."""

_ABBREVIATIONS = {"learning rate": "lr", "gradient clipping": "clipping"}
_SUBSET_ORDER = {"train": 1, "test": 2}
_SHORT_SUBSETS = {"train": "train", "validation": "valid.", "test": "test"}
_COLOURS = {
    STEP_LOSS: 0,
    "validation_loss": 1,
    "validation_accuracy": 2,
    "test_loss": 3,
    "test_accuracy": 4,
    "train_accuracy": 5,
    LEARNING_RATE: 5,
    THROUGHPUT: 6,
}


def on_right_axis(name: str) -> bool:
    """Whether a metric uses the right axis; losses use the left one."""
    return not name.endswith("loss")


def palette(names: Iterable[str]) -> dict[str, str]:
    """Return a colour for each metric; metrics without a fixed colour share the remaining ones.

    Test metrics come last, since they may be measured only at the end.
    """
    curves, shown = current_theme().curves, set(names)
    own = {name: _COLOURS[name] for name in shown & _COLOURS.keys()}
    others = sorted(
        shown - own.keys(), key=lambda name: (_SUBSET_ORDER.get(split_name(name)[0], 0), name)
    )
    free = [index for index in range(len(curves)) if index not in own.values()]
    own |= zip(others, cycle(free or range(len(curves))), strict=False)
    return {name: curves[index] for name, index in own.items()}


def series_names_in(view: str, names: Iterable[str]) -> list[str]:
    """Return the series that a view shows, in a fixed order."""
    single = {"rate": LEARNING_RATE, "throughput": THROUGHPUT}
    if view in single:
        return [name for name in names if name == single[view]]
    shown = [name for name in names if name not in single.values()]
    order = list(_COLOURS)
    return sorted(shown, key=lambda name: (order.index(name) if name in order else 99, name))


def value_text(name: str, value: float) -> str:
    """Format a curve's value in its own unit; NaN as a dash."""
    if value != value:  # noqa: PLR0124
        return "–"
    if name == LEARNING_RATE:
        return format_float(float(f"{value:.3g}"))
    if name == THROUGHPUT:
        return f"{format_integer(value)} samples/s"
    return format_metric(name, value)


def short_title(name: str) -> str:
    """Return a short title without what the value's unit shows: `valid.`, `train`, `valid. MAE`."""
    subset, metric = split_name(name)
    if not subset:
        return metric_title(name)
    rest = "" if metric in {"loss", "accuracy"} else f" {metric_label(metric)}"
    return _SHORT_SUBSETS[subset] + rest


def axis_title(names: Collection[str]) -> str:
    """Return the title of an axis: its only metric, `accuracy` for shares, or their scale."""
    metrics = {metric_label(split_name(name)[1]) for name in names}
    if len(metrics) == 1:
        return next(iter(metrics))
    if all(is_percentage(name) for name in names):
        return "accuracy"
    scales = {metric_scale(name) for name in names}
    return next(iter(scales)) if len(scales) == 1 else ""


def abbreviate(text: str) -> str:
    """Shorten the text of a change for its marker: `lr 2e-3 → 5e-4`."""
    for long, short in _ABBREVIATIONS.items():
        text = text.replace(long, short)
    return text


def with_alpha(colour: str, alpha: float) -> QColor:
    """Return the colour with an alpha of 0…1."""
    translucent = QColor(colour)
    translucent.setAlphaF(alpha)
    return translucent
