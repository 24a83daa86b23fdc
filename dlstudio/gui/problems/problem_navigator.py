"""Moves from problem to problem with the keyboard, and applies fixes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from dlstudio.design.model.problems import Problem
from dlstudio.gui.document.document import Document


class ProblemNavigator(QObject):
    """Cycles through the problems and fixes them."""

    def __init__(self, document: Document, show: Callable[[str], None]) -> None:
        """`show` is called with the path of the card to show."""
        super().__init__(document)
        self._document = document
        self._show = show
        self._visited: Problem | None = None

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
        """Apply the first fix of the selected card's problem, or of the first fixable problem."""
        problem = self.fixable_problem()
        if problem is not None:
            self._document.repair(problem.repairs[0])

    def fixable_problem(self) -> Problem | None:
        """Return the problem that `apply_fix` would fix."""
        fixable = [problem for problem in self._document.report.problems if problem.repairs]
        selected = [problem for problem in fixable if problem.path in self._document.selection]
        return next(iter(selected or fixable), None)
