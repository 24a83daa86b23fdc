"""Fixtures for tests of the window: isolated settings, no leaked timers, fake prompts."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from dlstudio.design.edits import append_after
from dlstudio.design.library.files import save
from dlstudio.design.model.model import Project
from dlstudio.gui.document.document import Document
from dlstudio.gui.document.preferences import CONFIG_VARIABLE
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.style.theme import apply_theme, load_fonts
from dlstudio.gui.window.connections import connect_signals
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import FakePrompts, FileWorkspace


@pytest.fixture(autouse=True)
def _isolated_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))


@pytest.fixture(autouse=True)
def _no_leaked_timers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a repeating timer running."""
    started: list[weakref.ref[QTimer]] = []
    start: Callable[..., None] = QTimer.start

    def record_start(timer: QTimer, *interval: int) -> None:
        started.append(weakref.ref(timer))
        start(timer, *interval)

    monkeypatch.setattr(QTimer, "start", record_start)
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
    assert not leaked, f"timers left running, of {[timer.parent() for timer in leaked]}"


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """Return the main window with its plots; `FakePrompts` replaces its dialogs."""
    load_fonts()
    apply_theme("dark")
    result = MainWindow(prompts=FakePrompts())
    connect_signals(result)
    qtbot.addWidget(result, before_close_func=MainWindow.dispose)
    result.show()
    qtbot.waitUntil(lambda: result.panels is not None)
    return result


@pytest.fixture
def make_workspace(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], FileWorkspace]]:
    workspaces: list[FileWorkspace] = []

    def make() -> FileWorkspace:
        workspaces.append(FileWorkspace(qtbot, tmp_path / "recovery"))
        return workspaces[-1]

    yield make
    for workspace in workspaces:
        workspace.close()


@pytest.fixture
def workspace(make_workspace: Callable[[], FileWorkspace]) -> FileWorkspace:
    return make_workspace()


@pytest.fixture
def design(tmp_path: Path) -> Path:
    project, _ = append_after(Project(title="small"), None, "input")
    path = tmp_path / "small.dlstudio"
    save(project, path)
    return path


@pytest.fixture
def session(document: Document, qtbot: QtBot) -> Iterator[TrainingSession]:
    """Return a session of the `document` fixture; an active run is stopped at the end."""
    result = TrainingSession(document)
    yield result
    result.stop()
    assert result.wait(30)
