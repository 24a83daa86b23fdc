"""The scatter plot of two columns: scales, numbers and names of its axes."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from dlstudio.gui.data.drawings.scatter_plot import ScatterPlot, nice_range, tick_texts
from dlstudio.gui.style.theme import current_theme


@pytest.mark.parametrize(
    ("x", "y"), [((0, 1), (0, 1e6)), ((-1e-4, 1e-4), (5, 6)), ((1.7e9, 1.7001e9), (-3, 900))]
)
def test_each_axis_has_its_own_scale(
    qtbot: QtBot, x: tuple[float, float], y: tuple[float, float]
) -> None:
    plot = ScatterPlot()
    qtbot.addWidget(plot)
    plot.resize(400, 300)
    plot.set_points(np.array(x, np.float32), np.array(y, np.float32))
    plot.set_axis_names("area", "price")
    image = plot.grab().toImage()
    accent = current_theme().colour("accent").rgb()
    coloured = [
        (column, row)
        for column in range(image.width())
        for row in range(image.height())
        if image.pixel(column, row) == accent
    ]
    columns, rows = zip(*coloured, strict=True)
    assert max(columns) - min(columns) > 150
    assert max(rows) - min(rows) > 100
    assert plot.accessibleName() == "price over area"


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((0, 1), ["0", "0.25", "0.5", "0.75", "1"]),
        ((-2e6, 2e6), ["−2e+06", "−1e+06", "0", "1e+06", "2e+06"]),
        ((1_700_000_000, 1_700_001_920), [f"17000{step:05}" for step in range(0, 2001, 500)]),
        ((0.001, 0.0012), ["0.001", "0.00105", "0.0011", "0.00115", "0.0012"]),
    ],
)  # fmt: skip
def test_numbers_at_an_axis_differ(values: tuple[float, float], texts: list[str]) -> None:
    assert tick_texts(nice_range(np.array(values, np.float32))) == texts


@pytest.mark.parametrize("values", [(3.0, 3.0), (0.0, 0.0), (1e-30, 2e-30), (-3e38, 3e38)])
def test_any_values_have_a_range(values: tuple[float, float]) -> None:
    ticks = nice_range(np.array(values, np.float32))
    span = ticks[-1] - ticks[0]
    assert ticks[0] <= min(values) + span / 1e3
    assert ticks[-1] >= max(values) - span / 1e3
    assert len(set(tick_texts(ticks))) == len(ticks)


def test_long_class_names_wrap_instead_of_being_shortened(qtbot: QtBot) -> None:
    plot = ScatterPlot()
    qtbot.addWidget(plot)
    plot.resize(220, 200)
    names = ("within 1 week", "within 1 month", "longer than that")
    values = np.arange(6, dtype=np.float32)
    plot.set_points(values, values)
    plot.set_classes(np.arange(6) % 3, names)
    rows = plot._legend_rows()
    assert [text for row in rows for _index, text, _left in row] == list(names)
    assert len(rows) > 1
