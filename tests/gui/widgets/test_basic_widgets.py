from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from dlstudio.gui.style.theme import apply_theme, current_theme, load_fonts
from dlstudio.gui.widgets.basic_widgets import (
    ShrinkingButton,
    button,
    placeholder_label,
    set_style_property,
)


def test_shrinking_button_at_its_size_hint_shows_its_full_text(qtbot: QtBot) -> None:
    load_fonts()
    apply_theme("dark")
    for text in ("Wire linear_1 to relu_1", "Use “Handwritten digits 8×8”", "Give it 2 outputs"):
        shrinking, plain = ShrinkingButton(text), QPushButton(text)
        for widget in (shrinking, plain):
            widget.setProperty("look", "primary")
            qtbot.addWidget(widget)
            widget.show()
            widget.resize(widget.sizeHint())
        assert shrinking.grab().toImage() == plain.grab().toImage()


def test_placeholder_wraps_instead_of_widening_its_panel(qtbot: QtBot) -> None:
    placeholder = placeholder_label("A sentence that is long. " * 20)
    qtbot.addWidget(placeholder)
    assert placeholder.minimumSizeHint().width() < 300


def test_shrinking_button_wraps_instead_of_eliding(qtbot: QtBot) -> None:
    text = "Insert 1×1 Conv2d (16 → 64) inside Residual, used 3 times"
    shrinking = ShrinkingButton(text)
    qtbot.addWidget(shrinking)
    shrinking.show()
    shrinking.resize(180, shrinking.sizeHint().height())
    assert len(shrinking.lines(shrinking.width())) > 1
    assert " ".join(shrinking.lines(shrinking.width())) == text
    assert shrinking.sizeHint().height() > QPushButton("One line").sizeHint().height()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_icon_of_a_primary_button_has_the_colour_of_its_text(qtbot: QtBot, theme: str) -> None:
    apply_theme(theme)
    primary = button("Open", lambda: None, look="primary", icon_name="open")
    qtbot.addWidget(primary)
    assert _icon_colour(primary) == QColor(current_theme().on_accent)
    set_style_property(primary, "look", "")
    assert _icon_colour(primary) == QColor(current_theme().text)


def _icon_colour(widget: QPushButton) -> QColor:
    image = widget.icon().pixmap(48, 48).toImage()
    colours = (image.pixelColor(x, y) for x in range(48) for y in range(48))
    return next(colour for colour in colours if colour.alpha() == 255)
