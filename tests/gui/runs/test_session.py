from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import add_node, connect, set_training
from dlstudio.design.library.files import save
from dlstudio.design.model.model import Edge, Project
from dlstudio.design.model.values import Ref
from dlstudio.gui.document.document import Document
from dlstudio.gui.document.preferences import preferences, store_preferences
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import RunOptions, StepsDone
from tests.forked_process import DLSTUDIO, IS_AVAILABLE, run_forked, run_process
from tests.gui.panel_designs import broken_network, checked_document, example_document


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return example_document("xor-mlp", tmp_path)


def set_epochs(document: Document, epochs: int) -> None:
    training = replace(document.project.training, epochs=epochs)
    document.apply(set_training(document.project, training), "Epochs")


def wait_for_state(qtbot: QtBot, session: TrainingSession, state: str) -> None:
    qtbot.waitUntil(lambda: session.state == state, timeout=60_000)


def test_run_passes_through_its_states(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    set_epochs(document, 3)
    states: list[str] = []
    session.state_changed.connect(states.append)
    with qtbot.waitSignal(session.finished, timeout=60_000) as finished:
        session.train()
    wait_for_state(qtbot, session, "idle")
    assert states == ["preparing", "running", "idle"]
    assert finished.args is not None
    assert finished.args[0].reason == "done"
    assert session.run.history.epoch == 3
    assert session.run.history.step == session.run.history.total_steps == finished.args[0].step
    assert Path(session.run.folder).is_dir()


def test_session_and_training_loop_have_equal_losses(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    set_epochs(document, 3)
    session.train()
    wait_for_state(qtbot, session, "idle")
    options = RunOptions(threads=session.run.started.threads if session.run.started else 1)
    events = list(train(document.project, options))
    losses = np.concatenate([event.losses for event in events if isinstance(event, StepsDone)])
    np.testing.assert_array_equal(session.run.history.series["train_loss"].y, losses)


def branching_document(folder: Path) -> Document:
    """Return a design of two merging branches whose nodes are in reverse order."""
    project = Project()
    ids = {}
    for name, kind, settings in (
        ("out", "output", {}),
        ("scores", "linear", {"out_features": Ref("classes")}),
        ("join", "add", {}),
        ("lower", "linear", {"out_features": 16}),
        ("upper", "linear", {"out_features": 16}),
        ("drop", "dropout", {}),
        ("wide", "linear", {"out_features": 24}),
        ("flat", "flatten", {}),
        ("in", "input", {}),
    ):
        project, ids[name] = add_node(project, kind, settings=settings)
    for source, target, port, slot in (
        ("scores", "out", "input", 0),
        ("join", "scores", "input", 0),
        ("lower", "join", "inputs", 0),
        ("upper", "join", "inputs", 1),
        ("drop", "lower", "input", 0),
        ("wide", "upper", "input", 0),
        ("wide", "drop", "input", 0),
        ("flat", "wide", "input", 0),
        ("in", "flat", "input", 0),
    ):
        edge = Edge(ids[source], ids[target], target_port=port, slot=slot)
        project = connect(project, edge)
    return checked_document(project, folder / "branching.dlstudio")


def command_line_losses(path: Path) -> list[float]:
    run = run_forked if IS_AVAILABLE else run_process
    arguments = ["train", str(path), "--json", "--threads", "1"]
    outcome = run(DLSTUDIO, arguments, os.environ, path.parent, path.parent)
    assert outcome.status == 0, outcome.err
    return [record["loss"] for record in outcome.records if record["event"] == "step"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "make", [partial(example_document, "digits-mlp"), branching_document], ids=["mlp", "branching"]
)
def test_window_and_command_line_have_equal_losses(
    qtbot: QtBot, tmp_path: Path, make: Callable[[Path], Document]
) -> None:
    store_preferences(replace(preferences(), threads=1))
    document = make(tmp_path)
    set_epochs(document, 2)
    session = TrainingSession(document)
    assert document.path is not None
    save(document.project, document.path)
    session.train()
    wait_for_state(qtbot, session, "idle")
    assert session.run.started is not None
    assert session.run.started.threads == 1
    losses = session.run.history.series["train_loss"].y.astype(float).tolist()
    assert len(losses) == session.run.history.total_steps > 20
    assert losses == command_line_losses(document.path)


def test_run_can_be_paused_stepped_and_resumed(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    set_epochs(document, 100_000)
    session.train()
    wait_for_state(qtbot, session, "running")
    with qtbot.waitSignal(session.paused, timeout=60_000) as paused_event:
        session.pause()
    assert paused_event.args is not None
    step = paused_event.args[0].step
    assert session.run.history.step == step
    with qtbot.waitSignal(session.paused, timeout=60_000) as paused:
        session.step()
    assert paused.args is not None
    assert paused.args[0].step == step + 1
    session.resume()
    qtbot.waitUntil(lambda: session.run.history.step > step + 1, timeout=60_000)
    session.stop()
    wait_for_state(qtbot, session, "idle")
    assert session.run.finished is not None
    assert session.run.finished.reason == "stopped"


def test_single_step_starts_a_paused_run(qtbot: QtBot, session: TrainingSession) -> None:
    session.step()
    wait_for_state(qtbot, session, "paused")
    assert session.run.history.step == 1


def test_single_epoch_starts_a_paused_run(qtbot: QtBot, session: TrainingSession) -> None:
    session.step_epoch()
    wait_for_state(qtbot, session, "paused")
    assert session.run.history.step == session.run.history.steps_per_epoch


def test_run_after_a_reset_starts_from_the_same_weights(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    set_epochs(document, 2)
    session.train()
    wait_for_state(qtbot, session, "idle")
    first = session.run.history.series["train_loss"].y.copy()
    session.reset()
    assert session.run.history.is_empty
    session.train()
    wait_for_state(qtbot, session, "idle")
    np.testing.assert_array_equal(session.run.history.series["train_loss"].y, first)


def test_next_run_starts_from_trained_weights(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    set_epochs(document, 20)
    session.train()
    wait_for_state(qtbot, session, "idle")
    first = session.run.history.series["train_loss"].y.copy()
    session.train()
    wait_for_state(qtbot, session, "idle")
    again = session.run.history.series["train_loss"].y
    assert again[0] != first[0]
    assert again[: len(again) // 4].mean() < first[: len(first) // 4].mean()


def test_reset_during_a_run_stops_it(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    set_epochs(document, 100_000)
    session.train()
    wait_for_state(qtbot, session, "running")
    session.reset()
    wait_for_state(qtbot, session, "idle")
    assert session.run.history.is_empty
    assert session.run.folder == ""


def test_setting_change_is_recorded_and_marked(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    set_epochs(document, 100_000)
    session.train()
    wait_for_state(qtbot, session, "running")
    with qtbot.waitSignal(session.setting_changed, timeout=60_000):
        session.change_setting("learning_rate", learning_rate=1e-4)
    assert [marker.text for marker in session.run.history.markers]
    assert session.run.changes[0].arguments == {"learning_rate": 1e-4}
    with qtbot.waitSignal(session.rejected, timeout=60_000):
        session.change_setting("learning_rate", learning_rate=-1.0)
    assert len(session.run.changes) == 1


def test_more_epochs_continue_the_finished_run(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    set_epochs(document, 2)
    session.train()
    wait_for_state(qtbot, session, "idle")
    steps, folder = session.run.history.step, session.run.folder
    session.train_more(3)
    wait_for_state(qtbot, session, "idle")
    assert session.run.history.epoch == 5
    assert session.run.history.step == steps / 2 * 5
    assert session.run.folder == folder
    x = session.run.history.series["train_loss"].x
    np.testing.assert_array_equal(x, np.arange(1, session.run.history.step + 1))


def test_design_changed_is_set_by_edits_during_a_run(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    set_epochs(document, 100_000)
    session.train()
    wait_for_state(qtbot, session, "running")
    assert not session.design_changed
    set_epochs(document, 7)
    assert session.design_changed
    document.undo_stack.undo()
    assert not session.design_changed


def test_broken_design_is_rejected_with_a_message(qtbot: QtBot) -> None:
    document = checked_document(broken_network())
    session = TrainingSession(document)
    with qtbot.waitSignal(session.rejected) as rejected:
        session.train()
    assert rejected.args is not None
    assert "Linear needs a flat list" in rejected.args[0]
    assert session.state == "idle"
