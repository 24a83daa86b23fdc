from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from dlstudio.design.library.files import save
from dlstudio.design.model.model import Project
from dlstudio.gui.prompts.prompts import Answer
from tests.gui.gui_fixtures import FileWorkspace


def test_change_on_disk_prompts(workspace: FileWorkspace, design: Path, qtbot: QtBot) -> None:
    workspace.files.open_path(design)
    workspace.prompts.reload = Answer.YES

    save(Project(title="from outside"), design)

    qtbot.waitUntil(lambda: workspace.document.project.title == "from outside", timeout=3000)
    assert workspace.prompts.calls == ["reload small.dlstudio, unsaved False"]


def test_declining_to_reload_leaves_the_design_unsaved(
    workspace: FileWorkspace, design: Path, qtbot: QtBot
) -> None:
    workspace.files.open_path(design)

    save(Project(title="from outside"), design)

    qtbot.waitUntil(lambda: not workspace.document.is_clean, timeout=3000)
    assert workspace.document.project.title == "small"


def test_own_save_does_not_prompt(workspace: FileWorkspace, design: Path, qtbot: QtBot) -> None:
    workspace.files.open_path(design)
    workspace.edit()
    workspace.files.save()
    qtbot.wait(150)
    assert workspace.prompts.calls == []
