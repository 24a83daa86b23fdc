"""Drawings of a layer's output and of the class scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from dlstudio.gui.plots.activations.activation_drawing import ActivationDrawing
from dlstudio.gui.plots.activations.class_bars import ClassBars
from dlstudio.insight.activations.activation_views import ActivationView, SampleChoice
from dlstudio.insight.activations.summaries import layer_view


def test_sequence_time_axis_runs_to_the_right(qtbot: QtBot) -> None:
    values = torch.zeros(1, 40, 10)
    values[0, 30:, :5] = 1.0
    drawing = ActivationDrawing()
    qtbot.addWidget(drawing)
    drawing.resize(420, 140)
    drawing.show_layer(layer_view(values))
    drawing.show()
    image = drawing.grab().toImage()
    late, early = image.pixelColor(400, 20), image.pixelColor(40, 20)
    assert late.lightness() > early.lightness() + 60
    assert image.pixelColor(400, 110).lightness() == early.lightness()
    qtbot.mouseMove(drawing, QPoint(30, 20))
    qtbot.mouseMove(drawing, QPoint(400, 20))
    qtbot.waitUntil(lambda: drawing.toolTip() == "step 38, feature 1: 1")


def activation_view(**fields: object) -> ActivationView:
    default = ActivationView(
        0, SampleChoice(), 9, ("test",), None, "", -1, np.empty(0, np.float32), ()
    )
    return replace(default, **fields)  # type: ignore[arg-type]


def test_class_bars_are_hidden_without_scores(qtbot: QtBot) -> None:
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.show()
    bars.show_view(activation_view())
    assert bars.isHidden()
    bars.show_view(
        activation_view(scores=np.array([0.25, 0.75], np.float32), class_names=("a", "b"))
    )
    assert not bars.isHidden()
    assert bars.accessibleName().startswith("predicted b (75.0 %)")


def test_true_values_have_a_column_and_as_many_rows_as_fit(qtbot: QtBot) -> None:
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.resize(200, 160)
    values = np.linspace(1, 2, 12, dtype=np.float32)
    bars.show_view(activation_view(scores=values, true_values=tuple(values.tolist())))
    bars.show()
    first = bars.grab().toImage()
    bars.show_view(activation_view(scores=values, true_values=tuple((values + 1).tolist())))
    second = bars.grab().toImage()
    changed = [
        (x, y)
        for x in range(first.width())
        for y in range(first.height())
        if first.pixel(x, y) != second.pixel(x, y)
    ]
    left = min(x for x, _ in changed)
    assert left > first.width() / 2, "the true values have their own column"
    assert max(x for x, _ in changed) < first.width() - 2, "nothing is cut at the edge"
    assert len({y // 16 for _, y in changed}) == 8
