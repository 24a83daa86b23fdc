"""The bubble above a card with a problem: what is wrong, why, and a button that mends it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QVBoxLayout, QWidget

from dlstudio.design.problems import Problem, Severity
from dlstudio.gui.canvas.remedies import Remedies
from dlstudio.gui.canvas.stage import Stage
from dlstudio.gui.theme import current, theme_changes

_WIDTH = 32
"""Width in heights of a letter."""
_EDGE = 8
"""Pixels that stay free at the view's border."""
_GAP = 26.0
_OWN_CARD = 1000
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

    def __init__(self, stage: Stage, parent: QWidget, rival: QWidget) -> None:
        """Stay hidden while nothing is wrong, and while `rival` is there."""
        super().__init__(parent)
        self._ground = parent
        self._rival = rival
        self._stage = stage
        self._node = ""
        self._hovered = ""
        self._held = False
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
        self._remedies = Remedies(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(6)
        for label in (self._headline, self._text):
            label.setWordWrap(True)
            label.setContentsMargins(0, 0, 0, _DESCENT)
            column.addWidget(label)
        column.addSpacing(4)
        column.addWidget(self._remedies)
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

    def event(self, event: QEvent) -> bool:
        """Grow with the size of type."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit()
        return handled

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
        """Stand above or below the card, or further off where fewer cards are covered."""
        if self._node not in self._stage.scene.cards:
            return
        card = self._stage.camera.rect_to_view(self._stage.scene.cards[self._node].rect)
        bounds = QRectF(self._ground.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        size = QSizeF(self.size())
        candidates = [*spots_around(card, size), *spots_at_edges(card, size, bounds)]
        spots = [inside(spot, bounds) for spot in candidates]
        self.move(min(spots, key=self._cost).topLeft().toPoint())

    def fit(self) -> None:
        """Take the size that words and view ask for, and stand where it is best."""
        self._fit()
        self.place()

    def hold_back(self, held: bool) -> None:
        """Stay hidden while something is dragged."""
        self._held = held
        self.refresh()

    def _cost(self, spot: QRectF) -> int:
        """Return how many cards a place covers; the bubble's own card counts most."""
        camera, scene = self._stage.camera, self._stage.scene
        area = QRectF(camera.to_scene(spot.topLeft()), camera.to_scene(spot.bottomRight()))
        covered = scene.cards_within(area)
        return len(covered) + (_OWN_CARD if self._node in covered else 0)

    def _hide(self) -> None:
        had_focus = self._has_focus()
        self.hide()
        if had_focus:
            self.closed.emit()

    def _focus_first(self) -> None:
        self._remedies.buttons[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _due(self) -> str:
        """Return the card whose problem is to be shown."""
        if self._held or not self._rival.isHidden():
            return ""
        scene = self._stage.scene
        selected = [node_id for node_id in self._stage.document.selection if node_id in scene.cards]
        candidates = selected if len(selected) == 1 else []
        if not self._has_focus():
            candidates.insert(0, self._hovered)
        if self._node and self.underMouse():
            candidates.insert(0, self._node)
        eligible = (
            node_id
            for node_id in candidates
            if node_id in scene.cards and node_id != self._dismissed
        )
        return next(
            (node_id for node_id in eligible if scene.findings.worst(node_id) is not None), ""
        )

    def _fill(self, problem: Problem) -> None:
        had_focus = self._has_focus()
        self._headline.setText(problem.title or problem.text)
        self._text.setText(problem.text if problem.title else "")
        self._text.setVisible(bool(problem.title))
        self._details.setText(problem.details)
        self._details.hide()
        self._remedies.clear()
        for place, repair in enumerate(problem.repairs[:_MOST_REPAIRS]):
            button = self._remedies.add(repair.title, "" if place else "primary")
            button.clicked.connect(partial(self._stage.document.repair, repair))
        self._remedies.add("Details").clicked.connect(self._toggle_details)
        self.setAccessibleName(f"Problem: {problem.title or problem.text}")
        self._dress()
        self._fit()
        if had_focus:
            self._focus_first()

    def _toggle_details(self) -> None:
        if self._shown is None:
            return
        if self._shown.details:
            self._details.setVisible(self._details.isHidden())
            self.fit()
        self.details_wanted.emit(self._shown.path)

    def _fit(self) -> None:
        """Take the size that the words need in the present type."""
        layout = self.layout()
        if layout is None or self._shown is None:
            return
        for label in (self._headline, self._text, self._details):
            label.ensurePolished()
        self.ensurePolished()
        available = self._ground.width() - 2 * _EDGE
        width = min(available, _WIDTH * self._text.fontInfo().pixelSize())
        frame, margins = self.contentsMargins(), layout.contentsMargins()
        inner = width - frame.left() - frame.right()
        self._remedies.arrange(inner - margins.left() - margins.right())
        layout.activate()
        height = layout.heightForWidth(inner) + frame.top() + frame.bottom()
        self.setFixedSize(width, height)

    def _dress(self) -> None:
        theme = current()
        is_error = self._shown is not None and self._shown.severity is Severity.ERROR
        edge = theme.error if is_error else theme.warning
        self.setStyleSheet(
            f"#bubble {{ background: {theme.panel}; border: 1px solid {edge};"
            " border-radius: 10px; }"
        )


def spots_around(card: QRectF, size: QSizeF) -> list[QRectF]:
    """Return places for a bubble of `size` around a card, the most usual first."""
    centre = card.center().x() - size.width() / 2
    columns = (centre, card.left(), card.right() - size.width())
    rows = (card.top() - _GAP - size.height(), card.bottom() + _GAP)
    around = [QPointF(x, y) for x in columns for y in rows]
    middle = card.center().y() - size.height() / 2
    around += [
        QPointF(card.right() + _GAP, middle),
        QPointF(card.left() - _GAP - size.width(), middle),
    ]
    return [QRectF(corner, size) for corner in around]


def spots_at_edges(card: QRectF, size: QSizeF, room: QRectF) -> list[QRectF]:
    """Return places over and under the card at the room's edges, then the room's corners."""
    top, bottom = room.top(), room.bottom() - size.height()
    columns = (card.center().x() - size.width() / 2, room.right() - size.width(), room.left())
    return [QRectF(QPointF(x, y), size) for x in columns for y in (top, bottom)]


def inside(spot: QRectF, room: QRectF) -> QRectF:
    """Return a place moved into the room; its top left corner is inside in any case."""
    x = min(max(spot.x(), room.left()), max(room.left(), room.right() - spot.width()))
    y = min(max(spot.y(), room.top()), max(room.top(), room.bottom() - spot.height()))
    return QRectF(QPointF(x, y), spot.size())
