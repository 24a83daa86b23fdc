"""Ranges above the columns: short, right, and never cut."""

from __future__ import annotations

import random

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from dlstudio.gui.data.page.contents.page_contents import INPUT, LEFT_OUT, PageColumn
from dlstudio.gui.data.page.contents.value_ranges import MAX_LENGTH, date_range, number_range
from dlstudio.gui.data.page.table.column_header import MARGIN, ColumnHeader
from dlstudio.gui.style.theme import font_size, mono_font


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (28.5, 189.95, "28 – 190"),
        (1, 7, "1 – 7"),
        (0.1, 0.9, "0.1 – 0.9"),
        (-0.4, 12, "−0.4 – 12"),
        (-3.5, 3.2, "−3.5 – 3.2"),
        (1e-9, 5e-9, "1e−9 – 5e−9"),
        (-1e12, 3e12, "−1e12 – 3e12"),
        (1_700_000_000, 1_700_000_143, "1.7e9 + 143"),
        (5, 5, "5"),
    ],
)
def test_range_of_numbers(low: float, high: float, text: str) -> None:
    assert number_range(low, high) == text


def test_range_follows_the_decimal_sign_of_the_file() -> None:
    assert number_range(0.1, 0.9, ",") == "0,1 – 0,9"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("2026-02-01", "2026-09-12", "Feb – Sep 2026"),
        ("2025-02-01", "2026-02-12", "Feb 2025 – Feb 2026"),
        ("1925-02-01", "2026-02-12", "1925 – 2026"),
        ("2026-02-01", "2026-02-12", "1 Feb – 12 Feb 2026"),
        ("2026-02-01 08:00", "2026-02-01 18:00", "08:00 – 18:00"),
        ("08:00", "17:30", "08:00 – 17:30"),
    ],
)
def test_range_of_dates(low: str, high: str, text: str) -> None:
    assert date_range(low, high) == text


def _drawn_ranges() -> list[str]:
    generator = random.Random(0)
    texts = []
    for _ in range(3000):
        low = generator.choice((-1, 1)) * 10 ** generator.uniform(-14, 16)
        texts.append(number_range(low, low + 10 ** generator.uniform(-14, 16)))
    for _ in range(300):
        days = sorted(generator.sample(range(1900 * 12, 2030 * 12), 2))
        low_date, high_date = (
            f"{month // 12}-{month % 12 + 1:02}-{generator.randint(1, 28):02}" for month in days
        )
        texts.append(date_range(low_date, high_date))
    return texts


def test_no_drawn_range_is_cut_at_the_width_of_its_column(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    texts = _drawn_ranges()
    header = ColumnHeader(lambda _index: None, parent)
    metrics = QFontMetrics(mono_font(max(font_size() - 2, 11)))
    columns = [PageColumn("x", INPUT, "number", "number", 0, 9, range_text=t) for t in texts]
    for column in columns:
        room = header.width_of(column) - 2 * MARGIN
        assert metrics.horizontalAdvance(column.range_text) <= room, column.range_text
    assert max(map(len, texts)) <= MAX_LENGTH
    room = header.width_of_many(columns) - 2 * MARGIN
    assert max(map(metrics.horizontalAdvance, texts)) <= room


def test_the_two_ends_of_a_drawn_range_differ() -> None:
    for text in _drawn_ranges():
        first, _, last = text.partition(" – ")
        assert first != last


def test_long_reason_in_a_head_points_to_the_list(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    reason = "it counts the rows, and would only tell their order in the file"
    column = PageColumn("id", LEFT_OUT, "ignore", "number", 0, 9, reason=reason)
    assert ColumnHeader(lambda _index: None, parent).width_of(column) < 150
