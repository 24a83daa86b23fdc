from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_training
from dlstudio.design.model.training_settings import ParameterGroup, Selector, TrainingSettings
from dlstudio.gui.document.document import Document
from dlstudio.gui.training.group_bar import restore_group_order, with_group_first
from dlstudio.gui.training.training_form import TrainingForm
from dlstudio.gui.training.training_form_rows import with_task
from tests.gui.panel_designs import example_document

GROUPS = tuple(ParameterGroup(name, Selector(paths=(name,))) for name in "abc")


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return example_document("digits-mlp", tmp_path)


@pytest.fixture
def form(document: Document, qtbot: QtBot) -> TrainingForm:
    training_form = TrainingForm(document)
    document.project_changed.connect(lambda _change: training_form.show_project())
    qtbot.addWidget(training_form)
    training_form.show()
    return training_form


def trigger_action(form: TrainingForm, text: str) -> bool:
    """Trigger an entry of the group menu; return whether it is enabled."""
    form.group_bar.menu.aboutToShow.emit()
    action = next(item for item in form.group_bar.menu.actions() if text in item.text())
    action.trigger()
    return action.isEnabled()


def groups(document: Document) -> tuple[ParameterGroup, ...]:
    return document.project.training.groups


@pytest.mark.parametrize("number", [0, 1, 2])
def test_group_order_can_be_restored(number: int) -> None:
    training = TrainingSettings(groups=GROUPS)
    assert with_group_first(training, number).groups[0] is GROUPS[number]
    assert restore_group_order(with_group_first(training, number), number) == training


def test_single_group_hides_the_list(form: TrainingForm) -> None:
    assert form.group_bar.combo.isHidden()
    assert not trigger_action(form, "Select layers, then Train")


def test_selected_layers_get_a_group_with_its_own_rate(
    qtbot: QtBot, document: Document, form: TrainingForm
) -> None:
    document.set_selection(["linear_1"])
    assert trigger_action(form, "Separate learning rate")
    assert [group.name for group in groups(document)] == ["linear_1", "all"]
    assert groups(document)[0].selector == Selector(paths=("linear_1",))
    assert not form.group_bar.combo.isHidden()

    box = next(
        settings_form for settings_form in form.forms if "group.factor" in settings_form.editors
    )
    line = box.editors["group.factor"].findChild(QLineEdit)
    assert line is not None
    line.selectAll()
    qtbot.keyClicks(line, "0.1")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert [group.factor for group in groups(document)] == [0.1, 1.0]
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert [group.name for group in groups(document)] == ["all"]


def test_selected_second_group_is_edited(document: Document, form: TrainingForm) -> None:
    document.apply(
        set_training(document.project, with_task(document.project.training, "adversarial")), "GAN"
    )
    first = groups(document)[0]
    form.group_bar.combo.setCurrentIndex(1)
    form.group_bar.combo.activated.emit(1)
    box = next(
        settings_form
        for settings_form in form.forms
        if "optimiser.learning_rate" in settings_form.editors
    )
    box.edited.emit("optimiser.learning_rate", 0.5)
    assert groups(document)[0] == first
    assert groups(document)[1].optimiser.learning_rate == 0.5
    assert not trigger_action(form, "Remove")


def test_removing_a_group_moves_its_layers_to_the_last_one(
    document: Document, form: TrainingForm
) -> None:
    document.set_selection(["linear_1"])
    trigger_action(form, "Separate learning rate")
    form.group_bar.combo.setCurrentIndex(1)
    form.group_bar.combo.activated.emit(1)
    assert trigger_action(form, "Remove")
    assert [group.selector for group in groups(document)] == [Selector()]
