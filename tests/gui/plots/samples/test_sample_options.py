from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.edits import set_data
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.gui.forms.setting_editor import SettingEditor
from dlstudio.gui.forms.setting_editors import ChoiceEditor, TextEditor
from dlstudio.gui.plots.samples.sample_options import SampleOptions
from dlstudio.gui.plots.samples.sample_settings import sample_settings
from dlstudio.layers.framework.settings import Integer


def show_options(qtbot: QtBot, example: str) -> SampleOptions:
    options = SampleOptions()
    qtbot.addWidget(options)
    options.show_project(load(example_path(example)), reset=True)
    qtbot.mouseClick(options, Qt.MouseButton.LeftButton)
    return options


def editor(options: SampleOptions, name: str) -> SettingEditor:
    assert options.form is not None
    return options.form.editors[name]


def choose_option(qtbot: QtBot, options: SampleOptions, name: str, text: str) -> None:
    """Open a combo box, go to an entry and press Enter."""
    choice_editor = editor(options, name)
    assert isinstance(choice_editor, ChoiceEditor)
    qtbot.mouseClick(choice_editor.combo, Qt.MouseButton.LeftButton)
    popup = choice_editor.combo.view()
    popup.setCurrentIndex(popup.model().index(choice_editor.combo.findText(text), 0))
    qtbot.keyClick(popup, Qt.Key.Key_Return)


def test_class_is_chosen_by_name(qtbot: QtBot) -> None:
    options = show_options(qtbot, "diffusion-mnist")
    label = editor(options, "label")
    assert isinstance(label, ChoiceEditor)
    assert label.combo.currentText() == "any class"
    with qtbot.waitSignal(options.option_changed) as signal:
        choose_option(qtbot, options, "label", "3")
    assert signal.args == ["label", 3]
    assert label.combo.currentText() == "3"


def test_default_steps_show_their_number(qtbot: QtBot) -> None:
    options = show_options(qtbot, "diffusion-mnist")
    steps = editor(options, "steps")
    assert isinstance(steps, TextEditor)
    assert steps.field.text() == "usual (50)"
    with qtbot.waitSignal(options.option_changed) as signal:
        qtbot.keyClick(steps.field, Qt.Key.Key_Up)
    assert signal.args == ["steps", 1]
    with qtbot.waitSignal(options.option_changed) as signal:
        qtbot.keyClick(steps.field, Qt.Key.Key_Down)
    assert signal.args == ["steps", 0]
    assert steps.field.text() == "usual (50)"
    steps.field.selectAll()
    qtbot.keyClicks(steps.field, "12")
    qtbot.keyClick(steps.field, Qt.Key.Key_Return)
    assert options.values["steps"] == 12
    steps.field.selectAll()
    qtbot.keyClick(steps.field, Qt.Key.Key_Delete)
    qtbot.keyClick(steps.field, Qt.Key.Key_Return)
    assert options.values["steps"] == 0


def test_changing_the_sampler_shows_its_options_in_the_open_form(qtbot: QtBot) -> None:
    options = show_options(qtbot, "diffusion-mnist")
    with qtbot.waitSignal(options.option_changed):
        choose_option(qtbot, options, "sampler", "Interpolation")
    assert options.popover.isVisible()
    assert options.form is not None
    assert list(options.form.editors) == ["count", "sampler", "steps", "start", "end", "label"]
    focused = options.popover.focusWidget()
    assert focused is not None
    assert editor(options, "sampler").isAncestorOf(focused)
    qtbot.keyClick(options.popover, Qt.Key.Key_Escape)
    assert not options.popover.isVisible()


@pytest.mark.parametrize(
    ("example", "sampler", "default"),
    [("diffusion-mnist", "ddpm", "usual (500)"), ("char-transformer", "", "usual (64)")],
)
def test_default_steps_depend_on_the_sampler(example: str, sampler: str, default: str) -> None:
    steps = sample_settings(load(example_path(example)), sampler)["steps"]
    assert getattr(steps, "special", "") == default


def test_class_option_needs_a_label_input() -> None:
    assert "label" not in sample_settings(load(example_path("gan-mnist")))
    assert "label" in sample_settings(load(example_path("diffusion-mnist")))


def test_unnamed_classes_are_limited_by_their_count() -> None:
    project = load(example_path("diffusion-mnist"))
    info = replace(info_of(project.data), class_names=())
    unnamed = replace(project.data, source="npz", facts=info)
    label = sample_settings(set_data(project, unnamed))["label"]
    assert isinstance(label, Integer)
    assert label.maximum == 9
    with pytest.raises(ValueError, match="between -1 and 9"):
        label.parse(10)
