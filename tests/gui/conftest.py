"""What holds for every test of the window: own settings, no leaked timer, answers at hand."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from dlstudio.gui.preferences import CONFIG_VARIABLE


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))


@pytest.fixture(autouse=True)
def _no_leaked_timers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a repeating timer running."""
    started: list[weakref.ref[QTimer]] = []
    start: Callable[..., None] = QTimer.start

    def recorded(timer: QTimer, *interval: int) -> None:
        started.append(weakref.ref(timer))
        start(timer, *interval)

    monkeypatch.setattr(QTimer, "start", recorded)
    yield
    if QApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    leaked = [
        timer
        for reference in started
        if (timer := reference()) is not None
        and isValid(timer)
        and timer.isActive()
        and not timer.isSingleShot()
    ]
    assert not leaked, f"timers left running, of {[each.parent() for each in leaked]}"
