from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from dlstudio.design.library.files import load, save
from dlstudio.design.model.model import Project
from dlstudio.gui.files.file_watcher import REMOVAL_DELAY_MS
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


def test_deleted_file_is_reported_and_the_design_is_unsaved(
    workspace: FileWorkspace, design: Path, qtbot: QtBot
) -> None:
    workspace.files.open_path(design)
    messages: list[str] = []
    workspace.document.message.connect(messages.append)
    design.unlink()
    qtbot.waitUntil(lambda: not workspace.document.is_clean, timeout=5000)
    assert messages == [
        "small.dlstudio was deleted or moved by another program. Save writes it again."
    ]
    assert workspace.files.save()
    assert design.is_file()
    assert workspace.document.is_clean
    assert not workspace.prompts.calls


def test_file_that_comes_back_changed_prompts(
    workspace: FileWorkspace, design: Path, qtbot: QtBot
) -> None:
    workspace.files.open_path(design)
    design.unlink()
    qtbot.waitUntil(lambda: not workspace.document.is_clean, timeout=5000)
    save(Project(title="from outside"), design)
    qtbot.waitUntil(lambda: bool(workspace.prompts.calls), timeout=5000)
    assert workspace.prompts.calls == ["reload small.dlstudio, unsaved True"]


def test_folder_that_is_renamed_counts_as_removed(
    workspace: FileWorkspace, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    save(Project(), folder / "small.dlstudio")
    workspace.files.open_path(folder / "small.dlstudio")
    folder.rename(tmp_path / "b")
    qtbot.waitUntil(lambda: not workspace.document.is_clean, timeout=5000)


def test_touched_or_rewritten_file_with_equal_content_does_not_prompt(
    workspace: FileWorkspace, design: Path, qtbot: QtBot
) -> None:
    workspace.files.open_path(design)
    content = design.read_bytes()
    os.utime(design, (1.0, 1.0))
    qtbot.wait(200)
    design.write_bytes(content)
    qtbot.wait(200)
    save(load(design), design)
    qtbot.wait(REMOVAL_DELAY_MS + 200)
    assert workspace.prompts.calls == []
    assert workspace.document.is_clean
    save(Project(title="from outside"), design)
    qtbot.waitUntil(lambda: bool(workspace.prompts.calls), timeout=5000)


def test_read_only_file_is_replaced_only_after_asking(
    workspace: FileWorkspace, design: Path
) -> None:
    workspace.files.open_path(design)
    workspace.edit("better")
    design.chmod(0o444)
    assert not workspace.files.save()
    assert workspace.prompts.calls == ["replace small.dlstudio"]
    assert not workspace.document.is_clean
    assert load(design).title == "small"
    workspace.prompts.replace = Answer.YES
    assert workspace.files.save()
    assert load(design).title == "better"


def test_one_file_under_two_names_is_locked_once(
    make_workspace: Callable[[], FileWorkspace], design: Path, tmp_path: Path
) -> None:
    other_name = tmp_path / "other-name.dlstudio"
    other_name.symlink_to(design)
    folder = tmp_path / "folder"
    folder.symlink_to(design.parent, target_is_directory=True)
    first, second = make_workspace(), make_workspace()
    first.files.open_path(design)
    for path in (other_name, folder / design.name):
        assert not second.files.open_path(path)
        assert second.prompts.calls.pop().startswith("open locked ")
    assert first.files.open_path(other_name)
    assert first.prompts.calls == []
    first.edit("better")
    assert first.files.save()
    assert other_name.is_symlink()
    assert load(design).title == "better"
