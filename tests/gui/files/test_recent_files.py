from __future__ import annotations

from pathlib import Path

from dlstudio.gui.files.recent_files import MAX_RECENT_FILES, add_recent, clear_recent, recent_files


def test_recent_files_are_limited_ordered_and_exist(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.dlstudio" for number in range(MAX_RECENT_FILES + 3)]
    for path in paths:
        path.touch()
        add_recent(path)
    add_recent(paths[-3])
    paths[-1].unlink()

    assert recent_files()[0] == paths[-3]
    assert len(recent_files()) == MAX_RECENT_FILES - 1
    clear_recent()
    assert recent_files() == []
