"""The list of problems: a click selects the card, a button applies a fix."""

from __future__ import annotations

from operator import attrgetter

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from dlstudio.design.model.problems import Problem
from dlstudio.gui.document.document import Document
from dlstudio.gui.problems.problem_card import ProblemCard
from dlstudio.gui.widgets.basic_widgets import clear_layout, label

_MAX_CARDS = 50
_MAX_WIDTH = 760


class ProblemsPanel(QScrollArea):
    """Shows the problems of the last check, most severe and upstream first."""

    problem_activated = Signal(str)
    """The path of the layer to show."""
    count_changed = Signal(int)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._shown_problems: tuple[Problem, ...] | None = None
        self._shown_text = ""
        self.setWidgetResizable(True)
        self.setAccessibleName("Problems")
        body = QWidget()
        body.setMaximumWidth(_MAX_WIDTH + 28)
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(14, 12, 14, 12)
        self._column.setSpacing(8)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(body)
        document.report_changed.connect(lambda _report: self._show_problems())
        self._show_problems()

    @property
    def cards(self) -> list[ProblemCard]:
        """The cards shown."""
        items = (self._column.itemAt(index) for index in range(self._column.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, ProblemCard)]

    def _show_problems(self) -> None:
        problems = tuple(sorted(self._document.report.problems, key=attrgetter("rank")))
        empty_text = "" if problems else self._empty_text()
        if problems == self._shown_problems and empty_text == self._shown_text:
            return
        self._shown_text = empty_text
        previous_count = None if self._shown_problems is None else len(self._shown_problems)
        self._shown_problems = problems
        clear_layout(self._column)
        for problem in problems[:_MAX_CARDS]:
            self._column.addWidget(self._create_card(problem))
        if len(problems) > _MAX_CARDS:
            self._column.addWidget(label(f"and {len(problems) - _MAX_CARDS} more", "muted"))
        if not problems:
            self._column.addWidget(label(empty_text, "muted", wrap=True))
        if previous_count != len(problems):
            self.count_changed.emit(len(problems))

    def _create_card(self, problem: Problem) -> ProblemCard:
        card = ProblemCard(problem, problem.path or "network")
        card.repair_requested.connect(self._document.repair)
        card.activated.connect(self._activate)
        return card

    def _activate(self, path: str) -> None:
        if path:
            self.problem_activated.emit(path)

    def _empty_text(self) -> str:
        if self._document.report.nodes:
            return "No problems. This network can be trained."
        return "Nothing to check yet. Drag a layer from the palette onto the canvas."
