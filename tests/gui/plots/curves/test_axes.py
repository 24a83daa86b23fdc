"""Labels on the axis of epochs never touch each other."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtGui import QFontMetricsF, QGuiApplication
from pytestqt.qtbot import QtBot

from dlstudio.gui.plots.curves.axes import StepAxis


@pytest.mark.parametrize("size", [120, 200, 320, 640, 1200])
@pytest.mark.parametrize("end", [3, 63, 180, 230])
def test_labels_of_epochs_have_a_gap(qtbot: QtBot, size: int, end: int) -> None:
    axis = StepAxis()
    axis.end = float(end)
    [(spacing, values)] = axis.tickValues(0.0, float(end), size)
    assert values[-1] == end
    metrics = QFontMetricsF(QGuiApplication.font())
    texts = axis.tickStrings(values, 1.0, spacing)
    widths = [metrics.horizontalAdvance(text) for text in texts]
    gaps = [
        (right - left) * size / end - (one + other) / 2
        for (left, right), (one, other) in zip(pairwise(values), pairwise(widths), strict=True)
    ]
    assert min(gaps, default=1.0) > 0
