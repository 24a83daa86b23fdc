from __future__ import annotations

from pytestqt.qtbot import QtBot

from dlstudio.gui.document.preferences import Preferences, store_preferences
from dlstudio.gui.window.main_window import MainWindow


def test_larger_font_widens_the_side_panels(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1800, 1000)
    before = window.docks.inspector.width()
    store_preferences(Preferences(font_size=18))
    qtbot.waitUntil(lambda: window.docks.inspector.width() > 1.2 * before)
    store_preferences(Preferences(font_size=13))
    qtbot.waitUntil(lambda: abs(window.docks.inspector.width() - before) < 8)
