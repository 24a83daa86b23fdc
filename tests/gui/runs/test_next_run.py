"""What Train does after a run: continue, start over, and the same after reopening the design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data, set_settings, set_training
from dlstudio.design.library.files import load, save
from dlstudio.gui.runs.next_run import NextAction
from dlstudio.gui.runs.session import IDLE, PAUSED
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.storage.runs import list_runs
from tests.gui.gui_fixtures import wait_until_checked
from tests.gui.runs.trained_window import (
    EPOCHS,
    SECONDS,
    click_train,
    menu_texts,
    wait_until_over,
)


def shown(window: MainWindow) -> dict[str, Any]:
    """Return what the window shows of its last run."""
    bar, curves = window.run_bar, window.panels.curves
    curves.redraw()
    chips = {
        name: (chip.text(), chip.property("tone"), chip.toolTip())
        for name, chip in bar.status.chips.items()
    }
    return {
        **chips,
        "train": (bar.buttons["train"].text(), bar.buttons["train"].toolTip()),
        "advice": (bar.advice_button.text(), bar.advice_button.toolTip()),
        "menu": menu_texts(window),
        "legend": [entry.text for entry in curves.legend.entries],
        "readout": curves.toolbar.readout.toolTip(),
        "curves": {
            name: (series.x.tolist(), series.y.tolist())
            for name, series in window.session.run.history.series.items()
            if name != "throughput"
        },
        "spans": window.session.run.history.spans,
        "markers": window.session.run.history.markers,
    }


def test_train_becomes_continue_and_extends_the_run(trained: MainWindow, qtbot: QtBot) -> None:
    session, button = trained.session, trained.run_bar.buttons["train"]
    folder, history = session.run.folder, session.run.history
    first = history.series["train_loss"].y.copy()
    epochs = trained.run_controller.next_run.plan.continuation.epochs
    assert button.text() == f"Continue +{epochs}"
    assert f"{epochs} more epoch" in button.toolTip()
    click_train(trained, qtbot)
    assert session.run.folder == folder
    assert history.epoch == EPOCHS + epochs
    losses = history.series["train_loss"]
    np.testing.assert_array_equal(losses.x, np.arange(1, history.step + 1))
    np.testing.assert_array_equal(losses.y[: len(first)], first)
    assert history.spans == [len(first)]
    assert not history.markers


def test_arrow_offers_other_numbers_of_epochs_and_to_start_over(
    trained: MainWindow, qtbot: QtBot
) -> None:
    folder, step = trained.session.run.folder, trained.session.run.history.step
    texts = menu_texts(trained)
    assert "Continue for 1 more epoch" in texts or "Train: continue for 1 more epoch" in texts
    assert {"Continue for more epochs…", "Start over", "Speed"} <= set(texts)
    actions = trained.run_bar.train_button.popup_menu.actions()
    next(action for action in actions if action.text() == "Start o&ver").trigger()
    wait_until_over(trained, qtbot)
    assert trained.session.run.folder != folder
    assert trained.session.run.history.step == step
    assert trained.session.run.history.spans == []
    assert [run.epoch for run in list_runs(Path(folder).parent)] == [EPOCHS, EPOCHS]


def test_starting_over_repeats_the_run(trained: MainWindow, qtbot: QtBot) -> None:
    first = trained.session.run.history.series["train_loss"].y.copy()
    messages: list[str] = []
    trained.document.message.connect(messages.append)
    trained.menus.trigger("start-over")
    wait_until_over(trained, qtbot)
    assert messages[0] == ("A new run with the same settings and seed (0): its curves are the same")
    np.testing.assert_array_equal(trained.session.run.history.series["train_loss"].y, first)


def test_chosen_number_of_epochs_is_trained(trained: MainWindow, qtbot: QtBot) -> None:
    trained.prompts.epochs = 3
    trained.menus.trigger("continue")
    wait_until_over(trained, qtbot)
    assert trained.session.run.history.epoch == EPOCHS + 3


def test_single_step_continues_the_run(trained: MainWindow, qtbot: QtBot) -> None:
    step = trained.session.run.history.step
    trained.menus.trigger("step")
    qtbot.waitUntil(lambda: trained.session.state == PAUSED, timeout=SECONDS)
    assert trained.session.run.history.step == step + 1
    assert trained.run_bar.buttons["train"].text() == "Continue"


def test_reopened_design_shows_its_run_as_before(
    trained: MainWindow, open_window: Callable[[Path], MainWindow], design: Path, qtbot: QtBot
) -> None:
    click_train(trained, qtbot)
    trained.session.train_more(1)
    trained.session.change_setting("learning_rate", learning_rate=0.01)
    wait_until_over(trained, qtbot)
    assert trained.files.save()
    before = shown(trained)
    assert before["metric"][0]
    trained.close()
    reopened = open_window(design)
    after = shown(reopened)
    assert after == before
    epoch = reopened.session.run.history.epoch
    click_train(reopened, qtbot)
    assert reopened.session.run.history.epoch > epoch
    assert len(reopened.session.run.history.spans) == 3
    assert len(list_runs(design.with_suffix(".runs"))) == 1


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda project: set_settings(project, ["linear_1"], {"out_features": 6}), "network"),
        (
            lambda project: set_data(project, replace(project.data, options={"samples": 300})),
            "data",
        ),
        (
            lambda project: set_training(project, replace(project.training, seed=8)),
            "seed",
        ),
    ],
    ids=["network", "data", "training"],
)
def test_other_design_can_only_start_over_and_names_the_reason(
    trained: MainWindow, qtbot: QtBot, edit: Callable[[Any], Any], reason: str
) -> None:
    folder = trained.session.run.folder
    trained.document.try_edit(edit, "Edit")
    wait_until_checked(trained, qtbot)
    button = trained.run_bar.buttons["train"]
    assert button.text() == "Start over"
    obstacle = f"the {reason} has changed since the run"
    assert obstacle in button.toolTip()
    assert f"Cannot continue: {obstacle}" in menu_texts(trained)
    assert not trained.run_bar.advice_button.isVisible()
    trained.menus.refresh()
    assert trained.menus.actions["continue"].isEnabled()
    trained.document.undo_stack.undo()
    assert button.text().startswith("Continue")
    trained.document.undo_stack.redo()
    wait_until_checked(trained, qtbot)
    click_train(trained, qtbot)
    assert trained.session.run.folder != folder


def test_new_learning_rate_is_used_by_the_continued_run(trained: MainWindow, qtbot: QtBot) -> None:
    group = trained.document.project.training.groups[0]
    optimiser = replace(group.optimiser, learning_rate=0.125)
    training = replace(
        trained.document.project.training, groups=(replace(group, optimiser=optimiser),)
    )
    trained.document.try_edit(lambda project: set_training(project, training), "Rate")
    wait_until_checked(trained, qtbot)
    step = trained.session.run.history.step
    click_train(trained, qtbot)
    rates = trained.session.run.history.series["learning_rate"].y
    assert rates[step - 1] != 0.125
    assert set(rates[step:]) == {0.125}


def test_trained_design_without_a_run_goes_on_from_its_weights(
    trained: MainWindow,
    open_window: Callable[[Path], MainWindow],
    design: Path,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    accuracy = trained.session.run.history.last("validation_accuracy")
    trained.close()
    design.with_suffix(".runs").rename(tmp_path / "elsewhere")
    window = open_window(design)
    assert window.run_controller.next_run.plan.action is NextAction.TRAIN_ON
    assert window.run_bar.buttons["train"].text() == "Continue"
    assert "Start over" in menu_texts(window)
    click_train(window, qtbot)
    first = window.session.run.history.series["validation_accuracy"].y[0]
    assert first >= accuracy - 0.1


def test_train_waits_until_the_run_of_an_opened_design_is_read(
    trained: MainWindow, open_window: Callable[[Path], MainWindow], design: Path, qtbot: QtBot
) -> None:
    trained.close()
    window = open_window(design)
    window.document.set_clean()
    assert window.files.open_path(design)
    assert window.panels.previous_run.is_busy
    window.menus.trigger("train")
    assert window.session.state == IDLE
    qtbot.waitUntil(lambda: window.session.run.history.spans == [48], timeout=SECONDS)
    wait_until_over(window, qtbot)
    assert window.session.run.history.epoch > EPOCHS


def test_stopped_run_is_finished_by_continue(
    open_window: Callable[[Path], MainWindow], design: Path, qtbot: QtBot
) -> None:
    window = open_window(design)
    window.menus.trigger("step-epoch")
    qtbot.waitUntil(lambda: window.session.state == PAUSED, timeout=SECONDS)
    window.menus.trigger("stop")
    wait_until_over(window, qtbot)
    assert window.run_bar.buttons["train"].text() == f"Continue +{EPOCHS - 1}"
    assert not window.run_bar.advice_button.text()
    click_train(window, qtbot)
    assert window.run_bar.status.chips["epoch"].text() == f"Epoch {EPOCHS} / {EPOCHS}"


def test_imported_weights_are_what_train_and_start_over_begin_with(
    trained: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    weights = tmp_path / "imported.safetensors"
    weights.write_bytes(Path(trained.session.run.folder, "weights.safetensors").read_bytes())
    trained.run_controller.use_weights(weights, unsaved=True)
    assert trained.run_bar.buttons["train"].text() == "Train"
    assert weights.name in trained.run_bar.buttons["train"].toolTip()
    click_train(trained, qtbot)
    first = trained.session.run.history.series["train_loss"].y.copy()
    trained.menus.trigger("start-over")
    wait_until_over(trained, qtbot)
    np.testing.assert_array_equal(trained.session.run.history.series["train_loss"].y, first)


def test_reset_makes_the_design_untrained(trained: MainWindow, qtbot: QtBot) -> None:
    trained.menus.trigger("reset")
    assert trained.run_bar.buttons["train"].text() == "Train"
    trained.menus.refresh()
    assert trained.menus.actions["train"].text() == "&Train"
    assert not trained.menus.actions["start-over"].isEnabled()


def test_falling_loss_is_reported_and_continued_by_one_click(
    open_window: Callable[[Path], MainWindow], design: Path, qtbot: QtBot
) -> None:
    project = load(design)
    group = project.training.groups[0]
    slow = replace(group.optimiser, learning_rate=0.002)
    training = replace(project.training, epochs=8, groups=(replace(group, optimiser=slow),))
    save(set_training(project, training), design)
    window = open_window(design)
    click_train(window, qtbot)
    advice = window.run_bar.advice_button
    epochs = window.run_controller.next_run.plan.continuation.epochs
    assert 0 < epochs <= 8
    assert advice.text() == f"Still falling: {epochs} more?"
    assert advice.isVisible()
    assert "validation loss was still falling" in advice.toolTip()
    qtbot.mouseClick(advice, Qt.MouseButton.LeftButton)
    assert not advice.isVisible()
    wait_until_over(window, qtbot)
    assert window.session.run.history.epoch == 8 + epochs


def test_resumed_run_of_another_network_cannot_be_continued_by_train(
    trained: MainWindow, qtbot: QtBot
) -> None:
    trained.menus.trigger("start-over")
    wait_until_over(trained, qtbot)
    older, _ = list_runs(Path(trained.session.run.folder).parent)
    trained.document.try_edit(
        lambda project: set_settings(project, ["linear_1"], {"out_features": 6}), "Edit"
    )
    wait_until_checked(trained, qtbot)
    trained.session.resume_run(older.path)
    wait_until_over(trained, qtbot)
    assert trained.session.run.folder == str(older.path)
    assert trained.run_controller.next_run.plan.action is NextAction.START_OVER
