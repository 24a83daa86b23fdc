from __future__ import annotations

from typing import Any

import pyqtgraph as pg
import pytest
from pytestqt.qtbot import QtBot

from dlstudio.gui.plots.curves.change_lines import ChangeLines


@pytest.fixture
def plot(qtbot: QtBot) -> pg.PlotWidget:
    widget = pg.PlotWidget()
    qtbot.addWidget(widget)
    return widget


def lines_in(plot: pg.PlotWidget) -> list[Any]:
    return [item for item in plot.getPlotItem().items if isinstance(item, pg.InfiniteLine)]


def test_equal_changes_keep_their_lines(plot: pg.PlotWidget) -> None:
    lines = ChangeLines(plot.getPlotItem())
    lines.show([(1.5, "rate 1e-3 → 1e-4"), (4.0, "longer")])
    first = lines_in(plot)
    assert [(line.value(), line.label.format) for line in first] == [
        (1.5, "rate 1e-3 → 1e-4"),
        (4.0, "longer"),
    ]
    lines.show([(1.5, "rate 1e-3 → 1e-4"), (4.0, "longer")])
    assert lines_in(plot) == first


def test_other_changes_replace_the_lines(plot: pg.PlotWidget) -> None:
    lines = ChangeLines(plot.getPlotItem())
    lines.show([(1.5, "longer")])
    lines.show([(30.0, "longer")])
    assert [line.value() for line in lines_in(plot)] == [30.0]
    lines.show([])
    assert lines_in(plot) == []


def test_kept_epoch_has_a_named_line_until_there_is_none(plot: pg.PlotWidget) -> None:
    lines = ChangeLines(plot.getPlotItem())
    lines.show([], [20.0], [(37.0, "kept: epoch 37")])
    assert [(line.value(), line.label.format) for line in lines_in(plot)] == [
        (20.0, "continued"),
        (37.0, "kept: epoch 37"),
    ]
    lines.show([])
    assert lines_in(plot) == []
