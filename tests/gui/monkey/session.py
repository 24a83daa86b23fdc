"""A monkey session, from an empty workspace to a closed window."""

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
    """The result of a session.

    Attributes:
        failures: Exceptions and Qt warnings, with the preceding actions.
        last_project: The design at the end of the session.
        undone_project: The design after undoing every step.
        start_project: The design before the first of those steps.
        window_count: Number of windows opened.
    """

    coverage: Coverage
    failures: tuple[str, ...]
    last_project: Project
    undone_project: Project
    start_project: Project
    window_count: int


def run_monkey(moves: int, folder: Path, seed: int) -> Outcome:
    """Make `moves` random moves in a window whose files and settings are in `folder`."""
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
