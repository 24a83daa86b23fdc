from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data, set_training
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.training_settings import Clipping
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.setting_editors import TextEditor
from dlstudio.gui.runs.session import TrainingSession, effective_training
from dlstudio.gui.style.theme import apply_theme, current_theme
from dlstudio.gui.training.run_bar import RunBar
from dlstudio.gui.training.training_form import TrainingForm
from dlstudio.gui.training.training_form_rows import update_first_group
from dlstudio.gui.widgets.metric_format import format_metric
from dlstudio.training.protocol.events import EpochDone, Started, StepsDone
from dlstudio.training.specs.registry import TASKS
from tests.gui.panel_designs import broken_network, checked_document, example_document
from tests.gui.training.run_controls import create_run_bar

RATE = "optimiser.learning_rate"


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return example_document("xor-mlp", tmp_path)


def click_button(qtbot: QtBot, bar: RunBar, name: str) -> None:
    qtbot.mouseClick(bar.buttons[name], Qt.MouseButton.LeftButton)


def wait_for_state(qtbot: QtBot, bar: RunBar, state: str) -> None:
    qtbot.waitUntil(lambda: bar.session.state == state, timeout=60_000)


def enabled_buttons(bar: RunBar) -> set[str]:
    return {name for name, button in bar.buttons.items() if button.isEnabled()}


def all_actions(menu: QMenu) -> dict[str, QAction]:
    """Let a menu fill itself and return its actions and those of its submenus by title."""
    menu.aboutToShow.emit()
    by_title: dict[str, QAction] = {}
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            by_title.update({f"{action.text()}/{child.text()}": child for child in inner.actions()})
        by_title[action.text()] = action
    return by_title


def test_buttons_follow_the_state_of_the_run(qtbot: QtBot, bar: RunBar) -> None:
    assert enabled_buttons(bar) == {"train", "step", "step-epoch", "reset"}
    click_button(qtbot, bar, "step")
    wait_for_state(qtbot, bar, "paused")
    assert enabled_buttons(bar) == {"train", "step", "step-epoch", "stop", "reset"}
    assert bar.buttons["train"].text() == "Continue"
    click_button(qtbot, bar, "train")
    assert bar.session.state == "running"
    assert {"pause", "stop"} <= enabled_buttons(bar)
    click_button(qtbot, bar, "pause")
    wait_for_state(qtbot, bar, "paused")
    click_button(qtbot, bar, "stop")
    wait_for_state(qtbot, bar, "idle")
    click_button(qtbot, bar, "reset")
    assert bar.session.run.history.is_empty


def test_metrics_are_shown_during_training(qtbot: QtBot, bar: RunBar, document: Document) -> None:
    epochs = document.project.training.epochs
    assert bar.status.chips["epoch"].text() == f"Epoch 0 / {epochs}"
    click_button(qtbot, bar, "step-epoch")
    wait_for_state(qtbot, bar, "paused")
    qtbot.waitUntil(lambda: bar.status.chips["epoch"].text() == f"Epoch 1 / {epochs}")
    assert "%" in bar.status.chips["metric"].text()
    assert bar.status.chips["speed"].text().endswith("samples/s")
    assert bar.status.chips["left"].text().endswith("left")


def test_design_with_errors_cannot_be_trained(qtbot: QtBot) -> None:
    document = checked_document(broken_network())
    bar = create_run_bar(document, TrainingSession(document))
    qtbot.addWidget(bar)
    assert enabled_buttons(bar) == {"reset"}


def test_menus_change_the_design(bar: RunBar, document: Document) -> None:
    all_actions(bar.menu_buttons["data"].popup_menu)["Toys/Circles"].trigger()
    assert document.project.data.source == "circles"
    assert bar.menu_buttons["data"].value == "Circles"
    menu_actions = all_actions(bar.menu_buttons["optimiser"].popup_menu)
    menu_actions["SGD"].trigger()
    all_actions(bar.menu_buttons["optimiser"].popup_menu)["Learning rate/0.1"].trigger()
    all_actions(bar.menu_buttons["optimiser"].popup_menu)["Schedule/Cosine"].trigger()
    assert bar.menu_buttons["optimiser"].value == "SGD · 0.1 · cosine"
    all_actions(bar.menu_buttons["task"].popup_menu)["Regression"].trigger()
    assert document.project.training.task == "regression"
    all_actions(bar.menu_buttons["device"].popup_menu)["CPU"].trigger()
    assert document.project.training.device == "cpu"
    assert document.undo_stack.count() == 6


def test_device_button_shows_how_the_device_was_selected(bar: RunBar, document: Document) -> None:
    device = bar.menu_buttons["device"]
    assert device.value == "Automatic"
    bar.show_device("CPU · 2 cores")
    assert device.value == "CPU"
    assert "automatically as the fastest: CPU · 2 cores" in device.toolTip()
    all_actions(device.popup_menu)["CUDA (NVIDIA GPU)"].trigger()
    assert device.value == "CUDA"
    assert "not available; using CPU · 2 cores" in device.toolTip()
    bar.show_device("CUDA:0 · NVIDIA H100")
    assert "not available" not in device.toolTip()
    all_actions(device.popup_menu)["Automatic (fastest available)"].trigger()
    assert device.value == "CUDA:0"


def test_tasks_have_tool_tips_in_the_menu(bar: RunBar) -> None:
    menu_actions = all_actions(bar.menu_buttons["task"].popup_menu)
    assert bar.menu_buttons["task"].popup_menu.toolTipsVisible()
    task_actions = [action for action in menu_actions.values() if action.isCheckable()]
    assert len(task_actions) == len(TASKS)
    assert all(action.toolTip().endswith(".") for action in task_actions)


def test_learning_rate_can_be_changed_during_a_run(
    qtbot: QtBot, bar: RunBar, document: Document
) -> None:
    before = document.project
    rate = before.training.groups[0].optimiser.learning_rate
    click_button(qtbot, bar, "step")
    wait_for_state(qtbot, bar, "paused")
    menu_actions = all_actions(bar.menu_buttons["optimiser"].popup_menu)
    with qtbot.waitSignal(bar.session.setting_changed, timeout=10_000) as changed:
        menu_actions["Learning rate now/÷ 10"].trigger()
    assert changed.args is not None
    assert changed.args[0].arguments["learning_rate"] == pytest.approx(rate / 10)
    assert document.project is before


def test_run_changes_are_marked_and_can_be_applied_to_the_design(
    qtbot: QtBot, tmp_path: Path
) -> None:
    document = example_document("digits-cnn", tmp_path)
    document.set_selection(["linear_1"])
    bar = create_run_bar(document, TrainingSession(document))
    qtbot.addWidget(bar)
    bar.session.step()
    wait_for_state(qtbot, bar, "paused")
    for title in (
        "Learning rate now/÷ 10",
        "Gradient clipping now/By norm at 1",
        "Dropout now/0.5",
        "Freeze linear_1 now",
    ):
        with qtbot.waitSignal(bar.session.setting_changed, timeout=10_000):
            all_actions(bar.menu_buttons["optimiser"].popup_menu)[title].trigger()
    kinds = [change.change for change in bar.session.run.changes]
    assert kinds == ["learning_rate", "clipping", "dropout", "frozen"]
    assert len(bar.session.run.history.markers) == 4
    all_actions(bar.menu_buttons["optimiser"].popup_menu)[
        "Apply run changes to the design"
    ].trigger()
    project = document.project
    group = project.training.groups[0]
    assert group.optimiser.learning_rate == pytest.approx(1e-4)
    assert (group.clipping.mode, group.clipping.limit) == ("norm", 1.0)
    assert project.graph.nodes["dropout_1"].settings["p"] == 0.5
    assert project.graph.nodes["linear_1"].settings["frozen"] is True
    bar.session.stop()
    assert bar.session.wait(30)


def test_narrow_bar_keeps_the_run_buttons(qtbot: QtBot, bar: RunBar) -> None:
    bar.resize(640, 48)
    visible = {name for name, button in bar.buttons.items() if button.isVisible()}
    assert {"train", "pause", "stop", "reset"} <= visible
    right = max(button.geometry().right() for button in bar.buttons.values())
    assert right <= bar.width()
    bar.resize(1800, 48)
    assert bar.menu_buttons["device"].isVisible()


@pytest.mark.parametrize("width", [1180, 1280, 1360, 1440, 1600])
def test_buttons_keep_their_positions_when_a_run_starts_and_pauses(
    qtbot: QtBot, bar: RunBar, width: int
) -> None:
    def button_positions() -> list[int]:
        qtbot.wait(1)
        return [button.geometry().left() for button in bar.buttons.values()]

    bar.resize(width, 48)
    before = button_positions()
    click_button(qtbot, bar, "step")
    assert button_positions() == before
    wait_for_state(qtbot, bar, "paused")
    assert button_positions() == before
    assert bar.buttons["train"].text() == "Continue"


def test_hidden_widgets_are_in_the_overflow_menu(
    qtbot: QtBot, bar: RunBar, document: Document
) -> None:
    assert not bar.overflow.isVisible()
    assert bar.buttons["pause"].text() == "Pause"
    for width in range(1600, 1000, -10):
        bar.resize(width, 48)
        if not bar.buttons["pause"].text():
            break
    assert bar.buttons["pause"].text() == ""
    assert all(button.isVisible() for button in bar.menu_buttons.values())
    assert not bar.overflow.isVisible()
    bar.resize(560, 48)
    assert bar.overflow.isVisible()
    assert bar.overflow.geometry().right() <= bar.width()
    hidden = {button.caption for button in bar.menu_buttons.values() if not button.isVisible()}
    assert {"Device", "Task"} <= hidden
    menu_actions = all_actions(bar.overflow.popup_menu)
    next(action for name, action in menu_actions.items() if name.endswith("/Regression")).trigger()
    assert document.project.training.task == "regression"
    document.undo_stack.undo()
    menu_actions = all_actions(bar.overflow.popup_menu)
    menu_actions["Epoch"].trigger()
    wait_for_state(qtbot, bar, "paused")
    assert bar.session.run.history.epoch == 1


def test_click_on_train_does_not_move_the_focus(qtbot: QtBot, bar: RunBar) -> None:
    focused = bar.focusWidget()
    if focused is not None:
        focused.clearFocus()
    click_button(qtbot, bar, "train")
    wait_for_state(qtbot, bar, "running")
    assert not bar.buttons["train"].isEnabled()
    assert not any(button.hasFocus() for button in bar.buttons.values())


def test_failed_run_shows_a_notice(
    qtbot: QtBot, bar: RunBar, document: Document, tmp_path: Path
) -> None:
    missing = DataSettings(
        source="csv", options={"path": str(tmp_path / "gone.csv")}, facts=document.dataset_info
    )
    document.apply(set_data(document.project, missing), "Use a table")
    with qtbot.waitSignal(bar.session.failed, timeout=60_000):
        click_button(qtbot, bar, "train")
    wait_for_state(qtbot, bar, "idle")
    assert "gone.csv" in bar.status.chips["notice"].toolTip()
    assert bar.status.chips["notice"].isVisible()


def test_edited_learning_rate_is_applied_to_the_run_only_on_request(
    qtbot: QtBot, bar: RunBar, document: Document
) -> None:
    form = TrainingForm(document, bar.session)
    qtbot.addWidget(form)
    form.show()
    document.project_changed.connect(lambda _change: form.show_project())
    before = bar.menu_buttons["optimiser"].value
    editor = next(section.editors[RATE] for section in form.forms if RATE in section.editors)
    assert isinstance(editor, TextEditor)
    click_button(qtbot, bar, "step")
    wait_for_state(qtbot, bar, "paused")
    assert not editor.action_button.isVisible()
    editor.field.selectAll()
    qtbot.keyClicks(editor.field, "0.0125")
    qtbot.keyClick(editor.field, Qt.Key.Key_Return)
    assert editor.action_button.isVisible()
    assert bar.menu_buttons["optimiser"].value == before, "the run still uses its own rate"
    with qtbot.waitSignal(bar.session.setting_changed, timeout=10_000) as changed:
        qtbot.mouseClick(editor.action_button, Qt.MouseButton.LeftButton)
    assert changed.args is not None
    assert changed.args[0].arguments["learning_rate"] == pytest.approx(0.0125)
    assert not editor.action_button.isVisible()
    assert "0.0125" in bar.menu_buttons["optimiser"].value
    document.undo_stack.undo()
    assert editor.action_button.isVisible()
    click_button(qtbot, bar, "stop")
    wait_for_state(qtbot, bar, "idle")
    assert editor.action_button.text() == "Find a rate…"
    assert bar.menu_buttons["optimiser"].value == before


def test_clipping_is_applied_to_the_run_on_request(
    qtbot: QtBot, bar: RunBar, document: Document
) -> None:
    form = TrainingForm(document, bar.session)
    qtbot.addWidget(form)
    click_button(qtbot, bar, "step")
    wait_for_state(qtbot, bar, "paused")
    clipped = update_first_group(document.project.training, clipping=Clipping("norm", 0.5))
    document.apply(set_training(document.project, clipped), "Clip")
    form.show_project()
    editor = next(
        section.editors["clipping.mode"]
        for section in form.forms
        if "clipping.mode" in section.editors
    )
    with qtbot.waitSignal(bar.session.setting_changed, timeout=10_000) as changed:
        editor.action_button.click()
    assert changed.args is not None
    assert changed.args[0].change == "clipping"
    assert changed.args[0].arguments["limit"] == pytest.approx(0.5)
    running = effective_training(bar.session)
    assert running is not None
    assert running.groups[0].clipping == Clipping("norm", 0.5)


def test_user_data_source_opens_the_data_form(bar: RunBar, document: Document) -> None:
    first = next(iter(document.project.graph.nodes))
    for title, selection in (("Toys/Circles", [first]), ("Your own/Time series (CSV)", [])):
        document.set_selection([first])
        all_actions(bar.menu_buttons["data"].popup_menu)[title].trigger()
        assert list(document.selection) == selection


def test_metrics_of_other_data_are_not_shown(qtbot: QtBot, bar: RunBar, document: Document) -> None:
    click_button(qtbot, bar, "step-epoch")
    wait_for_state(qtbot, bar, "paused")
    click_button(qtbot, bar, "stop")
    wait_for_state(qtbot, bar, "idle")
    assert "%" in bar.status.chips["metric"].text()
    all_actions(bar.menu_buttons["data"].popup_menu)["Toys/Circles"].trigger()
    assert not bar.status.chips["metric"].text()
    document.undo_stack.undo()
    assert "%" in bar.status.chips["metric"].text()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (919951.625, "9.2e5"), (-3.4e38, "-3.4e38"), (9999.9, "1.0e4"), (9999.2, "9999"),
        (1234.56, "1235"), (123.456, "123.5"), (12.3456, "12.35"), (9.9999, "10.00"),
        (1.23456, "1.235"), (0.0614, "0.061"), (0.000123456, "1.23e-4"), (0.0, "0.000"),
    ],
)  # fmt: skip
def test_loss_is_formatted_with_at_most_four_digits(value: float, text: str) -> None:
    assert format_metric("train_loss", value) == text


def test_accuracy_is_green_only_at_a_new_best(bar: RunBar) -> None:
    apply_theme("dark")
    chip, green = bar.status.chips["metric"], current_theme().colour("good_text")
    baseline = {"validation_accuracy": 0.1}
    bar.session.run.record_start(Started("cpu", 1, 10, {"train": 64}, 5, 2, baseline=baseline))
    shown = []
    for accuracy in (None, 0.5, 0.9, 0.6, 0.95):
        if accuracy is None:
            loss = np.array([919951.625], np.float32)
            bar.session.run.history.record_steps(StepsDone(1, loss, np.full(1, 1e-3), 1, 1.0))
        else:
            done = EpochDone(1, 10, {"validation_accuracy": accuracy}, 1e-3, 1.0)
            bar.session.run.history.record_epoch(done)
        bar.session.history_reset.emit()
        colour = chip.palette().color(chip.foregroundRole())
        shown.append((chip.text().partition(" ")[0], colour == green))
    assert shown == [
        ("9.2e5", False), ("50.0", True), ("90.0", True), ("60.0", False), ("95.0", True),
    ]  # fmt: skip
