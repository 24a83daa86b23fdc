from __future__ import annotations

import os

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.gui.document.preferences import (
    MAX_FONT_SIZE,
    MIN_FONT_SIZE,
    Preferences,
    config_dir,
    preferences,
    settings,
    store_preferences,
)


def test_preferences_are_stored(qtbot: QtBot) -> None:
    chosen = Preferences("light", font_size=17, threads=1, data_dir="/a, b", runs_dir="/runs")
    store_preferences(chosen)
    assert preferences() == chosen


def test_invalid_preferences_fall_back_to_the_defaults(qtbot: QtBot) -> None:
    stored = settings()
    stored.setValue("preferences/font_size", "enormous")
    stored.sync()
    assert preferences() == Preferences()


@pytest.mark.parametrize(
    "line",
    [
        "theme=blue",
        "theme=dark, light",
        f"font_size={'9' * 5000}",
        "font_size=99999999999",
        "font_size=²",
        f"threads={'9' * 5000}",
        "threads=-1",
        "data_dir=/a, b",
        "data_dir=@Invalid()",
        "runs_dir=@ByteArray(abc)",
        "runs_dir=@Point(1 2)",
    ],
)
def test_damaged_settings_file_gives_the_defaults(qtbot: QtBot, line: str) -> None:
    (config_dir() / "dlstudio.ini").write_text(f"[preferences]\n{line}\n", encoding="utf-8")
    assert preferences() == Preferences()


@pytest.mark.parametrize(("stored", "used"), [(0, MIN_FONT_SIZE), (100_000, MAX_FONT_SIZE)])
def test_font_size_is_limited_to_its_range(qtbot: QtBot, stored: int, used: int) -> None:
    store_preferences(Preferences(font_size=stored))
    assert preferences().font_size == used


def test_threads_of_a_larger_machine_are_limited(qtbot: QtBot) -> None:
    store_preferences(Preferences(threads=100_000))
    assert preferences().threads == (os.cpu_count() or 1)


def test_number_of_run_threads_is_at_least_one() -> None:
    assert Preferences().run_threads >= 1
    assert Preferences(threads=3).run_threads == 3
