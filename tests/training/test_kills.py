from __future__ import annotations

from pathlib import Path

import pytest

from tests.training.kills import kill_while_training


@pytest.mark.slow
def test_kills_while_training_lose_nothing(tmp_path: Path) -> None:
    outcome = kill_while_training(5, tmp_path, seed=3)
    assert outcome.lost == ()
    assert outcome.kills == 5
