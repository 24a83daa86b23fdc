"""What can be done when the last run cannot take over the open design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data, set_settings, set_training
from dlstudio.design.library.files import load
from dlstudio.design.model.training_settings import EarlyStopping, Schedule
from dlstudio.gui.runs.next_run import NextAction
from dlstudio.gui.training.run_result import judge
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.step.run_comparison import Choice
from dlstudio.training.storage.run_changes_file import read_changes
from dlstudio.training.storage.runs import list_runs
from tests.gui.gui_fixtures import wait_until_checked
from tests.gui.runs.trained_window import EPOCHS, click_train, menu_texts, wait_until_over


def widen(window: MainWindow, qtbot: QtBot) -> None:
    window.document.try_edit(
        lambda project: set_settings(project, ["linear_1"], {"out_features": 6}), "Widen"
    )
    wait_until_checked(window, qtbot)


def change_split(window: MainWindow, qtbot: QtBot) -> None:
    def edit_data(window: MainWindow) -> None:
        data = window.document.project.data
        split = replace(data.split, seed=data.split.seed + 1)
        window.document.try_edit(
            lambda project: set_data(project, replace(data, split=split)), "Split"
        )

    edit_data(window)
    wait_until_checked(window, qtbot)


def trigger(window: MainWindow, text: str) -> None:
    window.run_bar.train_button.popup_menu.aboutToShow.emit()
    actions = window.run_bar.train_button.popup_menu.actions()
    next(action for action in actions if action.text().replace("&", "") == text).trigger()


def test_changed_settings_become_changes_of_the_run(trained: MainWindow, qtbot: QtBot) -> None:
    training = trained.document.project.training
    group = replace(training.groups[0], schedule=Schedule("cosine"))
    shown = replace(
        training,
        batch_size=9,
        groups=(group,),
        epochs=EPOCHS + 2,
        early_stopping=EarlyStopping(enabled=True, patience=50),
    )
    trained.document.try_edit(lambda project: set_training(project, shown), "Edit")
    wait_until_checked(trained, qtbot)
    folder = Path(trained.session.run.folder)
    assert trained.run_bar.buttons["train"].text() == "Continue +2"
    click_train(trained, qtbot)
    assert trained.session.run.folder == str(folder)
    names = [change.change for change in read_changes(folder)]
    assert names == ["epochs", "schedule", "batch_size", "early_stopping"]
    assert trained.session.run.history.epoch == EPOCHS + 2
    in_force = trained.session.run.effective_training()
    assert in_force is not None
    assert (in_force.batch_size, in_force.groups) == (9, shown.groups)
    assert not trained.run_controller.next_run.plan.continuation.changes


def test_choices_are_offered_only_where_the_run_cannot_take_the_design(
    trained: MainWindow, qtbot: QtBot
) -> None:
    choices = {"Start over with the weights that fit", "Go on with the run's own design"}
    assert not choices & set(menu_texts(trained))
    widen(trained, qtbot)
    assert choices < set(menu_texts(trained))


@pytest.mark.parametrize("by_prompt", [False, True])
def test_own_design_returns_as_one_step_and_continues(
    trained: MainWindow, qtbot: QtBot, by_prompt: bool
) -> None:
    session, document = trained.session, trained.document
    before = document.project
    folder = session.run.folder
    widen(trained, qtbot)
    change_split(trained, qtbot)
    edited = document.project
    if by_prompt:
        trained.prompts.other_design = Choice.OWN_DESIGN
        trained.menus.refresh()
        trained.menus.trigger("continue")
        obstacle = "the network and the seed of the split have changed since the run"
        assert f"other design: {obstacle}, weights True" in trained.prompts.calls
    else:
        trigger(trained, "Go on with the run's own design")
    assert document.project == before
    wait_until_over(trained, qtbot)
    assert session.run.folder == folder
    assert session.run.history.epoch > EPOCHS
    document.undo_stack.undo()
    assert (document.project.graph, document.project.data) == (edited.graph, edited.data)
    document.undo_stack.redo()
    wait_until_checked(trained, qtbot)
    assert trained.run_controller.next_run.plan.action is NextAction.CONTINUE


def test_fitting_weights_start_a_new_run_and_are_counted(trained: MainWindow, qtbot: QtBot) -> None:
    folder = trained.session.run.folder
    widen(trained, qtbot)
    messages: list[str] = []
    trained.document.message.connect(messages.append)
    trigger(trained, "Start over with the weights that fit")
    wait_until_over(trained, qtbot)
    assert trained.session.run.folder != folder
    assert any(text.startswith("The weights of 0 of 2 layers fit") for text in messages), messages
    assert len(list_runs(Path(folder).parent)) == 2


def test_cancelled_question_changes_nothing(trained: MainWindow, qtbot: QtBot) -> None:
    widen(trained, qtbot)
    project, count = trained.document.project, trained.document.undo_stack.count()
    trained.menus.refresh()
    trained.menus.trigger("continue")
    assert trained.document.project is project
    assert trained.document.undo_stack.count() == count
    assert trained.session.state == "idle"


def test_kept_weights_in_another_split_mark_the_result(
    trained: MainWindow,
    open_window: Callable[[Path], MainWindow],
    design: Path,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    change_split(trained, qtbot)
    trigger(trained, "Start over with the weights that fit")
    wait_until_over(trained, qtbot)
    run = trained.session.run
    assert "validation" in run.history.leaks
    judgement = judge(run, "validation_loss", trained.document.project.training.task)
    assert judgement.tone == "warning"
    assert "were trained on" in judgement.reason
    assert trained.files.save()
    trained.close()
    design.with_suffix(".runs").rename(tmp_path / "elsewhere")
    window = open_window(design)
    assert load(design).weights is not None
    assert window.run_controller.next_run.plan.action is NextAction.TRAIN_ON
    click_train(window, qtbot)
    assert "validation" in window.session.run.history.leaks
    window.menus.trigger("start-over")
    wait_until_over(window, qtbot)
    assert not window.session.run.history.leaks
