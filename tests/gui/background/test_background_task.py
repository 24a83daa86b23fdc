from __future__ import annotations

import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from dlstudio.gui.background.background_task import BackgroundTask


def test_task_of_a_deleted_owner_emits_no_result(qtbot: QtBot) -> None:
    owner, release = QObject(), threading.Event()
    results: list[object] = []
    task = BackgroundTask(lambda _task: release.wait(10), owner)
    task.done.connect(results.append)
    task.start()
    owner.deleteLater()
    qtbot.waitUntil(task.is_cancelled)
    release.set()
    assert task.wait()
    qtbot.wait(20)
    assert not results
