from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dlstudio.insight.views.values import (
    Bars,
    CardOverlay,
    Curves,
    Field,
    Maps,
    Matrix,
    Scatter,
    Table,
    Vector,
)

ROW, PLANE = np.zeros(3, np.float32), np.zeros((2, 3), np.float32)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: Maps(PLANE), r"Maps\.values must have 3 axes, not the shape \(2, 3\)"),
        (lambda: Maps(PLANE[None], ("a", "b")), r"Maps\.names must be 1 names or none, not 2"),
        (lambda: Vector(PLANE), r"Vector\.values must have 1 axes"),
        (lambda: Matrix(PLANE, rows=("a",)), r"Matrix\.rows must be 2 names"),
        (lambda: Curves(ROW, {"loss": ROW[:2]}), r"Curves\.lines\['loss'\] must have the shape"),
        (lambda: Bars(("a", "b"), ROW), r"Bars\.values must have the shape \(2,\), not \(3,\)"),
        (lambda: Bars(("a", "b", "c"), ROW, ROW[:1]), r"Bars\.spread must have the shape"),
        (lambda: Scatter(PLANE), r"Scatter\.points must have the shape \(2, 2\)"),
        (lambda: Scatter(PLANE[:, :2], np.zeros(3, np.int64)), r"Scatter\.labels must have"),
        (lambda: Table(("a", "b"), ((1,),)), "a row has 1 cells, but there are 2 columns"),
        (lambda: Field(ROW, (0, 1), (0, 1)), r"Field\.values must have 2 axes"),
    ],
)
def test_wrong_shape_is_refused(make: Callable[[], object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        make()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"a": None}, r"CardOverlay\.values\['a'\] must be a number, not a NoneType"),
        ({"a": "3"}, r"CardOverlay\.values\['a'\] must be a number, not a str"),
        ({"a": ROW}, r"CardOverlay\.values\['a'\] must be a number, not a ndarray"),
        ({"a": 10**400}, r"CardOverlay\.values\['a'\] is too large"),
        ({3: 1.0}, r"CardOverlay\.values has the key 3, which is not a path"),
    ],
)
def test_overlay_refuses_what_is_not_a_number(values: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        CardOverlay(values)


def test_overlay_accepts_numbers_of_any_type() -> None:
    values: Any = {"a": np.float32(0.5), "b": np.int64(-2), "c": True}
    overlay = CardOverlay(values, low=np.float16(1))
    assert overlay.values == {"a": 0.5, "b": -2.0, "c": 1.0}
    assert [type(number) for number in (*overlay.values.values(), overlay.low)] == [float] * 4


def test_overlay_refuses_an_end_that_is_not_a_number() -> None:
    end: Any = "3"
    with pytest.raises(ValueError, match=r"CardOverlay\.high must be a number, not a str"):
        CardOverlay(high=end)
