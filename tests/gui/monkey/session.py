"""One game of the monkey, from an empty zoo to a closed window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlstudio.app import make_application
from dlstudio.design.model.model import Project
from tests.gui.monkey.failures import Coverage, FailureRecorder
from tests.gui.monkey.monkey import Monkey
from tests.gui.monkey.workspace import Workspace, isolated


@dataclass(frozen=True)
class Outcome:
    """What a game has shown.

    Attributes:
        failures: Exceptions and Qt warnings, with what was done just before.
        last_project: The design as the monkey left it.
        undone_project: The design after every step was taken back.
        start_project: The design that those steps began with.
        window_count: How many windows were opened.
    """

    coverage: Coverage
    failures: tuple[str, ...]
    last_project: Project
    undone_project: Project
    start_project: Project
    window_count: int


def run_monkey(moves: int, folder: Path, seed: int) -> Outcome:
    """Let a monkey make so many moves; its files and settings lie in `folder`."""
    recorder, coverage, workspace = FailureRecorder(), Coverage(), Workspace(folder, seed)
    with isolated(workspace), recorder.recording(), coverage.counting_gestures():
        make_application()
        monkey = Monkey(workspace, seed, recorder, coverage)
        monkey.run(moves)
        last_project = monkey.window.document.project
        undone_project, start_project = monkey.undo_all(), monkey.start_project
        monkey.close()
    return Outcome(
        coverage,
        tuple(recorder.failures),
        last_project,
        undone_project,
        start_project,
        monkey.window_count,
    )
