"""Random input causes no exceptions, warnings or leaks, and undo restores the design."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dlstudio.design.library.files import load, save
from tests.gui.monkey.session import run_monkey

MOVES = int(os.environ.get("DLSTUDIO_MONKEY_MOVES", "1000"))
ALL_PHASES = 10_000
"""Number of moves after which every phase of every gesture must have occurred."""


@pytest.mark.slow
@pytest.mark.gui
def test_random_gestures_cause_no_failures(qtbot: object, tmp_path: Path) -> None:
    outcome = run_monkey(MOVES, tmp_path, seed=20)
    print("\n".join(outcome.coverage.summary_lines()))
    assert not outcome.failures, outcome.failures[0]
    assert outcome.undone_project == outcome.start_project, (
        "undoing every step does not restore the first design"
    )
    assert outcome.coverage.mean_size >= (15 if MOVES >= ALL_PHASES else 10)
    assert outcome.coverage.fired_share >= 0.9, outcome.coverage.unfired_actions
    missed = outcome.coverage.missed_phases
    assert len(missed) <= (0 if MOVES >= ALL_PHASES else 2), missed

    saved, resaved = tmp_path / "saved.dlstudio", tmp_path / "resaved.dlstudio"
    save(outcome.last_project, saved)
    save(load(saved), resaved)
    assert resaved.read_bytes() == saved.read_bytes()
