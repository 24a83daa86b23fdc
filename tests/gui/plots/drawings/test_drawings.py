"""Every type of view value has a drawing with an accessible name."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from dlstudio.gui.plots.drawings.bars import BarsDrawing
from dlstudio.gui.plots.drawings.drawing import DRAWINGS, DrawingRow
from dlstudio.gui.plots.drawings.planes import PlanesDrawing
from dlstudio.gui.plots.drawings.table import TableDrawing
from dlstudio.gui.style.theme import apply_theme, load_fonts
from dlstudio.insight.views.values import (
    Bars,
    CardOverlay,
    Curves,
    Field,
    Maps,
    Matrix,
    Scatter,
    Table,
    Text,
    Vector,
    ViewValue,
)

RAMP = np.linspace(-1, 1, 12, dtype=np.float32)
PLANE = RAMP.reshape(3, 4)
VALUES: tuple[ViewValue, ...] = (
    Maps(RAMP.reshape(2, 2, 3), ("left", "right"), title="Maps"),
    Vector(RAMP, title="Vector"),
    Matrix(PLANE, ("a", "b", "c"), ("1", "2", "3", "4"), "row", "column", title="Matrix"),
    Curves(RAMP, {"rise": RAMP, "gap": np.where(RAMP > 0, RAMP, np.nan)}, title="Curves"),
    Bars(("a", "b"), RAMP[-2:], spread=RAMP[-2:], unit="s", title="Bars"),
    Scatter(PLANE[:, :2], np.array([0, 1, 1]), ("no", "yes"), "x", "y", title="Scatter"),
    Table(("Layer", "Norm"), (("a", 2.5), ("b", 10.0), ("c", None)), title="Table"),
    Text("A line.\n\nAnother one.", title="Text"),
    Field(PLANE, (0, 1), (0, 2), title="Field"),
    CardOverlay({"conv2d_1": 0.5, "linear_1": 0.25}, unit="ms", title="Overlay"),
)


@pytest.fixture
def row(qtbot: QtBot) -> DrawingRow:
    load_fonts()
    apply_theme("dark")
    row = DrawingRow()
    qtbot.addWidget(row)
    row.resize(400, 240)
    return row


def colour_count(row: DrawingRow) -> int:
    image = row.drawings[0].grab().toImage()
    pixels = ((x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))
    return len({image.pixel(x, y) for x, y in pixels})


def test_every_type_of_value_has_a_drawing() -> None:
    assert set(DRAWINGS) == set(get_args(ViewValue)) == {type(value) for value in VALUES}


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_value_is_drawn(row: DrawingRow, value: ViewValue, qtbot: QtBot) -> None:
    row.show_values(value)
    row.show()
    qtbot.waitExposed(row)
    assert row.drawings[0].accessibleName() == value.title
    assert colour_count(row) > 2


def test_drawings_are_reused_for_values_of_the_same_types(row: DrawingRow) -> None:
    row.show_values(Text("one"), Vector(RAMP))
    before = list(row.drawings)
    row.show_values(Text("two"), Vector(RAMP))
    assert row.drawings == before
    row.show_values(Text("three"))
    assert len(row.drawings) == 1
    assert row.drawings != before


def test_unknown_type_of_value_is_rejected(row: DrawingRow) -> None:
    with pytest.raises(TypeError, match="A float cannot be drawn"):
        row.show_values(0.5)


def test_table_is_sorted_by_value(row: DrawingRow) -> None:
    row.show_values(VALUES[6])
    (table,) = row.drawings
    assert isinstance(table, TableDrawing)
    table.sortItems(1, Qt.SortOrder.DescendingOrder)
    assert table.item(0, 0).text() == "b"


def test_table_shows_and_sorts_numpy_scalars(row: DrawingRow) -> None:
    cells: Any = (np.int64(1200), np.float32(2.5), np.float32(np.inf), np.bool_(1), 10.0)
    row.show_values(Table(("Norm",), tuple((cell,) for cell in cells)))
    (table,) = row.drawings
    texts = {table.item(index, 0).text() for index in range(len(cells))}
    assert texts == {"1\u202f200", "2.5", "∞", "True", "10"}
    numbers = tuple((cell,) for cell in cells if not isinstance(cell, np.bool_))
    row.show_values(Table(("Norm",), numbers))
    table.sortItems(0, Qt.SortOrder.AscendingOrder)
    assert [table.item(index, 0).text() for index in range(4)] == ["2.5", "10", "1\u202f200", "∞"]


def test_empty_and_nan_values_are_drawn(row: DrawingRow) -> None:
    empty, missing = np.empty(0, np.float32), np.full(2, np.nan, np.float32)
    for value in (Bars((), empty), Bars(("a", "b"), missing), Vector(empty), Vector(missing)):
        row.show_values(value)
        row.show()
        row.grab()


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("numbers", [(1e308, -1e308), (np.inf, 1.0), (0.0, 5e-324), (2, 2)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_curves_of_extreme_values_are_drawn(
    row: DrawingRow, numbers: tuple[float, float], dtype: type[np.floating[Any]], log: bool
) -> None:
    with np.errstate(over="ignore"):
        line = np.array((1.0, *numbers, 2.0)).astype(dtype)
    row.show_values(Curves(np.arange(4.0, dtype=np.float32), {"line": line}, log=log))
    row.show()
    assert colour_count(row) > 2


def grabbed(qtbot: QtBot, value: ViewValue, width: int = 600, height: int = 120) -> QImage:
    apply_theme("dark")
    drawing = DRAWINGS[type(value)]()
    qtbot.addWidget(drawing)
    drawing.resize(width, height)
    drawing.show_value(value)
    return drawing.grab().toImage()


def test_single_plane_uses_the_whole_width(qtbot: QtBot) -> None:
    image = grabbed(qtbot, Matrix(np.ones((2, 5), np.float32)))
    assert image.pixelColor(590, 50) == image.pixelColor(10, 50)
    assert image.pixelColor(590, 50) != image.pixelColor(599, 119)


def test_planes_are_as_large_as_possible(qtbot: QtBot) -> None:
    values = np.ones((12, 8, 8), np.float32)
    image = grabbed(qtbot, Maps(values), 1200, 120)
    assert image.pixelColor(2, 80) == image.pixelColor(2, 2), "one row of maps, 94 pixels each"


def test_colour_scale_has_its_unit(qtbot: QtBot) -> None:
    drawing = PlanesDrawing()
    qtbot.addWidget(drawing)
    drawing.show_value(Vector(np.array([-1.5, 1], np.float32), unit="mV"))
    assert drawing.scale_texts == ("−1.5", "1.5 mV")


def test_points_are_drawn_on_a_field(qtbot: QtBot) -> None:
    points = Scatter(np.array([[1.0, 3.0]], np.float32))
    values = np.zeros((4, 4), np.float32)
    plain, dotted = (
        grabbed(qtbot, Field(values, (0, 2), (0, 4), points=shown), 200, 240)
        for shown in (None, points)
    )
    changed = [
        (x, y)
        for x in range(plain.width())
        for y in range(plain.height())
        if plain.pixel(x, y) != dotted.pixel(x, y)
    ]
    columns, rows = zip(*changed, strict=True)
    side, title = 200, 14
    assert np.mean(columns) == pytest.approx(side / 2, abs=2)
    assert np.mean(rows) == pytest.approx(title + side / 4, abs=3)


def test_long_name_leaves_the_number_of_its_bar_readable(qtbot: QtBot) -> None:
    value = np.array([123.0], np.float32)
    images = [grabbed(qtbot, Bars((name,), value), 150) for name in ("conv", "conv" * 20)]
    strips = [image.copy(130, 0, 20, 14) for image in images]
    assert strips[0] == strips[1]


def test_scale_of_bars_includes_their_spread(qtbot: QtBot) -> None:
    apply_theme("dark")
    drawing = BarsDrawing()
    qtbot.addWidget(drawing)
    drawing.resize(204, 90)
    drawing.show_value(Bars(("a",), np.array([1.0]), np.array([1.0])), ("#ff0000",))
    image = drawing.grab().toImage()
    filled = [x for x in range(204) if image.pixelColor(x, 23).red() > 200]
    assert max(filled) == pytest.approx(100, abs=3)


def test_table_aligns_headers_with_their_cells(row: DrawingRow) -> None:
    row.show_values(Table(("Layer", "Norm"), (("a", -0.0), ("b", None))))
    (table,) = row.drawings
    sides = [
        table.horizontalHeaderItem(column).textAlignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        for column in range(2)
    ]
    assert sides == [Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight]
    assert table.item(0, 1).text() == "0"


def test_curves_do_not_cross_the_text_of_the_legend(row: DrawingRow) -> None:
    row.show_values(VALUES[3])
    (plot,) = row.drawings
    assert plot.legend.brush().color().alphaF() > 0.8


def test_bars_begin_at_zero(qtbot: QtBot) -> None:
    apply_theme("dark")
    drawing = BarsDrawing()
    qtbot.addWidget(drawing)
    drawing.resize(204, 120)
    drawing.show_value(
        Bars(("minus", "plus", "none"), np.array([-1.0, 0.5, np.nan])), ("#ff0000",) * 3
    )
    image = drawing.grab().toImage()
    filled = [
        [column for column in range(200) if image.pixelColor(column, row).red() > 200]
        for row in (25, 59, 93)
    ]
    zero = 200 * 2 / 3
    assert [len(columns) for columns in filled] == [
        pytest.approx(zero, abs=3),
        pytest.approx(zero / 2, abs=3),
        0,
    ]
    assert filled[0][0] <= 2
    assert filled[1][0] == pytest.approx(zero, abs=3)
