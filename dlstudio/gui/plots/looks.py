"""How each curve looks and is called, whatever run it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from dlstudio.gui.panels.figures import metric_text, real, whole
from dlstudio.gui.plots.history import LEARNING_RATE, STEP_LOSS, THROUGHPUT
from dlstudio.gui.theme import current

VIEWS: dict[str, str] = {
    "figures": "Loss and metrics",
    "rate": "Learning rate",
    "throughput": "Throughput",
}
"""What a plot can show, with its title."""

DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine,
          Qt.PenStyle.DashDotLine)  # fmt: skip
"""Line styles by run: the present one, then those laid over it."""

_BRIEF = {"learning rate": "lr", "gradient clipping": "clipping"}
_BRIEF_PARTS = {"train": "train", "validation": "valid.", "test": "test"}
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


@dataclass(frozen=True, slots=True)
class Look:
    """A curve's title and whether it belongs to the right axis."""

    name: str
    title: str
    right: bool
    colour: str


def look_of(name: str) -> Look:
    """Return how a figure's curve looks."""
    curves = current().curves
    place = _COLOURS.get(name, sum(map(ord, name)))
    title = name.replace("_", " ")
    return Look(name, title, not name.endswith("loss"), curves[place % len(curves)])


def names_in(view: str, names: Iterable[str]) -> list[str]:
    """Return the figures that a view shows, in a fixed order."""
    single = {"rate": LEARNING_RATE, "throughput": THROUGHPUT}
    if view in single:
        return [name for name in names if name == single[view]]
    shown = [name for name in names if name not in single.values()]
    order = list(_COLOURS)
    return sorted(shown, key=lambda name: (order.index(name) if name in order else 99, name))


def value_text(name: str, value: float) -> str:
    """Return a curve's value in its own unit."""
    if value != value:  # noqa: PLR0124
        return "–"
    if name == LEARNING_RATE:
        return real(float(f"{value:.3g}"))
    if name == THROUGHPUT:
        return f"{whole(value)} samples/s"
    return metric_text(name, value)


def brief_title(name: str) -> str:
    """Return a figure's title without what its value tells: `valid.`, `train`, `valid. mae`."""
    part, _, figure = name.partition("_")
    if part not in _BRIEF_PARTS:
        return look_of(name).title
    rest = "" if figure in {"loss", "accuracy"} else f" {figure.replace('_', ' ')}"
    return _BRIEF_PARTS[part] + rest


def brief(text: str) -> str:
    """Return a change's words as they fit beside its mark: `lr 2e-3 → 5e-4`."""
    for long, short in _BRIEF.items():
        text = text.replace(long, short)
    return text


def faded(colour: str, share: float) -> QColor:
    """Return a colour that lets the ground through."""
    made = QColor(colour)
    made.setAlphaF(share)
    return made
