"""Reads data on the page, and finds what it shows."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from dlstudio.data.sources.path_detection import readers_of, settings_for
from dlstudio.design.model.model import new_project
from dlstudio.gui.data.page.contents.change_actions import ChangeAction
from dlstudio.gui.data.page.data_page import DataPage


def read(page: DataPage, path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.read_finished, timeout=120_000):
        page.open_settings(settings_for(path, readers_of(path)[0], new_project().data))
    qtbot.waitUntil(lambda: not page.reader.is_busy, timeout=120_000)


def actions(page: DataPage) -> list[ChangeAction]:
    return [action for entry in page.changes.entries for action in entry.actions]
