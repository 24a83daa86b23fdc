"""The status bar: size of the network, problems, saved state, weights, messages and device."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QStyle, QStyleOption, QWidget

from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.shown_weights import UNTRAINED, ShownOrigin
from dlstudio.gui.style.problem_roles import count_texts
from dlstudio.gui.widgets.basic_widgets import ElidedLabel
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.gui.widgets.pages import Pages

_MESSAGE_MS = 6000
_TICK_MS = 1000
_MESSAGE_PADDING = 48
"""Pixels around a message: the padding of labels and the spaces between them."""


class StatusBar(QStatusBar):
    """Shows the document's state on the left, then messages; the device is on the right.

    A message that is too long for its place hides the document's state until it ends. Qt would
    draw messages below labels that are shown meanwhile.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._saved_at: float | None = None
        self._problem_texts: frozenset[str] = frozenset()
        """The problems of the last report."""
        self._now: Callable[[], float] = time.monotonic
        self.setSizeGripEnabled(False)
        self.layers, self.parameters = QLabel(), QLabel()
        self.problems, self.missing = QLabel(), QLabel()
        self.saved, self.weights = QLabel(), QLabel()
        self._origin = UNTRAINED
        self.device = QLabel()
        self.facts = QLabel()
        self.facts.hide()
        self._shows_design = True
        self.message = ElidedLabel()
        self.message.setProperty("role", "message")
        self._state = self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._show_saved)
        document.report_changed.connect(self._show_report)
        document.project_changed.connect(self._show_report)
        document.clean_changed.connect(self._show_saved)
        document.reset.connect(self._on_reset)
        document.message.connect(self.show_message)
        self.messageChanged.connect(self._show_message)
        self._show_report()
        self._show_saved()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground without the message, which has a label."""
        option, painter = QStyleOption(), QPainter(self)
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelStatusBar, option, painter, self)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show or hide the document's state beside a message."""
        super().resizeEvent(event)
        self._show_message()

    def show_message(self, text: str) -> None:
        """Show a message for some seconds."""
        self.showMessage(text, _MESSAGE_MS)

    def show_facts(self, facts: Sequence[str]) -> None:
        """Show facts about a page in the place of those about the design, which it covers."""
        self.facts.setText("      ".join(facts))
        self._show_kind(is_design=False)

    def show_design(self) -> None:
        """Show the facts about the design again."""
        self._show_kind(is_design=True)

    def _show_kind(self, *, is_design: bool) -> None:
        self._shows_design = is_design
        self.facts.setVisible(not is_design)
        for label in (self.layers, self.parameters):
            label.setVisible(is_design)
        self._hide_empty_labels()

    def mark_saved(self) -> None:
        """Show that the design was just saved."""
        self._saved_at = self._now()
        self._timer.start()
        self._show_saved()

    def show_weights(self, weights: Path | None) -> None:
        """Name the file of the trained weights that training continues from, if any."""
        self.weights.setToolTip(f"Training continues from {weights.name}" if weights else "")

    def show_origin(self, origin: ShownOrigin) -> None:
        """Show which weights the network has."""
        self._origin = origin
        self._show_origin()

    def _show_origin(self) -> None:
        self.weights.setText(self._origin.text if self._document.project.graph.nodes else "")
        self._hide_empty_labels()

    def _build(self) -> QWidget:
        """Lay out the labels and return the widget of those about the document."""
        state, whole = QWidget(), QWidget()
        for widget, labels in (
            (
                state,
                (
                    self.layers, self.parameters, self.problems, self.missing,
                    self.saved, self.weights, self.facts,
                ),
            ),
            (whole, (state, self.message)),
        ):  # fmt: skip
            row = QHBoxLayout(widget)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(6)
            for label in labels:
                row.addWidget(label, int(label is self.message))
        self.addPermanentWidget(whole, 1)
        self.addPermanentWidget(self.device)
        return state

    def _show_message(self, _text: str = "") -> None:
        text = self.currentMessage()
        self.message.setText(text)
        room = self.width() - self.device.sizeHint().width() - self._state.sizeHint().width()
        needed = self.message.fontMetrics().horizontalAdvance(text) + _MESSAGE_PADDING
        self._state.setVisible(not text or needed <= room)

    def _on_reset(self) -> None:
        self._saved_at = None
        self._timer.stop()
        self._show_report()
        self._show_saved()

    def _show_report(self, _change: object = None) -> None:
        report = self._document.report
        count = len(self._document.project.graph.nodes)
        self.layers.setText(f"{count} layer{'' if count == 1 else 's'}")
        waiting = any(node.blocked_by for node in report.nodes.values())
        known = format_integer(report.cost.parameters) if report.nodes or not count else "…"
        plus = " + waiting" if waiting else ""
        self.parameters.setText(f"<b>{known}{plus}</b> parameters")
        self._show_origin()
        self._show_problems()
        self._clear_fixed_message()

    def _clear_fixed_message(self) -> None:
        """Clear a message about a problem that no longer exists."""
        problems = self._document.report.problems
        texts = frozenset(
            text for problem in problems for text in (problem.text, problem.title) if text
        )
        removed, self._problem_texts = self._problem_texts - texts, texts
        if any(text in self.currentMessage() for text in removed):
            self.clearMessage()

    def _show_problems(self) -> None:
        problems = self._document.report.problems
        wrong = any(problem.is_contradiction for problem in problems)
        text, missing = count_texts(problems)
        role = "error" if wrong else ""
        if not problems:
            text, role = "no problems" if self._document.report.nodes else "", "good"
        self.problems.setText(text)
        self.missing.setText(missing)
        self._hide_empty_labels()
        self.problems.setProperty("role", role)
        self.problems.style().polish(self.problems)

    def _hide_empty_labels(self) -> None:
        for label in (self.problems, self.missing, self.saved, self.weights):
            label.setVisible(bool(label.text()) and self._shows_design)

    def _show_saved(self, _clean: bool = True) -> None:
        if not self._document.is_clean:
            self.saved.setText("not saved")
        elif self._saved_at is not None:
            self.saved.setText(f"saved {relative_time(self._now() - self._saved_at)}")
        else:
            self.saved.setText("saved" if self._document.path else "")
        self._hide_empty_labels()


@runtime_checkable
class _HasFacts(Protocol):
    @property
    def status_facts(self) -> Sequence[str]: ...


class PageFacts(QObject):
    """Follows the page that is shown; a page without facts leaves the status bar empty."""

    def __init__(self, pages: Pages, status_bar: StatusBar) -> None:
        super().__init__(pages)
        self._pages, self._status_bar = pages, status_bar
        pages.page_changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Show the facts as they are now."""
        page = self._pages.current
        if page is None:
            self._status_bar.show_design()
        else:
            self._status_bar.show_facts(page.status_facts if isinstance(page, _HasFacts) else ())


def relative_time(seconds: float) -> str:
    """Return a time span as text: `just now`, `20 s ago`, `3 min ago`, `2 h ago`."""
    if seconds < 2:
        return "just now"
    if seconds < 60:
        return f"{int(seconds)} s ago"
    if seconds < 3600:
        return f"{int(seconds / 60)} min ago"
    return f"{int(seconds / 3600)} h ago"
