from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.corrupt_file_commands import failed_commands


@pytest.mark.slow
def test_corrupt_files_are_reported_on_one_line(tmp_path: Path) -> None:
    assert failed_commands(tmp_path, 50) == []
