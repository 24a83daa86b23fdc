from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_training
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.training.log import LogPanel
from dlstudio.gui.training.run_bar import RunBar
from dlstudio.gui.training.run_status import RunStatus
from dlstudio.training.metrics.linear_baseline import Baseline
from dlstudio.training.protocol.events import (
    EpochDone,
    Failed,
    Finished,
    Paused,
    ProgressUpdate,
    Started,
    StepsDone,
)


@pytest.fixture
def status(bar: RunBar) -> RunStatus:
    return bar.status


def test_planned_epochs_follow_the_design(status: RunStatus, document: Document) -> None:
    training = replace(document.project.training, epochs=77)
    document.apply(set_training(document.project, training), "Epochs")
    assert status.chips["epoch"].text() == "Epoch 0 / 77"
    assert not status.chips["metric"].text()
    assert not status.chips["speed"].text()


def test_notice_is_shortened_and_disappears_when_the_run_resumes(
    status: RunStatus, session: TrainingSession
) -> None:
    text = "The loss is not a number, and this text is far too long for a chip"
    session.paused.emit(Paused(3, 1, reason=text))
    notice = status.chips["notice"]
    assert notice.text().endswith("…")
    assert text.startswith(notice.text().removesuffix("…"))
    assert notice.toolTip() == text
    session.resumed.emit(object())
    assert not notice.text()
    session.failed.emit(Failed("Out of memory"))
    assert notice.text() == notice.toolTip() == "Out of memory"


def test_preparation_is_shown_in_place_of_the_epoch(
    status: RunStatus, session: TrainingSession
) -> None:
    session.progress.emit(ProgressUpdate("Loading data", 0.3))
    assert status.chips["epoch"].text() == "Loading data 30 %"
    session.state_changed.emit("idle")
    assert status.chips["epoch"].text().startswith("Epoch 0 / ")


@pytest.mark.parametrize(
    ("accuracy", "guess", "tone"),
    [(0.3, 0.34, "warning"), (0.34, 0.34, "warning"), (0.5, 0.34, "good"), (0.3, None, "")],
)
def test_accuracy_that_guessing_reaches_is_not_good(
    status: RunStatus, session: TrainingSession, accuracy: float, guess: float | None, tone: str
) -> None:
    baseline = {} if guess is None else {"validation_accuracy": guess}
    session.run.record_start(Started("cpu", 1, 10, {"train": 640}, 3, 20, baseline=baseline))
    session.run.history.record_epoch(EpochDone(1, 20, {"validation_accuracy": accuracy}, 1e-3, 1.0))
    status.refresh()
    chip = status.chips["metric"]
    assert chip.property("tone") == tone
    assert ("No better than" in chip.toolTip()) == (tone == "warning")
    assert ("34.0 %" in chip.toolTip()) == (guess is not None)


def test_speed_and_loss_of_a_step_are_shown(
    status: RunStatus, session: TrainingSession, qtbot: QtBot
) -> None:
    session.run.record_start(Started("cpu", 1, 10, {"train": 640}, 3, 20))
    losses = np.full(20, 0.5, dtype=np.float32)
    session.run.history.record_steps(StepsDone(1, losses, np.full(20, 1e-3), 1, 640.0))
    with qtbot.waitSignal(status.changed):
        status.refresh()
    assert status.chips["speed"].text() == "640 samples/s"
    assert status.chips["metric"].text() == "0.500 train loss"


def test_the_test_result_replaces_that_of_the_validation_at_the_end(
    status: RunStatus, session: TrainingSession
) -> None:
    started = Started("cpu", 1, 10, {"train": 60, "validation": 20, "test": 20}, 2, 30)
    session.run.record_start(started)
    session.run.history.record_epoch(EpochDone(1, 30, {"validation_accuracy": 1.0}, 1e-3, 1.0))
    status.refresh()
    assert status.chips["metric"].text() == "100.0 % validation"
    metrics = {"validation_accuracy": 1.0, "test_accuracy": 0.955}
    session.run.record_end(Finished(1, 30, metrics, "done", 1.0, 0.1))
    status.refresh()
    assert status.chips["metric"].text() == "95.5 % test"
    assert "100.0 % validation" in status.chips["metric"].toolTip()


def test_test_result_is_not_green_where_a_linear_model_is_better_on_validation(
    status: RunStatus, session: TrainingSession, document: Document, qtbot: QtBot
) -> None:
    log = LogPanel()
    qtbot.addWidget(log)
    log.follow(session)
    linear = Baseline("accuracy", "guess", 0.5, "logistic regression", 0.82, 0.05, 66, "validation")
    session.run.project = document.project
    session.baselines.add(document.project.data, linear)
    started = Started("cpu", 1, 10, {"train": 60}, 2, 30, baseline={"validation_accuracy": 0.5})
    session.run.record_start(started)
    session.run.history.record_epoch(EpochDone(1, 30, {"validation_accuracy": 0.71}, 1e-3, 1.0))
    metrics = {"validation_accuracy": 0.71, "test_accuracy": 0.91}
    finished = Finished(1, 30, metrics, "done", 1.0, 0.1)
    session.run.record_end(finished)
    session.finished.emit(finished)
    chip = status.chips["metric"]
    assert chip.text() == "91.0 % test"
    assert chip.property("tone") == "warning"
    assert "logistic regression on the same 66 validation samples" in chip.toolTip()
    assert "71.0 %, against 82.0 %" in chip.toolTip()
    assert "Worse than logistic regression" in log.text()


def test_kept_epoch_is_shown_until_the_next_start(
    status: RunStatus, session: TrainingSession
) -> None:
    session.run.record_start(Started("cpu", 1, 10, {"train": 60}, 3, 30))
    session.run.history.record_epoch(EpochDone(3, 90, {}, 1e-3, 1.0))
    session.run.record_end(Finished(3, 90, {}, "done", 1.0, 0.1, kept_epoch=2))
    status.refresh()
    assert status.chips["epoch"].text() == "Epoch 3 / 3, kept 2"
    assert "epoch 2" in status.chips["epoch"].toolTip()
    session.run.record_start(Started("cpu", 1, 10, {"train": 60}, 6, 30, step=90, epoch=3))
    status.refresh()
    assert status.chips["epoch"].text() == "Epoch 3 / 6"
    assert not status.chips["epoch"].toolTip()
