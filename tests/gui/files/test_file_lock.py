from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from dlstudio.design.library.files import save
from dlstudio.design.model.model import Project
from dlstudio.gui.files.file_lock import DesignLock, lock_path
from dlstudio.gui.prompts.prompts import Answer
from tests.gui.gui_fixtures import FileWorkspace, run_in_subprocess


def test_design_open_in_two_windows_prompts(
    make_workspace: Callable[[], FileWorkspace], design: Path
) -> None:
    first, second = make_workspace(), make_workspace()
    first.files.open_path(design)

    assert not second.files.open_path(design)
    assert second.prompts.calls == ["open locked small.dlstudio"]
    assert second.prompts.owners == [f"another window on this computer (process {os.getpid()})"]
    assert second.document.path is None

    second.prompts.open_locked = Answer.YES
    assert second.files.open_path(design)
    assert second.document.path == design


def test_declining_a_locked_design_keeps_the_current_lock(
    make_workspace: Callable[[], FileWorkspace], design: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.dlstudio"
    save(Project(), other)
    first, second = make_workspace(), make_workspace()
    first.files.open_path(design)
    second.files.open_path(other)

    assert not second.files.open_path(design)

    third = make_workspace()
    assert not third.files.open_path(other)


def test_closing_releases_the_lock(workspace: FileWorkspace, design: Path) -> None:
    workspace.files.open_path(design)
    assert lock_path(design).exists()
    workspace.files.close()
    assert not lock_path(design).exists()
    assert DesignLock().acquire(design) is None


def test_lock_of_a_dead_process_is_ignored(design: Path) -> None:
    run_in_subprocess(
        "from PySide6.QtCore import QLockFile; import os;"
        f"lock = QLockFile({str(lock_path(design))!r}); lock.setStaleLockTime(0);"
        "lock.tryLock(0); os._exit(0)"
    )
    assert lock_path(design).exists()

    lock = DesignLock()
    assert lock.acquire(design) is None
    lock.release()
