"""The curves of the previous run of an opened design."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_weights
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load, save
from dlstudio.design.model.model import Project
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.runs.weights_store import save_design_weights
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import Finished, RunOptions

LONG = 60_000
SHORT, LONGER = 3, 5


def train_weights(project: Project, design: Path, epochs: int) -> Path:
    runs_dir = design.with_suffix(".runs")
    *_, finished = train(project, RunOptions(threads=1, epochs=epochs, runs_dir=str(runs_dir)))
    assert isinstance(finished, Finished), finished
    return Path(finished.weights_file)


@pytest.fixture
def design(tmp_path: Path) -> Path:
    """Return a saved design with two runs and the weights of the earlier one."""
    path, project = tmp_path / "xor.dlstudio", load(example_path("xor-mlp"))
    weights = train_weights(project, path, SHORT)
    train_weights(project, path, LONGER)
    save(set_weights(project, save_design_weights(weights, path)), path)
    return path


def open_design(window: MainWindow, design: Path, qtbot: QtBot) -> list[str]:
    """Open a design and return the texts of the legend."""
    assert window.files.open_path(design), window.prompts.messages
    qtbot.waitUntil(window.panels.curves.chart.isVisible, timeout=LONG)
    return [entry.text for entry in window.panels.curves.legend.entries]


def shown_epochs(window: MainWindow) -> float:
    (_, right), _ = window.panels.curves.chart.getPlotItem().vb.viewRange()
    return float(right)


def test_opened_design_shows_the_run_of_its_weights(
    window: MainWindow, design: Path, qtbot: QtBot
) -> None:
    texts = open_design(window, design, qtbot)
    assert texts[0].startswith("train loss 0.")
    assert SHORT <= shown_epochs(window) < LONGER
    assert window.panels.curves.toolbar.readout.toolTip() == ""
    assert window.session.run.history.epoch == SHORT
    assert "test" in window.run_bar.status.chips["metric"].text()


def test_untrained_design_shows_its_newest_finished_run(
    window: MainWindow, design: Path, qtbot: QtBot
) -> None:
    save(set_weights(load(design), None), design)
    open_design(window, design, qtbot)
    assert shown_epochs(window) >= LONGER
    assert window.panels.curves.toolbar.readout.toolTip().startswith("Earlier run, ")
    assert window.session.run.history.is_empty
    assert window.run_bar.status.chips["metric"].text() == ""


def test_new_run_replaces_the_previous_curves(
    window: MainWindow, design: Path, qtbot: QtBot
) -> None:
    save(set_weights(load(design), None), design)
    open_design(window, design, qtbot)
    qtbot.waitUntil(window.run_bar.buttons["step"].isEnabled, timeout=LONG)
    qtbot.mouseClick(window.run_bar.buttons["step"], Qt.MouseButton.LeftButton)
    assert not window.panels.curves.chart.isVisible()
    qtbot.waitUntil(window.panels.curves.chart.isVisible, timeout=LONG)
    assert window.panels.curves.toolbar.readout.toolTip() == ""
    qtbot.mouseClick(window.run_bar.buttons["reset"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.state == IDLE, timeout=LONG)
    assert not window.panels.curves.chart.isVisible()


def test_opening_another_design_clears_the_curves(
    window: MainWindow, design: Path, qtbot: QtBot
) -> None:
    open_design(window, design, qtbot)
    window.document.set_clean()
    assert window.files.open_example("digits-cnn")
    assert not window.panels.curves.chart.isVisible()


def test_previous_run_checked_in_the_run_list_is_drawn_once(
    window: MainWindow, design: Path, qtbot: QtBot
) -> None:
    before = open_design(window, design, qtbot)
    window.bottom.show_tab("runs")
    runs = window.runs.tree
    qtbot.waitUntil(lambda: runs.topLevelItemCount() == 2, timeout=LONG)
    older = runs.topLevelItem(1)
    assert older is not None
    older.setCheckState(0, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: len(window.runs.checked_paths()) == 1)
    newer = runs.topLevelItem(0)
    assert newer is not None
    newer.setCheckState(0, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: len(window.panels.curves.legend.entries) > len(before), timeout=LONG)
    assert len(window.panels.curves.legend.entries) == 2 * len(before)
