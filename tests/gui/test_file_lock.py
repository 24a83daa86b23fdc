from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from dlstudio.design.files import save
from dlstudio.design.model import Project
from dlstudio.gui.file_lock import DesignLock, lock_path
from dlstudio.gui.questions import Answer
from tests.gui.studio import Desk, in_another_process


def test_a_design_open_in_two_windows_is_noticed(
    make_desk: Callable[[], Desk], design: Path
) -> None:
    first, second = make_desk(), make_desk()
    first.files.open_path(design)

    assert not second.files.open_path(design)
    assert second.answers.asked == ["elsewhere small.dlstudio"]
    assert second.answers.holders == [f"another window of this computer (process {os.getpid()})"]
    assert second.document.path is None

    second.answers.elsewhere = Answer.YES
    assert second.files.open_path(design)
    assert second.document.path == design


def test_a_refused_design_leaves_the_lock_of_the_open_one(
    make_desk: Callable[[], Desk], design: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.dlstudio"
    save(Project(), other)
    first, second = make_desk(), make_desk()
    first.files.open_path(design)
    second.files.open_path(other)

    assert not second.files.open_path(design)

    third = make_desk()
    assert not third.files.open_path(other)


def test_the_lock_goes_with_the_window(desk: Desk, design: Path) -> None:
    desk.files.open_path(design)
    assert lock_path(design).exists()
    desk.files.close()
    assert not lock_path(design).exists()
    assert DesignLock().take(design) is None


def test_a_dead_window_holds_no_lock(design: Path) -> None:
    in_another_process(
        "from PySide6.QtCore import QLockFile; import os;"
        f"lock = QLockFile({str(lock_path(design))!r}); lock.setStaleLockTime(0);"
        "lock.tryLock(0); os._exit(0)"
    )
    assert lock_path(design).exists()

    lock = DesignLock()
    assert lock.take(design) is None
    lock.release()
