"""The window names the weights that the shown network has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_settings, set_training
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.gui.inspector.network_page import NetworkPage
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.runs.shown_weights import stored_text
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import Finished, RunOptions
from dlstudio.training.storage.weights_record import WeightsRecord, read_weights_record
from tests.gui.gui_fixtures import wait_until_checked

LONG = 60_000


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (None, "loaded from net.safetensors"),
        (WeightsRecord(imported_from="resnet.pt"), "loaded from resnet.pt"),
        (WeightsRecord(12, best_of="validation_loss"), "epoch 12 (best validation loss)"),
        (WeightsRecord(41), "epoch 41 (last)"),
        (WeightsRecord(4, step_in_epoch=3), "stopped in epoch 5"),
    ],
)
def test_stored_weights_in_words(record: WeightsRecord | None, text: str) -> None:
    assert stored_text(record, "net.safetensors") == text


@pytest.mark.parametrize("keep_best", [True, False])
def test_a_run_records_which_weights_it_kept(tmp_path: Path, *, keep_best: bool) -> None:
    project = load(example_path("digits-cnn"))
    fast = replace(project.training, keep_best=keep_best)
    rate = replace(fast.groups[0].optimiser, learning_rate=0.3)
    fast = replace(fast, groups=(replace(fast.groups[0], optimiser=rate),))
    project = replace(project, training=fast)
    *_, end = train(project, RunOptions(threads=1, epochs=4, runs_dir=str(tmp_path)))
    assert isinstance(end, Finished), end
    record = read_weights_record(Path(end.weights_file))
    best_of = "validation_loss" if end.kept_epoch else ""
    assert record == WeightsRecord(end.kept_epoch or 4, 0, best_of)
    assert keep_best or not end.kept_epoch


def _words(window: MainWindow) -> str:
    """Return the words of the status bar, which are those of the other places."""
    window.document.set_selection([])
    page, text = window.inspector.page, window.session.shown_weights.origin.text
    assert window.status_bar.weights.text() == text
    assert isinstance(page, NetworkPage)
    assert page.weights.text() == f"Weights: {text}"
    return text


def _shorten(training: TrainingSettings) -> TrainingSettings:
    return replace(training, epochs=2, keep_best=False)


def test_every_state_of_a_run_is_named(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    assert window.files.open_example("digits-cnn")
    window.document.try_edit(
        lambda project: set_training(project, _shorten(project.training)), "Shorten"
    )
    wait_until_checked(window, qtbot)
    assert _words(window) == "untrained"

    live: list[str] = []
    window.session.epoch_done.connect(lambda _event: live.append(_words(window)))
    window.session.train()
    qtbot.waitUntil(lambda: window.session.run.finished is not None, timeout=LONG)
    qtbot.waitUntil(lambda: window.session.state == IDLE, timeout=LONG)
    wait_until_checked(window, qtbot)
    assert live[0] == "training, epoch 1"
    assert _words(window) == "epoch 2 (last)"
    assert window.session.shown_weights.result_text(10).startswith("step 10 of ")

    widen = set_settings(window.document.project, ("conv2d_1",), {"out_channels": 24})
    result = window.run_bar.status.chips["metric"]
    thumbnails = window.editor.context.scene.thumbnails
    assert not thumbnails.is_outdated
    assert "before the network changed" not in result.toolTip()
    window.document.try_edit(lambda _project: widen, "Widen")
    qtbot.waitUntil(lambda: _words(window) == "untrained: the network has changed since")
    assert result.text()
    assert "before the network changed" in result.toolTip()
    assert thumbnails.is_outdated
    assert result.property("tone") == ""
    last = window.session.run.history.step
    expected = "epoch 2 (last), before the network changed"
    assert window.session.shown_weights.result_text(last) == expected
    window.document.undo_stack.undo()
    qtbot.waitUntil(lambda: _words(window) == "epoch 2 (last)")

    window.prompts.path = tmp_path / "net.dlstudio"
    assert window.files.save()
    assert window.files.new()
    assert window.session.shown_weights.origin.text == "untrained"
    assert window.files.open_path(tmp_path / "net.dlstudio")
    assert _words(window) == "epoch 2 (last)"
    qtbot.waitUntil(lambda: window.panels.activations.view is not None, timeout=LONG)
    assert window.panels.activations.step_text.text() == "epoch 2 (last)"

    window.run_controller.reset()
    assert _words(window) == "untrained"
