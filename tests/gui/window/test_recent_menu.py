from __future__ import annotations

from pathlib import Path

from dlstudio.gui.window.main_window import MainWindow


def test_recent_files_are_listed_in_the_menu(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "kept.dlstudio"
    window.document.load(window.document.project, None)
    window.prompts.path = path
    assert window.files.save_as()
    texts = [action.text() for action in window.menus.menu("File/Open &recent").actions()]
    assert texts[0] == "kept.dlstudio"
    window.menus.trigger("clear-recent")
    texts = [action.text() for action in window.menus.menu("File/Open &recent").actions()]
    assert "kept.dlstudio" not in texts
