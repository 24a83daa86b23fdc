"""A monkey plays with the real window: nothing may raise, warn, leak or be lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dlstudio.design.files import load, save
from tests.gui.monkey_play import play

MOVES = int(os.environ.get("DLSTUDIO_MONKEY_MOVES", "1000"))
ALL_PHASES = 10_000
"""So many moves reach every phase of every gesture; with fewer a rare one may be missed."""


@pytest.mark.slow
@pytest.mark.gui
def test_a_thousand_random_gestures_break_nothing(qtbot: object, tmp_path: Path) -> None:
    outcome = play(MOVES, tmp_path, seed=20)
    print("\n".join(outcome.coverage.lines()))
    assert not outcome.faults, outcome.faults[0]
    assert outcome.undone == outcome.start, "undoing all does not give back the start"
    assert outcome.coverage.mean_size >= (15 if MOVES >= ALL_PHASES else 10)
    assert outcome.coverage.share_fired >= 0.9, outcome.coverage.never_fired
    missed = outcome.coverage.phases_missed
    assert len(missed) <= (0 if MOVES >= ALL_PHASES else 2), missed

    saved, again = tmp_path / "kept.dlstudio", tmp_path / "again.dlstudio"
    save(outcome.last, saved)
    save(load(saved), again)
    assert again.read_bytes() == saved.read_bytes()
