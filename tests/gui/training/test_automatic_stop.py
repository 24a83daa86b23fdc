"""What the window says about a run with automatic epochs that ends early."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data, set_training
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.training_settings import AUTOMATIC, EarlyStopping, with_epochs
from dlstudio.design.storage.codec import decode, encode
from dlstudio.gui.runs.continuation import NetworkFingerprints, continuation_of
from dlstudio.gui.runs.run_record import RunRecord
from dlstudio.gui.training.log import LogPanel
from dlstudio.gui.training.training_form import TrainingForm
from dlstudio.training.protocol.events import Finished, SettingChanged, Started
from dlstudio.training.specs.automatic import training_of
from dlstudio.training.step.run_comparison import compare_with_run
from dlstudio.training.storage.runs import CHECKPOINTS
from tests.gui.panel_designs import checked_document, small_network

IRIS = set_data(set_training(small_network(), AUTOMATIC), DataSettings("iris"))
STOPPED = Finished(63, 252, {}, "early-stopping", 1.0, 0.1, kept_epoch=18)


def test_form_shows_when_automatic_epochs_end(qtbot: QtBot) -> None:
    document = checked_document(IRIS)
    form = TrainingForm(document)
    qtbot.addWidget(form)
    document.project_changed.connect(lambda _change: form.show_project())
    form.show_project()
    editor = next(part.editors["epochs"] for part in form.forms if "epochs" in part.editors)
    assert "Up to 150 epochs" in editor.toolTip()
    assert "validation loss has not improved for 45 epochs" in editor.toolTip()
    document.apply(
        set_training(document.project, with_epochs(document.project.training, 20)), "Set epochs"
    )
    assert "Up to" not in editor.toolTip()


def test_log_shows_why_the_run_ended(qtbot: QtBot) -> None:
    log = LogPanel()
    qtbot.addWidget(log)
    started = Started("cpu", 1, 10, {"train": 105}, 150, 4, training=training_of(IRIS))
    log._on_started(started)
    log._on_finished(STOPPED)
    assert "because the validation loss had not improved for 45 epochs" in log.text()


@pytest.mark.parametrize("epochs", [None, 200])
def test_stopped_run_can_be_continued(epochs: int | None, tmp_path: Path) -> None:
    (tmp_path / CHECKPOINTS / "step-252").mkdir(parents=True)
    training = training_of(IRIS)
    run = RunRecord(project=IRIS)
    started = Started(
        "cpu", 1, 10, {"train": 105}, 150, 4, run_dir=str(tmp_path), training=training
    )
    run.record_start(started)
    run.record_end(STOPPED)
    run.history.step, run.history.epoch = 252, 63
    opened = set_training(IRIS, with_epochs(IRIS.training, epochs))
    assert continuation_of(run, opened, NetworkFingerprints()).obstacle == ""


def test_automatic_stop_is_written_and_given_up_with_other_epochs() -> None:
    resolved = set_training(IRIS, training_of(IRIS))
    plain = encode(resolved)
    assert plain["version"] == 2
    assert decode(plain).training == resolved.training
    assert with_epochs(resolved.training, 30).early_stopping == EarlyStopping()
    chosen_stop = replace(IRIS.training, early_stopping=EarlyStopping(enabled=True))
    assert with_epochs(chosen_stop, 30).early_stopping.enabled
    assert "automatic" not in encode(set_training(IRIS, chosen_stop))["training"]["early_stopping"]


def test_continued_run_does_not_take_its_automatic_stop_over_again() -> None:
    began = set_training(IRIS, training_of(IRIS))
    longer = SettingChanged(253, "epochs", {"epochs": 75, "new_span": True}, "")
    assert compare_with_run(began, [], began).changes == ()
    assert compare_with_run(began, [longer], began).changes == ()
    chosen_stop = replace(began.training, early_stopping=EarlyStopping(enabled=True, patience=3))
    changes = compare_with_run(began, [longer], set_training(began, chosen_stop)).changes
    assert [name for name, _ in changes] == ["early_stopping"]
    switched_off = compare_with_run(set_training(began, chosen_stop), [], began).changes
    assert switched_off[0][1]["enabled"] is False
