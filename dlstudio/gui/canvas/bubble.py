"""The bubble above a card with a problem: what is wrong, why, and a button that mends it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dlstudio.design.problems import Problem, Repair, Severity
from dlstudio.gui.canvas.stage import Stage
from dlstudio.gui.theme import current, theme_changes

_WIDTH = 420
_GAP = 26.0
_DESCENT = 3
"""Pixels below the last line, so that no letter is cut."""
_MOST_REPAIRS = 3
_HOVER_DELAY = 250
_LEAVE_DELAY = 350


class Bubble(QFrame):
    """Shows the worst problem of the selected card, else of the one under the pointer."""

    closed = Signal()
    """The bubble went while it had the keyboard."""
    details_wanted = Signal(str)
    """Dotted path of the card whose problem is to be explained in full."""

    def __init__(self, stage: Stage, parent: QWidget) -> None:
        """Stay hidden while nothing is wrong."""
        super().__init__(parent)
        self._ground = parent
        self._stage = stage
        self._node = ""
        self._hovered = ""
        self._shown: Problem | None = None
        self._dismissed = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        self.setObjectName("bubble")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._headline, self._text, self._details = QLabel(self), QLabel(self), QLabel(self)
        self._headline.setProperty("role", "title")
        self._text.setProperty("role", "muted")
        self._details.setProperty("role", "mono")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(6)
        for label in (self._headline, self._text):
            label.setWordWrap(True)
            label.setContentsMargins(0, 0, 0, _DESCENT)
            column.addWidget(label)
        column.addSpacing(4)
        column.addLayout(self._buttons)
        self._details.setWordWrap(True)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self._details)
        self._dress()
        self.hide()
        theme_changes.changed.connect(self._dress)
        stage.scene.changed.connect(self.refresh)
        stage.camera_changed.connect(self.place)

    def hover(self, node_id: str) -> None:
        """Take note of the card under the pointer, and show its problem after a moment."""
        self._hovered = node_id
        if node_id:
            self._dismissed = ""
        self._timer.start(_HOVER_DELAY if node_id else _LEAVE_DELAY)

    def dismiss(self) -> bool:
        """Hide until another card is singled out; False where nothing was shown."""
        if self.isHidden():
            return False
        self._dismissed = self._node
        self._hide()
        return True

    def take_focus(self) -> bool:
        """Give the keyboard to the first remedy; False where no bubble is shown."""
        self._dismissed = ""
        self.refresh()
        if self.isHidden():
            return False
        self._focus_first()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Disappear on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def refresh(self) -> None:
        """Show the problem that is due, or nothing."""
        node = self._due()
        if not node:
            self._node, self._shown = "", None
            self._hide()
            return
        problem = self._stage.scene.findings.worst(node)
        if problem is not self._shown or node != self._node:
            self._node, self._shown = node, problem
            if problem is not None:
                self._fill(problem)
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Stand above the card, or below it where there is no room."""
        if self._node not in self._stage.scene.cards:
            return
        card = self._stage.camera.rect_to_view(self._stage.scene.cards[self._node].rect)
        room = QRectF(self._ground.rect()).adjusted(8, 8, -8, -8)
        x = card.center().x() - self.width() / 2
        y = card.top() - _GAP - self.height()
        if y < room.top():
            y = card.bottom() + _GAP
        x = min(max(x, room.left()), max(room.left(), room.right() - self.width()))
        y = min(max(y, room.top()), max(room.top(), room.bottom() - self.height()))
        self.move(QPointF(x, y).toPoint())

    def _hide(self) -> None:
        had_focus = self._has_focus()
        self.hide()
        if had_focus:
            self.closed.emit()

    def _focus_first(self) -> None:
        first = self._buttons.itemAt(0)
        button = first.widget() if first is not None else None
        if button is not None:
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _due(self) -> str:
        """Return the card whose problem is to be shown."""
        scene = self._stage.scene
        chosen = [each for each in self._stage.document.selection if each in scene.cards]
        candidates = chosen if len(chosen) == 1 else []
        if not self._has_focus():
            candidates.insert(0, self._hovered)
        if self._node and self.underMouse():
            candidates.insert(0, self._node)
        known = (each for each in candidates if each in scene.cards and each != self._dismissed)
        return next((each for each in known if scene.findings.worst(each) is not None), "")

    def _fill(self, problem: Problem) -> None:
        had_focus = self._has_focus()
        self._headline.setText(problem.title or problem.text)
        self._text.setText(problem.text if problem.title else "")
        self._text.setVisible(bool(problem.title))
        self._details.setText(problem.details)
        self._details.hide()
        while (item := self._buttons.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, repair in enumerate(problem.repairs[:_MOST_REPAIRS]):
            self._buttons.addWidget(self._repair_button(repair, primary=place == 0))
        details = QPushButton("Details", self)
        details.clicked.connect(self._toggle_details)
        self._buttons.addWidget(details)
        self._buttons.addStretch(1)
        self.setAccessibleName(f"Problem: {problem.title or problem.text}")
        self._dress()
        self.setFixedWidth(_WIDTH)
        self._fit()
        if had_focus:
            self._focus_first()

    def _repair_button(self, repair: Repair, primary: bool) -> QPushButton:
        button = QPushButton(repair.title, self)
        if primary:
            button.setProperty("look", "primary")
        button.clicked.connect(lambda: self._stage.document.repair(repair))
        return button

    def _toggle_details(self) -> None:
        if self._shown is None:
            return
        if self._shown.details:
            self._details.setVisible(self._details.isHidden())
            self._fit()
            self.place()
        self.details_wanted.emit(self._shown.path)

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setFixedHeight(layout.heightForWidth(_WIDTH - 2) + 2)

    def _dress(self) -> None:
        theme = current()
        wrong = self._shown is not None and self._shown.severity is Severity.ERROR
        edge = theme.error if wrong else theme.warning
        self.setStyleSheet(
            f"#bubble {{ background: {theme.panel}; border: 1px solid {edge};"
            " border-radius: 10px; }"
        )
