"""A sample of random sequences, and shrunk ones that failed once."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.runs.sequences.play import Step, draw, play, shrink

SAMPLE = 12
WIDER = ("edit", 2)
FAILED_ONCE: dict[str, list[Step]] = {
    "weights of an earlier run beside the design of the active one": [
        ("train", 0), WIDER, ("train epoch", 0), ("save", 0),
    ],
    "weights restored after a crash, beside a design edited since": [
        ("train", 0), WIDER, ("crash", 0), ("save", 0),
    ],
    "an epoch that is the last one of the run": [
        ("train", 0), ("train epoch", 0), ("setting", 20), ("save", 0),
    ],
    "frozen and not frozen again": [("train", 0), ("freeze", 0), ("train", 0)],
}  # fmt: skip


@pytest.mark.parametrize("name", FAILED_ONCE)
def test_sequence_that_failed_once(name: str, qtbot: QtBot) -> None:
    assert play(FAILED_ONCE[name]) == ""


@pytest.mark.parametrize("seed", range(SAMPLE))
def test_random_sequence(seed: int, qtbot: QtBot) -> None:
    steps = draw(seed)
    if fault := play(steps):
        shortest = shrink(steps)
        pytest.fail(f"{shortest}: {play(shortest) or fault}")
