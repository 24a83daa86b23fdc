"""Runs of a design without a file come along when it is saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.gui.main_window import MainWindow
from dlstudio.gui.preferences import Preferences, store
from dlstudio.gui.questions import Answer
from dlstudio.gui.session import IDLE
from dlstudio.training.runs import list_runs, runs_dir_for

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def trained(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Return the window with an example, one epoch of it learnt, and a place to save it."""
    window.files.open_example("xor-mlp")
    qtbot.waitUntil(window.run_bar.buttons["step_epoch"].isEnabled, timeout=60_000)
    qtbot.mouseClick(window.run_bar.buttons["step_epoch"], LEFT)
    qtbot.waitUntil(lambda: window.session.state == "paused", timeout=60_000)
    window.questions.path = tmp_path / "mine.dlstudio"
    return window


def end(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.run_bar.buttons["stop"], LEFT)
    qtbot.waitUntil(lambda: window.session.state == IDLE, timeout=60_000)


def names(path: Path | None) -> list[str]:
    return [run.name for run in list_runs(runs_dir_for(path))]


def test_a_preferred_folder_for_runs_is_where_they_are_looked_for(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    window.bottom.show_tab("runs")
    store(Preferences(runs_dir="~/my runs"))
    window.files.open_example("xor-mlp")
    qtbot.waitUntil(window.run_bar.buttons["step_epoch"].isEnabled, timeout=60_000)
    qtbot.mouseClick(window.run_bar.buttons["step_epoch"], LEFT)
    qtbot.waitUntil(lambda: window.session.state == "paused", timeout=60_000)
    end(window, qtbot)
    assert Path(window.session.run_dir).parent == tmp_path / "my runs"
    assert window.run_control.folder() == tmp_path / "my runs"
    qtbot.waitUntil(lambda: window.runs.list.topLevelItemCount() == 1, timeout=20_000)
    store(Preferences())
    qtbot.waitUntil(lambda: window.runs.list.topLevelItemCount() == 0, timeout=20_000)


@pytest.mark.parametrize("over", [True, False])
def test_saving_brings_the_run_beside_the_file(
    trained: MainWindow, qtbot: QtBot, tmp_path: Path, over: bool
) -> None:
    run = Path(trained.session.run_dir)
    if over:
        end(trained, qtbot)
    assert trained.files.save()
    if not over:
        assert run.is_dir(), "a living run writes where it began"
        end(trained, qtbot)
    assert names(trained.document.path) == [run.name]
    assert names(None) == []
    trained.bottom.show_tab("runs")
    qtbot.waitUntil(lambda: trained.runs.list.topLevelItemCount() == 1)
    assert Path(trained.session.run_dir) == tmp_path / "mine.runs" / run.name
    assert trained.run_control.weights is not None
    assert trained.run_control.weights.is_file()


def test_another_design_does_not_take_the_run(
    trained: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    run = Path(trained.session.run_dir)
    end(trained, qtbot)
    trained.questions.save = Answer.DISCARD
    assert trained.files.new()
    assert trained.files.save()
    assert names(None) == [run.name]
    assert not (tmp_path / "mine.runs").exists()
