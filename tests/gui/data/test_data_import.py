from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QDialog

from dlstudio.gui.prompts.prompts import Answer
from dlstudio.gui.window.main_window import MainWindow


def test_importing_data_clears_the_description_of_the_example(
    window: MainWindow, tmp_path: Path
) -> None:
    arrays = tmp_path / "arrays.npz"
    np.savez(arrays, x=np.zeros((4, 3), np.float32), y=np.zeros(4, np.int64))
    window.files.open_example("digits-mlp")
    before = window.document.project

    window.data_importer.import_path(arrays)
    for dialog in window.findChildren(QDialog):
        dialog.close()

    assert window.document.project.data.source == "npz"
    assert (window.document.project.title, window.document.project.about) == ("", "")
    window.document.undo_stack.setIndex(0)
    assert window.document.project == before
    renamed = replace(before, title="Mine", about="My own words.")
    window.document.load(renamed, None)
    window.data_importer.import_path(arrays)
    for dialog in window.findChildren(QDialog):
        dialog.close()
    assert (window.document.project.title, window.document.project.about) == (
        "Mine",
        "My own words.",
    )


def test_moved_data_can_be_located(window: MainWindow, tmp_path: Path) -> None:
    arrays = tmp_path / "arrays.npz"
    np.savez(arrays, x=np.zeros((4, 3), np.float32), y=np.zeros(4, np.int64))
    window.data_importer.import_path(arrays)
    for dialog in window.findChildren(QDialog):
        dialog.close()
    new_path = tmp_path / "moved.npz"
    arrays.rename(new_path)
    window.prompts.locate = Answer.YES
    window.prompts.path = new_path

    window.data_importer.offer_to_relocate()

    assert "locate data" in window.prompts.calls
    assert Path(str(window.document.project.data.options["path"])) == new_path
