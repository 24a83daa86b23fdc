from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from dlstudio.design.files import save
from dlstudio.design.model import Project
from dlstudio.gui.questions import Answer
from tests.gui.studio import Desk


def test_a_change_on_disk_is_asked_about(desk: Desk, design: Path, qtbot: QtBot) -> None:
    desk.files.open_path(design)
    desk.answers.on_disk = Answer.YES

    save(Project(title="from outside"), design)

    qtbot.waitUntil(lambda: desk.document.project.title == "from outside", timeout=3000)
    assert desk.answers.asked == ["on disk small.dlstudio, unsaved False"]


def test_keeping_ones_own_state_leaves_it_unsaved(desk: Desk, design: Path, qtbot: QtBot) -> None:
    desk.files.open_path(design)

    save(Project(title="from outside"), design)

    qtbot.waitUntil(lambda: not desk.document.is_clean, timeout=3000)
    assert desk.document.project.title == "small"


def test_our_own_save_is_no_change_on_disk(desk: Desk, design: Path, qtbot: QtBot) -> None:
    desk.files.open_path(design)
    desk.edit()
    desk.files.save()
    qtbot.wait(150)
    assert desk.answers.asked == []
