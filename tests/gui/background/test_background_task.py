from __future__ import annotations

import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from dlstudio.gui.background.background_task import BackgroundTask


def test_task_of_a_deleted_owner_emits_no_result(qtbot: QtBot) -> None:
    owner, release = QObject(), threading.Event()
    results: list[object] = []
    reading = BackgroundTask(lambda _reading: release.wait(10), owner)
    reading.done.connect(results.append)
    reading.start()
    owner.deleteLater()
    qtbot.waitUntil(reading.is_cancelled)
    release.set()
    assert reading.wait()
    qtbot.wait(20)
    assert not results
