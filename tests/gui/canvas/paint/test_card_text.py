"""The texts of a card at every zoom level."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.model.problems import Problem, Severity, error
from dlstudio.gui.canvas.model.card_content import (
    WAITING_TEXT,
    CardContent,
    CardStatus,
    short_text,
)
from dlstudio.gui.canvas.paint.canvas_style import current_style
from dlstudio.gui.canvas.paint.card_text import TEXT_WIDTH, layout_card_text
from dlstudio.gui.canvas.scene.geometry import PLAIN_HEIGHT
from tests.layers.card_problems import layer_problems, task_problems
from tests.layers.test_card_problems import calls

SMALLEST = 11
"""Pixels of the smallest text on a card at 100 %."""
CARD = CardContent("Linear", "", "dense", "", "", CardStatus.ERROR, has_shape=False)


def shown(content: CardContent, scale: float = 1.0) -> str:
    style = current_style()
    texts = layout_card_text(content, style, style.text_level(scale, 1.0), PLAIN_HEIGHT)
    return texts[-1][0].text()


def written_in_code() -> Iterator[str]:
    """Yield every text that is given as the words of a problem, where it is a constant."""
    for _file, call in calls():
        for keyword in call.keywords:
            if keyword.arg == "short":
                yield from (
                    node.value
                    for node in ast.walk(keyword.value)
                    if isinstance(node, ast.Constant) and isinstance(node.value, str)
                )


def test_words_of_every_problem_fit_on_a_card(qtbot: QtBot) -> None:
    style = current_style()
    fonts = style.text_level(1.0, 1.0).reason_fonts
    fitting = [font for font in fonts if font.pixelSize() >= SMALLEST]
    texts = {problem.short for problem in (*layer_problems(), *task_problems())}
    texts |= set(filter(None, written_in_code()))
    assert len(texts) > 100
    for text in texts:
        assert style.text_width(fitting[-1], text) <= TEXT_WIDTH, text
        for scale in (1.0, 0.6, 0.45):
            assert shown(replace(CARD, output_text=text), scale) == text


def test_card_shows_the_two_numbers_that_contradict_each_other(qtbot: QtBot) -> None:
    problem = error("output-classes", "The output is 64 instead of 3", "…", short="64 ≠ 3")
    assert shown(replace(CARD, output_text=short_text(problem))) == "64 ≠ 3"


@pytest.mark.parametrize(
    ("title", "text"),
    [("Too wide", "Too wide"), ("linear_1 is not connected to an Output", "see Problems")],
)
def test_problem_of_a_package_without_short_words(title: str, text: str) -> None:
    assert short_text(Problem(Severity.ERROR, "a", "own-code", "A text.", title)) == text


def test_card_waiting_for_a_long_title_omits_the_title(qtbot: QtBot) -> None:
    waiting = replace(CARD, status=CardStatus.WAITING, fallback_text=WAITING_TEXT)
    assert shown(replace(waiting, output_text="waits for Linear")) == "waits for Linear"
    assert shown(replace(waiting, output_text=f"waits for {'long ' * 9}")) == WAITING_TEXT
