"""One game of the monkey, from an empty zoo to a closed window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlstudio.app import make_application
from dlstudio.design.model import Project
from tests.gui.monkey import Monkey
from tests.gui.monkey_watch import Coverage, Watch
from tests.gui.monkey_zoo import Zoo, fenced


@dataclass(frozen=True)
class Outcome:
    """What a game has shown.

    Attributes:
        faults: Exceptions and Qt warnings, with what was done just before.
        last: The design as the monkey left it.
        undone: The design after every step was taken back.
        start: The design that those steps began with.
        windows: How many windows were opened.
    """

    coverage: Coverage
    faults: tuple[str, ...]
    last: Project
    undone: Project
    start: Project
    windows: int


def play(moves: int, folder: Path, seed: int) -> Outcome:
    """Let a monkey make so many moves; its files and settings lie in `folder`."""
    recorder, coverage, workspace = Watch(), Coverage(), Zoo(folder, seed)
    with fenced(workspace), recorder.looking(), coverage.counting_gestures():
        make_application()
        monkey = Monkey(workspace, seed, recorder, coverage)
        monkey.play(moves)
        last_project = monkey.window.document.project
        undone_project, start_project = monkey.undo_all(), monkey.start
        monkey.leave()
    return Outcome(
        coverage,
        tuple(recorder.faults),
        last_project,
        undone_project,
        start_project,
        monkey.windows,
    )
