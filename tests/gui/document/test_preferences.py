from __future__ import annotations

from pytestqt.qtbot import QtBot

from dlstudio.gui.document.preferences import Preferences, preferences, settings, store_preferences


def test_preferences_are_stored(qtbot: QtBot) -> None:
    chosen = Preferences(theme="light", font_size=17, threads=1, data_dir="/somewhere")
    store_preferences(chosen)
    assert preferences() == chosen


def test_invalid_preferences_fall_back_to_the_defaults(qtbot: QtBot) -> None:
    stored = settings()
    stored.setValue("preferences/font_size", "enormous")
    stored.sync()
    assert preferences() == Preferences()


def test_number_of_run_threads_is_at_least_one() -> None:
    assert Preferences().run_threads >= 1
    assert Preferences(threads=3).run_threads == 3
