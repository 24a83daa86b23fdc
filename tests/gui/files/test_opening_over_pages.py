"""Opening a design shows it, whatever page covered the panels and however it is opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dlstudio.design.library.files import save
from dlstudio.gui.files.recovery import RecoveryFile
from dlstudio.gui.prompts.prompts import Answer
from dlstudio.gui.window.main_window import MainWindow

Act = Callable[[MainWindow, Path], object]


def _open_chosen(window: MainWindow, path: Path) -> bool:
    window.prompts.path = path
    return window.files.open()


def _restore(window: MainWindow, path: Path) -> bool:
    recovered = RecoveryFile(path.parent, "a design", None, None, 0.0)
    return window.files.restore(recovered, window.document.project)


def _reload(window: MainWindow, path: Path) -> bool:
    return window.files.reload()


WAYS: dict[str, Act] = {
    "example": lambda window, path: window.files.open_example("digits-mlp"),
    "open": _open_chosen,
    "path": lambda window, path: window.files.open_path(path),
    "copy of a run": lambda window, path: window.files.open_copy(path),
    "new": lambda window, path: window.files.new(),
    "restore": _restore,
    "reload": _reload,
}
PAGES: dict[str, Act] = {
    "gallery": lambda window, path: window.gallery.show(),
    "empty data page": lambda window, path: window.data_importer.open(),
    "data page": lambda window, path: window.data_importer.import_path(path.with_suffix(".csv")),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("pages", [["gallery"], ["empty data page"], ["gallery", "data page"]])
def test_opened_design_is_not_covered(
    window: MainWindow, tmp_path: Path, pages: list[str], way: str
) -> None:
    path = tmp_path / "points.dlstudio"
    save(window.document.project, path)
    path.with_suffix(".csv").write_text("a,b,kind\n" + "1,2,x\n3,4,y\n" * 20, encoding="utf-8")
    window.prompts.save = Answer.NO
    window.files.open_path(path)
    for page in pages:
        PAGES[page](window, path)
    assert window.pages.current is not None

    WAYS[way](window, path)

    assert window.pages.current is None
