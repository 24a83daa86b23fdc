from __future__ import annotations

from pathlib import Path

import pytest

from tests.training.loop.crash_training import crash_while_training


@pytest.mark.slow
def test_crashes_while_training_lose_nothing(tmp_path: Path) -> None:
    outcome = crash_while_training(5, tmp_path, seed=3)
    assert outcome.problems == ()
    assert outcome.kills == 5
