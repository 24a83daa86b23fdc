"""Axes that speak of epochs and per cent."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyqtgraph as pg

from dlstudio.gui.widgets.number_format import format_float

_MIN_LABEL_SPACING = 24.0
"""Pixels from one number to the next, at least."""
OVERHANG = 30
"""Pixels that the last number of steps may stand out."""
_END_CLEARANCE = 0.6
"""A number that is nearer to the last one, as a share of their spacing, gives way to it."""
_MIN_SUBDIVISION = 0.3
"""The way from 1 to 2 and from 5 to 10 on a logarithmic scale."""


class StepAxis(pg.AxisItem):  # type: ignore[misc]
    """Steps as plain numbers, or epochs by name."""

    def __init__(self) -> None:
        """Start with steps."""
        super().__init__("bottom")
        self.setStyle(hideOverlappingLabels=OVERHANG)
        self.by_epoch = True
        self.end = 0.0
        """Where the run ends, which is named in any case."""
        self.enableAutoSIPrefix(False)

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """Use whole epochs or steps only."""
        spacings = super().tickSpacing(low, high, size)
        major = max(round(spacings[0][0]), 1)
        if self.by_epoch and (high - low) / major > 8:
            major *= 2
        return [(float(major), 0.0)]

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Add the end where it is a whole number."""
        ticks: list[tuple[float, list[float]]] = super().tickValues(low, high, size)
        if not ticks or not low <= self.end <= high or self.end % 1:
            return ticks
        spacing, values = ticks[0]
        spaced = [value for value in values if abs(self.end - value) >= _END_CLEARANCE * spacing]
        return [(spacing, sorted([*spaced, self.end]))]

    def tickStrings(self, values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
        """Write `epoch 2`, or the step."""
        if self.by_epoch:
            return ["0" if value == 0 else f"epoch {value:g}" for value in values]
        return [f"{value:,.0f}".replace(",", "\u202f") for value in values]


class ValueAxis(pg.AxisItem):  # type: ignore[misc]
    """Plain numbers, powers of ten on a logarithmic scale, or per cent."""

    def __init__(self, side: str) -> None:
        """Stand at `left` or `right`."""
        super().__init__(side)
        self.percent = False
        self.logarithmic = False
        self.enableAutoSIPrefix(False)

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """Use one round spacing that leaves the numbers room: a calm grid."""
        min_spacing = (high - low) * _MIN_LABEL_SPACING / max(size, 1.0)
        if self.logarithmic:
            return [(float(max(1, math.ceil(min_spacing))), 0.0)]
        power = 10.0 ** math.floor(math.log10(max(min_spacing, 1e-300)))
        step = next(
            power * factor for factor in (1, 2, 5, 10) if power * factor >= min_spacing * 0.999
        )
        return [(step, 0.0)]

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Add 2 and 5 between the powers of ten where a logarithmic scale has room for them."""
        ticks: list[tuple[float, list[float]]] = super().tickValues(low, high, size)
        if (
            not self.logarithmic
            or (high - low) * _MIN_LABEL_SPACING / max(size, 1.0) > _MIN_SUBDIVISION
        ):
            return ticks
        powers = range(math.floor(low), math.ceil(high) + 1)
        positions = [power + math.log10(digit) for power in powers for digit in (1, 2, 5)]
        return [(1.0, [position for position in positions if low <= position <= high])]

    def tickStrings(self, values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
        """Write the numbers without noise."""
        if self.logarithmic:
            return [format_float(float(f"{10.0**value:.2g}")) for value in values]
        if self.percent:
            return [f"{100 * value:.4g} %" for value in values]
        return [format_float(float(f"{value:.6g}")) for value in values]
