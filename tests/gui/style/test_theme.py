from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

import dlstudio.gui
from dlstudio.gui.style.theme import (
    CATEGORY_COLOURS,
    DARK,
    LIGHT,
    Theme,
    apply_theme,
    current_theme,
    load_fonts,
    stylesheet,
    theme_changes,
)
from dlstudio.layers.framework.categories import CATEGORIES

READABLE = 4.5
"""Minimum contrast of text in WCAG 2.1 AA."""
VISIBLE = 3.0
"""Minimum contrast of other elements, such as the border of a focused field."""


def luminance(colour: str) -> float:
    """Return the relative luminance as defined by WCAG 2.1."""
    channels = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class StyleCounter(QWidget):
    """Counts its style changes."""

    style_changes = 0

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.style_changes += event.type() == QEvent.Type.StyleChange


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("role", ["text", "muted", "accent_text", "good_text", "error", "warning"])
@pytest.mark.parametrize("background", ["canvas", "panel", "card", "field"])
def test_text_is_readable_on_every_background(theme: Theme, role: str, background: str) -> None:
    assert contrast(getattr(theme, role), getattr(theme, background)) >= READABLE


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_text_is_readable_on_coloured_buttons(theme: Theme) -> None:
    assert contrast(theme.on_accent, theme.accent) >= READABLE
    assert contrast(theme.on_accent, theme.error) >= READABLE
    assert contrast(theme.accent, theme.panel) >= VISIBLE


def test_every_category_has_a_unique_colour() -> None:
    assert {category.name for category in CATEGORIES} <= CATEGORY_COLOURS.keys()
    assert len(set(CATEGORY_COLOURS.values())) == len(CATEGORY_COLOURS)


def test_style_sheet_has_no_unfilled_placeholders(qtbot: QtBot) -> None:
    for theme in (DARK, LIGHT):
        assert "$" not in stylesheet(theme, 13)


def test_theme_change_emits_changed(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme("light", 13)
    with qtbot.waitSignal(theme_changes.changed):
        apply_theme("dark", 18)
    assert current_theme() is DARK
    label = QLabel("text")
    qtbot.addWidget(label)
    label.show()
    assert label.font().pixelSize() == 18
    apply_theme("light")
    assert current_theme() is LIGHT


def test_theme_change_restyles_nested_widgets_once(qtbot: QtBot) -> None:
    apply_theme("dark")
    outer = inner = StyleCounter()
    qtbot.addWidget(outer)
    for _ in range(10):
        inner = StyleCounter(inner)
    outer.show()
    apply_theme("light")
    assert inner.style_changes == outer.style_changes > 0


def test_shipped_font_is_used(qtbot: QtBot) -> None:
    load_fonts()
    apply_theme("dark")
    label = QLabel("text")
    qtbot.addWidget(label)
    label.ensurePolished()
    assert label.fontInfo().family() == "Inter"


def test_no_text_of_the_panels_is_smaller_than_11_pixels() -> None:
    source = Path(dlstudio.gui.__file__).parent
    sizes = {
        int(size)
        for path in source.rglob("*.py")
        for size in re.findall(r"(?:text|mono)_font\((\d+)", path.read_text(encoding="utf-8"))
    }
    assert min(sizes - {0}) >= 11
