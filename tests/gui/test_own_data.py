from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QDialog

from dlstudio.gui.main_window import MainWindow
from dlstudio.gui.questions import Answer


def test_own_data_take_an_examples_words_about_its_data_away(
    window: MainWindow, tmp_path: Path
) -> None:
    arrays = tmp_path / "arrays.npz"
    np.savez(arrays, x=np.zeros((4, 3), np.float32), y=np.zeros(4, np.int64))
    window.files.open_example("digits-mlp")
    before = window.document.project

    window.own_data.use(arrays)
    for dialog in window.findChildren(QDialog):
        dialog.close()

    assert window.document.project.data.source == "npz"
    assert (window.document.project.title, window.document.project.about) == ("", "")
    window.document.undo_stack.setIndex(0)
    assert window.document.project == before
    renamed = replace(before, title="Mine", about="My own words.")
    window.document.load(renamed, None)
    window.own_data.use(arrays)
    for dialog in window.findChildren(QDialog):
        dialog.close()
    assert (window.document.project.title, window.document.project.about) == (
        "Mine",
        "My own words.",
    )


def test_data_that_moved_can_be_located(window: MainWindow, tmp_path: Path) -> None:
    arrays = tmp_path / "arrays.npz"
    np.savez(arrays, x=np.zeros((4, 3), np.float32), y=np.zeros(4, np.int64))
    window.own_data.use(arrays)
    for dialog in window.findChildren(QDialog):
        dialog.close()
    new_path = tmp_path / "moved.npz"
    arrays.rename(new_path)
    window.questions.locate = Answer.YES
    window.questions.path = new_path

    window.own_data.look_for_lost_data()

    assert "data gone" in window.questions.asked
    assert Path(str(window.document.project.data.options["path"])) == new_path
