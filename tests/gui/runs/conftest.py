"""Windows with a small design, untrained or trained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_training
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load, save
from dlstudio.gui.style.theme import apply_theme
from dlstudio.gui.window.connections import connect_signals
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import FakePrompts, wait_until_checked
from tests.gui.runs.trained_window import EPOCHS, SECONDS, click_train


@pytest.fixture
def design(tmp_path: Path) -> Path:
    project = load(example_path("xor-mlp"))
    path = tmp_path / "mine.dlstudio"
    save(set_training(project, replace(project.training, epochs=EPOCHS)), path)
    return path


@pytest.fixture
def open_window(qtbot: QtBot) -> Callable[[Path], MainWindow]:
    def open_design(path: Path) -> MainWindow:
        apply_theme("dark")
        window = MainWindow(prompts=FakePrompts())
        connect_signals(window)
        qtbot.addWidget(window, before_close_func=MainWindow.dispose)
        window.show()
        qtbot.waitUntil(lambda: window.panels is not None)
        assert window.files.open_path(path), window.prompts.messages
        wait_until_checked(window, qtbot)
        qtbot.waitUntil(lambda: not window.panels.previous_run.is_busy, timeout=SECONDS)
        return window

    return open_design


@pytest.fixture
def trained(open_window: Callable[[Path], MainWindow], design: Path, qtbot: QtBot) -> MainWindow:
    """Return a window with a saved design that was trained by the Train button."""
    window = open_window(design)
    click_train(window, qtbot)
    assert window.files.save()
    return window
