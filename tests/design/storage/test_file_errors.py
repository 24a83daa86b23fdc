"""The reasons why files cannot be read or written are named, a full disk above all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dlstudio.design.library.files import FileError, save, save_bundle
from dlstudio.design.model.model import Project
from dlstudio.design.storage.file_errors import file_error_reason, is_disk_full


def full_disk(*_arguments: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (OSError(errno.EDQUOT, "Quota exceeded"), "your quota on this disk is used up"),
        (OSError(errno.EROFS, "Read-only file system"), "the disk is read-only"),
        (FileNotFoundError(errno.ENOENT, "x", "a"), "there is no such file or folder"),
        (PermissionError(errno.EACCES, "x", "a"), "permission denied"),
        (OSError(errno.EBUSY, "Device or resource busy", "a"), "Device or resource busy"),
        (RuntimeError("I/O error: No space left on device (os error 28)"), "the disk is full"),
        (OSError("its own words"), "its own words"),
        (OSError(), "OSError"),
    ],
)
def test_the_reason_is_a_clause(error: BaseException, reason: str) -> None:
    assert file_error_reason(error) == reason
    assert is_disk_full(error) == (reason == "the disk is full" or "quota" in reason)


@pytest.mark.parametrize("write", [save, lambda project, path: save_bundle(project, path, None)])
def test_a_full_disk_is_named_when_a_design_is_saved(
    write: Callable[[Project, Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(FileError, match="cannot be saved: the disk is full"):
        write(Project(), tmp_path / "design.dlstudioz")
    assert not [*tmp_path.iterdir()]
