"""Epochs, batch size and learning rate that the form leaves to the studio."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data, set_training
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.training_settings import AUTOMATIC
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.setting_editors import TextEditor
from dlstudio.gui.training.training_form import TrainingForm
from tests.gui.panel_designs import checked_document, small_network, type_into

AUTOMATIC_NUMBERS = {"epochs": "49", "batch_size": "32", "optimiser.learning_rate": "0.001"}
"""For the 1,298 training images of 8 × 8 pixels."""


@pytest.fixture
def document() -> Document:
    return checked_document(set_training(small_network(), AUTOMATIC))


@pytest.fixture
def form(document: Document, qtbot: QtBot) -> TrainingForm:
    training_form = TrainingForm(document)
    document.project_changed.connect(lambda _change: training_form.show_project())
    qtbot.addWidget(training_form)
    training_form.show()
    return training_form


def editor(form: TrainingForm, name: str) -> TextEditor:
    match = next(part.editors[name] for part in form.forms if name in part.editors)
    assert isinstance(match, TextEditor)
    return match


def test_automatic_numbers_are_shown_as_such(form: TrainingForm) -> None:
    for name, number in AUTOMATIC_NUMBERS.items():
        field = editor(form, name).field
        assert (field.text(), field.placeholderText()) == ("", f"auto: {number}")


def test_number_follows_the_data(document: Document, form: TrainingForm) -> None:
    document.apply(set_data(document.project, DataSettings("iris")), "Use iris")
    assert editor(form, "epochs").field.placeholderText() == "auto: 150"


def test_entered_number_is_stored_and_cleared_again(
    qtbot: QtBot, document: Document, form: TrainingForm
) -> None:
    type_into(qtbot, editor(form, "epochs"), "7")
    assert document.project.training.epochs == 7
    field = editor(form, "epochs").field
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert document.project.training.epochs is None
    assert field.placeholderText() == "auto: 49"


def test_arrow_key_takes_over_from_the_automatic_number(
    qtbot: QtBot, document: Document, form: TrainingForm
) -> None:
    field = editor(form, "epochs").field
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert document.project.training.epochs == 50


@pytest.mark.parametrize(("entry", "epochs"), [("Keep", 49), ("Automatic", None)])
def test_menu_takes_over_and_gives_back(
    document: Document, form: TrainingForm, entry: str, epochs: int | None
) -> None:
    epochs_editor = editor(form, "epochs")
    epochs_editor.field.menu_requested.emit()
    next(item for item in epochs_editor.menu.actions() if entry in item.text()).trigger()
    epochs_editor.menu.close()
    assert document.project.training.epochs == epochs
