"""A run that is gone on with after the design was opened again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_training
from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.gui.document import Document
from dlstudio.gui.plots.curves import CurvesPanel
from dlstudio.gui.plots.history_files import read_history
from dlstudio.gui.session import IDLE, TrainingSession
from dlstudio.training.control import Control
from dlstudio.training.events import EpochDone, Finished, RunOptions
from dlstudio.training.loop import train

PLANNED, DONE = 6, 2


@pytest.fixture
def document() -> Document:
    result, project = Document(), load(example_path("xor-mlp"))
    result.load(set_training(project, replace(project.training, epochs=PLANNED)), None)
    return result


@pytest.fixture
def unfinished(document: Document, tmp_path: Path) -> Path:
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


def resume(qtbot: QtBot, panel: CurvesPanel, run: Path) -> None:
    panel.session.resume_run(run)
    qtbot.waitUntil(lambda: panel.session.state == IDLE, timeout=60_000)


def all_steps(panel: CurvesPanel) -> bool:
    history = panel.session.history
    return bool(np.array_equal(history.series["train_loss"].x, np.arange(1, history.step + 1)))


def test_curves_begin_where_the_run_began(
    qtbot: QtBot, panel: CurvesPanel, unfinished: Path
) -> None:
    resume(qtbot, panel, unfinished)
    qtbot.waitUntil(lambda: all_steps(panel), timeout=10_000)
    history = panel.session.history
    per_epoch = history.step // PLANNED
    ends = np.arange(1, PLANNED + 1) * per_epoch
    np.testing.assert_array_equal(history.series["validation_loss"].x, ends)


def test_another_runs_curves_do_not_stay(
    qtbot: QtBot, panel: CurvesPanel, unfinished: Path
) -> None:
    panel.session.train()
    qtbot.waitUntil(lambda: panel.session.state == IDLE, timeout=60_000)
    resume(qtbot, panel, unfinished)
    qtbot.waitUntil(lambda: all_steps(panel), timeout=10_000)
    expected = read_history(unfinished).series["train_loss"].y
    np.testing.assert_array_equal(panel.session.history.series["train_loss"].y, expected)
