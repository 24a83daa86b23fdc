"""Plot axes for steps or epochs, and for values, percentages and logarithms."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtGui import QFontMetricsF, QGuiApplication

from dlstudio.gui.widgets.number_format import format_float

_MIN_LABEL_SPACING = 24.0
"""Minimum distance between two labels in pixels."""
_LABEL_GAP = 10.0
"""Pixels between two labels of steps or epochs."""
OVERHANG = 30
"""Pixels that the last label may extend beyond the axis."""
_END_CLEARANCE = 0.6
"""Labels closer to the last one than this share of the spacing are left out."""
_MIN_SUBDIVISION = 0.3
"""The distance from 1 to 2, and from 5 to 10, in decades."""


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis that shows all numbers in full, without SI prefixes."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.enableAutoSIPrefix(False)


class StepAxis(_Axis):
    """The axis of steps as numbers, or of epochs as `epoch 2`."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.setStyle(hideOverlappingLabels=OVERHANG)
        self.by_epoch = True
        self.end = 0.0
        """Where the run ends; it always has a label."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """Space labels by whole epochs or steps."""
        spacings = super().tickSpacing(low, high, size)
        major = max(round(spacings[0][0]), 1)
        if self.by_epoch and (high - low) / major > 8:
            major *= 2
        while major < self._label_span(low, high, size):
            major *= 2
        return [(float(major), 0.0)]

    def _label_span(self, low: float, high: float, size: float) -> float:
        """Return how much of the axis the longest label covers, with a gap."""
        text = max(self.tickStrings([high, math.floor(high)], 1.0, 1.0), key=len)
        metrics = QFontMetricsF(self.style["tickFont"] or QGuiApplication.font())
        width = metrics.horizontalAdvance(text) + _LABEL_GAP
        return float((high - low) * min(width / max(size, 1.0), 1.0))

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Add the end of the run if it is an integer."""
        ticks: list[tuple[float, list[float]]] = super().tickValues(low, high, size)
        if not ticks or not low <= self.end <= high or self.end % 1:
            return ticks
        spacing, values = ticks[0]
        clearance = max(_END_CLEARANCE * spacing, self._label_span(low, high, size))
        spaced = [value for value in values if abs(self.end - value) >= clearance]
        return [(spacing, sorted([*spaced, self.end]))]

    def tickStrings(self, values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
        if self.by_epoch:
            return ["0" if value == 0 else f"epoch {value:g}" for value in values]
        return [f"{value:,.0f}".replace(",", "\u202f") for value in values]


class ValueAxis(_Axis):
    """An axis of numbers, percentages, or powers of ten on a logarithmic scale."""

    def __init__(self, side: str) -> None:
        """Create an axis at `left` or `right`."""
        super().__init__(side)
        self.percent = False
        self.logarithmic = False

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """Use the smallest spacing of 1, 2 or 5 times a power of ten at which labels fit."""
        min_spacing = (high - low) * _MIN_LABEL_SPACING / max(size, 1.0)
        if self.logarithmic:
            return [(float(max(1, math.ceil(min_spacing))), 0.0)]
        power = 10.0 ** math.floor(math.log10(max(min_spacing, 1e-300)))
        step = next(
            power * factor for factor in (1, 2, 5, 10) if power * factor >= min_spacing * 0.999
        )
        return [(step, 0.0)]

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Add 2 and 5 between the powers of ten on a logarithmic scale if they fit."""
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
        """Format with the digits that matter."""
        if self.logarithmic:
            return [_format_power_of_ten(value) for value in values]
        if self.percent:
            return [f"{100 * value:.4g} %" for value in values]
        return [format_float(float(f"{value:.6g}")) for value in values]


def _format_power_of_ten(exponent: float) -> str:
    """Return 10 to the power of `exponent` with two digits, even if no float can hold it."""
    whole = math.floor(exponent)
    if abs(whole) < sys.float_info.max_10_exp:
        return format_float(float(f"{10.0**exponent:.2g}"))
    return f"{10.0 ** (exponent - whole):.2g}e{whole}"
