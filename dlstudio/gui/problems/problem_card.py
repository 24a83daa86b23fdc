"""One problem with its fixes, for the inspector and the list of problems."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from dlstudio.design.model.problems import Problem, Repair
from dlstudio.gui.style.icons import pixmap
from dlstudio.gui.style.problem_roles import problem_icon, problem_role
from dlstudio.gui.style.theme import current_theme, theme_changes
from dlstudio.gui.widgets.basic_widgets import ElidedLabel, ShrinkingButton, button, label


class ProblemCard(QFrame):
    """Shows a problem with one button per fix."""

    repair_requested = Signal(object)
    activated = Signal(str)
    """The path of the affected layer."""

    def __init__(self, problem: Problem, location: str = "") -> None:
        """`location` names the layer, for lists in which it is not obvious."""
        super().__init__()
        self.problem = problem
        self.setObjectName("problem")
        self._icon_label = QLabel()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 9, 12, 10)
        self._column.setSpacing(5)
        self._column.addLayout(self._create_header(location))
        if problem.title and problem.text:
            self._column.addWidget(label(problem.text, "muted", wrap=True))
        self._details = label(problem.details, "mono", wrap=True)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._details.hide()
        self._add_buttons()
        self._column.addWidget(self._details)
        if location:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setAccessibleName(problem.title or problem.text)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme_changes.changed.connect(self._apply_theme)
        self._apply_theme()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.activated.emit(self.problem.path)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Activate the layer with Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.activated.emit(self.problem.path)
        else:
            super().keyPressEvent(event)

    def _apply_theme(self) -> None:
        role = problem_role(self.problem)
        colour, icon_name = current_theme().colour(role), problem_icon(self.problem)
        self._icon_label.setPixmap(pixmap(icon_name, 15, colour, self.devicePixelRatioF()))
        self.setStyleSheet(_frame_style(role))

    def _create_header(self, location: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon_label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(self.problem.title or self.problem.text, "title", wrap=True), 1)
        if location:
            location_label = ElidedLabel("mono")
            location_label.setText(location)
            row.addWidget(location_label, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _add_buttons(self) -> None:
        for rank, repair in enumerate(self.problem.repairs):
            self._column.addWidget(
                self._repair_button(repair, first=rank == 0), 0, Qt.AlignmentFlag.AlignLeft
            )
        if self.problem.details:
            details_button = button("Details", self._toggle_details, look="quiet")
            self._column.addWidget(details_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _repair_button(self, repair: Repair, *, first: bool) -> QPushButton:
        repair_button = ShrinkingButton(repair.title)
        repair_button.clicked.connect(lambda: self.repair_requested.emit(repair))
        repair_button.setProperty("look", "primary" if first else "")
        repair_button.setObjectName("repair")
        return repair_button

    def _toggle_details(self) -> None:
        self._details.setVisible(self._details.isHidden())


def _frame_style(role: str) -> str:
    theme = current_theme()
    border_colour = {"error": theme.error, "warning": theme.warning}.get(role, theme.line)
    return (
        f"QFrame#problem {{ background: {theme.card}; border: 1px solid {border_colour};"
        " border-radius: 8px; }"
        f"QFrame#problem:focus {{ border-width: 2px; border-color: {theme.accent}; }}"
    )
