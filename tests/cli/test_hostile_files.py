from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.hostile_commands import wrong_answers


@pytest.mark.slow
def test_hostile_files_are_answered_by_one_line_and_the_right_status(tmp_path: Path) -> None:
    assert wrong_answers(tmp_path, 50) == []
