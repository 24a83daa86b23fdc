"""The curves of a resumed run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_training
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.curves.curves_panel import CurvesPanel
from dlstudio.gui.runs.earlier.history_loader import load_history
from dlstudio.gui.runs.session import IDLE, TrainingSession
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.events import EpochDone, Finished, RunOptions

PLANNED, DONE = 6, 2


@pytest.fixture
def document() -> Document:
    result, project = Document(), load(example_path("xor-mlp"))
    result.load(set_training(project, replace(project.training, epochs=PLANNED)), None)
    return result


@pytest.fixture
def stopped_run(document: Document, tmp_path: Path) -> Path:
    """Return the folder of a run that was stopped after two epochs."""
    control, last = Control(), None
    for event in train(
        document.project, RunOptions(threads=1, seed=7, runs_dir=str(tmp_path)), control
    ):
        if isinstance(event, EpochDone) and event.epoch == DONE:
            control.send("stop")
        last = event
    assert isinstance(last, Finished)
    return Path(last.run_dir)


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> Iterator[CurvesPanel]:
    session = TrainingSession(document)
    widget = CurvesPanel(session)
    qtbot.addWidget(widget)
    widget.show()
    yield widget
    session.stop()
    assert session.wait(30)
    widget.hide()


def resume_run(qtbot: QtBot, panel: CurvesPanel, run: Path) -> None:
    panel.session.resume_run(run)
    qtbot.waitUntil(lambda: panel.session.state == IDLE, timeout=60_000)


def has_all_steps(panel: CurvesPanel) -> bool:
    history = panel.session.run.history
    return bool(np.array_equal(history.series["train_loss"].x, np.arange(1, history.step + 1)))


def test_resumed_run_shows_curves_from_its_first_step(
    qtbot: QtBot, panel: CurvesPanel, stopped_run: Path
) -> None:
    resume_run(qtbot, panel, stopped_run)
    qtbot.waitUntil(lambda: has_all_steps(panel), timeout=10_000)
    history = panel.session.run.history
    per_epoch = history.step // PLANNED
    ends = np.arange(1, PLANNED + 1) * per_epoch
    np.testing.assert_array_equal(history.series["validation_loss"].x, ends)


def test_curves_of_another_run_are_replaced(
    qtbot: QtBot, panel: CurvesPanel, stopped_run: Path
) -> None:
    panel.session.train()
    qtbot.waitUntil(lambda: panel.session.state == IDLE, timeout=60_000)
    resume_run(qtbot, panel, stopped_run)
    qtbot.waitUntil(lambda: has_all_steps(panel), timeout=10_000)
    expected = load_history(stopped_run).series["train_loss"].y
    np.testing.assert_array_equal(panel.session.run.history.series["train_loss"].y, expected)
