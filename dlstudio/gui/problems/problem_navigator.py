"""Moves from problem to problem with the keyboard, and applies fixes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.report import Report
from dlstudio.gui.document.block_paths import path_prefix
from dlstudio.gui.document.document import Document


class ProblemNavigator(QObject):
    """Cycles through the problems and fixes them."""

    def __init__(self, document: Document, show: Callable[[str], None]) -> None:
        """`show` is called with the path of the card to show."""
        super().__init__(document)
        self._document = document
        self._show = show
        self._visited: Problem | None = None
        self._fix_when_checked = False
        document.report_changed.connect(self._on_report_changed)

    def show_next(self) -> None:
        """Show the next problem; after the last one, the first."""
        problems = self._document.report.problems
        if not problems:
            return
        known = self._visited in problems
        index = problems.index(self._visited) + 1 if known and self._visited else 0
        self._visited = problems[index % len(problems)]
        self._show(self._visited.path)
        self._document.message.emit(self._visited.text)

    def apply_fix(self) -> None:
        """Apply the first fix of the problem that `fixable_problem` returns.

        After an edit this waits for the check, because earlier problems may be gone.
        """
        self._fix_when_checked = not self._document.is_checked
        problem = None if self._fix_when_checked else self.fixable_problem()
        if problem is not None and self._document.repair(problem.repairs[0]):
            self._document.message.emit(problem.repairs[0].title)

    def fixable_problem(self) -> Problem | None:
        """Return the first problem with a fix, of the selected cards if there are any."""
        fixable = [problem for problem in self._document.report.problems if problem.repairs]
        if any(not item_id.startswith(NOTE_PREFIX) for item_id in self._document.selection):
            fixable = [problem for problem in fixable if self._is_selected(problem)]
        return next(iter(fixable), None)

    def _is_selected(self, problem: Problem) -> bool:
        document = self._document
        path = document.placement_path
        prefix = "" if path is None else path_prefix(document.project, path, document.report.nodes)
        return any(
            f"{problem.path}.".startswith(f"{prefix}{item_id}.") for item_id in document.selection
        )

    def _on_report_changed(self, _report: Report) -> None:
        if self._fix_when_checked and self._document.is_checked:
            self.apply_fix()
