"""Drawings of samples, independent of the network that produced them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from dlstudio.gui.plots.samples.sample_drawing import SampleDrawing
from dlstudio.gui.widgets.mask_colours import mask_colour
from dlstudio.insight.samples.sample_views import (
    SampleForm,
    SampleRow,
    SamplesView,
    SpanKind,
    TokenLine,
    TokenSpan,
    Values,
)


def example_views() -> list[SamplesView]:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (5, 6, 6, 3)).astype(np.uint8)
    points = rng.normal(size=(40, 2)).astype(np.float32)
    lines = np.array([[0.0, np.nan, 2.0], [1.0, np.inf, 0.5]], np.float32)
    masks = rng.integers(0, 12, (5, 6, 6)).astype(np.uint8)
    forms: list[tuple[SampleForm, Values]] = [
        ("pictures", images), ("points", points), ("lines", lines), ("masks", masks),
        ("scatter", points),
    ]  # fmt: skip
    return [SamplesView(3, form, (SampleRow("Generated", values),)) for form, values in forms]


@pytest.mark.parametrize("view", example_views(), ids=lambda view: view.form)
def test_every_form_is_drawn(qtbot: QtBot, view: SamplesView) -> None:
    drawing = SampleDrawing()
    qtbot.addWidget(drawing)
    drawing.resize(400, 200)
    drawing.show_view(None)
    empty = drawing.grab().toImage()
    drawing.show_view(view)
    assert drawing.grab().toImage() != empty
    assert "Generated" in drawing.accessibleDescription()


def text_view(kind: SpanKind, truth: str = "") -> SamplesView:
    line = TokenLine(
        (TokenSpan("sent in → ", "given"), TokenSpan("made", kind, truth)), kind == "right"
    )
    return SamplesView(3, "texts", (), captions=(line,) * 30)


def test_right_wrong_and_corrected_texts_look_different(qtbot: QtBot) -> None:
    drawing = SampleDrawing()
    qtbot.addWidget(drawing)
    drawing.resize(400, 200)
    images = []
    for view in (
        text_view("right"),
        text_view("wrong"),
        text_view("wrong", "true"),
        text_view("missing"),
    ):
        drawing.show_view(view)
        images.append(drawing.grab().toImage())
    assert all(first != second for first, second in combinations(images, 2))
    assert drawing.accessibleDescription().startswith("sent in → made")


def test_minimum_height_fits_the_texts(qtbot: QtBot) -> None:
    drawing = SampleDrawing()
    qtbot.addWidget(drawing)
    drawing.resize(400, 200)
    drawing.show_view(text_view("right"))
    assert drawing.minimumHeight() > 400
    drawing.show_view(example_views()[0])
    assert drawing.minimumHeight() < 200


def test_mask_colours_are_distinct_beyond_the_palette() -> None:
    assert len({mask_colour(index).name() for index in range(20)}) == 20


def test_image_rows_have_a_minimum_size(qtbot: QtBot) -> None:
    drawing = SampleDrawing()
    qtbot.addWidget(drawing)
    masks = np.zeros((16, 4, 4), np.uint8)
    rows = tuple(SampleRow(title, masks) for title in ("True", "Told"))
    drawing.show()
    drawing.resize(900, 200)
    drawing.show_view(SamplesView(3, "masks", rows, paired=True))
    wide = drawing.minimumHeight()
    drawing.resize(300, 200)
    assert drawing.minimumHeight() > 2 * wide
