from __future__ import annotations

from pytestqt.qtbot import QtBot

from dlstudio.gui.document.preferences import Preferences, preferences, settings, store_preferences


def test_preferences_are_stored(qtbot: QtBot) -> None:
    chosen = Preferences(theme="light", font_size=17, threads=1, data_dir="/somewhere")
    store_preferences(chosen)
    assert preferences() == chosen


def test_broken_preferences_fall_back(qtbot: QtBot) -> None:
    stored = settings()
    stored.setValue("preferences/font_size", "enormous")
    stored.sync()
    assert preferences() == Preferences()


def test_threads_leave_one_core_to_the_window() -> None:
    assert Preferences().run_threads >= 1
    assert Preferences(threads=3).run_threads == 3
