from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.gui.forms.setting_editors import ChoiceEditor
from dlstudio.gui.inspector.network_page import NetworkPage
from tests.gui.inspector.inspectors import create_inspector, page_text
from tests.gui.panel_designs import (
    small_network,
    type_into,
)


def test_network_page_is_shown_without_a_selection(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    page = inspector.page
    assert isinstance(page, NetworkPage)
    properties = dict(page.property_table.rows)
    assert properties["Layers"] == "6"
    assert properties["Parameters"] == f"{document.report.cost.parameters:,}".replace(",", "\u202f")
    assert "4×6×6" in page_text(inspector)


def test_changing_the_optimiser_shows_its_settings(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    page = inspector.page
    assert isinstance(page, NetworkPage)
    form = next(section for section in page.training.forms if "optimiser.name" in section.editors)
    combo = form.editors["optimiser.name"]
    assert isinstance(combo, ChoiceEditor)
    combo.combo.setFocus()
    qtbot.keyClick(combo.combo, Qt.Key.Key_Home)
    assert document.project.training.groups[0].optimiser.name == "sgd"
    form = next(section for section in page.training.forms if "optimiser.name" in section.editors)
    type_into(qtbot, form.editors["optimiser.settings.momentum"], "0.9")
    assert document.project.training.groups[0].optimiser.settings == {"momentum": 0.9}


def test_changing_the_task_selects_a_compatible_loss(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    page = inspector.page
    assert isinstance(page, NetworkPage)
    form = next(section for section in page.training.forms if "task" in section.editors)
    editor = form.editors["task"]
    assert isinstance(editor, ChoiceEditor)
    editor.combo.setFocus()
    qtbot.keyClick(editor.combo, Qt.Key.Key_Down)
    assert document.project.training.task == "regression"
    assert document.project.training.loss == "mse"


def test_changing_the_source_shows_its_options(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    page = inspector.page
    assert isinstance(page, NetworkPage)
    source = page.data.source
    source.setFocus()
    qtbot.keyClicks(source, "Spirals")
    assert document.project.data.source == "spirals"
    assert "noise" in page.data.forms["Options"].editors
    assert "Augmentation" not in page.data.forms
    type_into(qtbot, page.data.forms["Options"].editors["noise"], "0.2")
    assert document.project.data.options == {"noise": 0.2}
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.project.data.source == "digits"
    assert source.currentText() == "Handwritten digits 8×8"


def test_sample_limit_is_shown_for_randomly_split_sources(qtbot: QtBot) -> None:
    inspector, document = create_inspector(qtbot, small_network())
    page = inspector.page
    assert isinstance(page, NetworkPage)
    type_into(qtbot, page.data.forms["Split"].editors["split.most"], "100")
    assert document.project.data.split.most == 100
    page.data.source.setFocus()
    qtbot.keyClicks(page.data.source, "Time series")
    assert document.project.data.source == "series"
    assert "split.most" not in page.data.forms["Split"].editors
