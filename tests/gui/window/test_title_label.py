from __future__ import annotations

from dlstudio.design.edits import add_node
from dlstudio.design.model.model import Project
from dlstudio.gui.window.main_window import MainWindow


def test_title_shows_design_name_and_saved_state(window: MainWindow) -> None:
    window.files.open_example("digits-mlp")
    assert "digits-mlp" in window.windowTitle()
    assert not window.isWindowModified()

    window.document.try_edit(lambda project: add_node(project, "relu"), "Add ReLU")
    assert window.isWindowModified()
    assert "not saved" in window.title_label.text()

    window.document.undo_stack.undo()
    assert not window.isWindowModified()


def test_long_name_is_elided_in_the_title(window: MainWindow) -> None:
    window.document.load(Project(), None, "A very long name of a design " * 6)
    label = window.title_label
    assert label.text().startswith("A very long name")
    assert label.text().endswith("dlstudio")
    assert label.fontMetrics().horizontalAdvance(label.text()) <= label.minimumWidth()
    assert label.toolTip() == window.document.name
