"""The popup at a card with a problem: what is wrong, why, and buttons that fix it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QVBoxLayout, QWidget

from dlstudio.design.model.problems import Problem
from dlstudio.gui.canvas.overlays.fix_buttons import FixButtons
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.style.problem_roles import problem_role
from dlstudio.gui.style.theme import current_theme, theme_changes

_WIDTH_IN_LETTERS = 32
"""Width in multiples of the font's pixel size."""
_VIEW_MARGIN = 8
"""Free pixels at the view's border."""
_CARD_GAP = 26.0
_OWN_CARD_COST = 1000
_BOTTOM_MARGIN = 3
"""Pixels below the last line, so that no descender is clipped."""
_MAX_FIXES = 3
_HOVER_DELAY = 250
_LEAVE_DELAY = 350


class ProblemPopup(QFrame):
    """Shows the worst problem of the selected card, else of the one under the pointer."""

    closed = Signal()
    """The popup was hidden while it had the focus."""
    details_requested = Signal(str)
    """Dotted path of the card whose problem should be explained in full."""

    def __init__(self, context: CanvasContext, parent: QWidget, competing_popup: QWidget) -> None:
        """Start hidden; the popup also stays hidden while `competing_popup` is visible."""
        super().__init__(parent)
        self._container = parent
        self._competing_popup = competing_popup
        self._context = context
        self._node = ""
        self._hovered = ""
        self._suppressed = False
        self._problem: Problem | None = None
        self._dismissed = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        self.setObjectName("problem-popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._headline, self._text, self._details = QLabel(self), QLabel(self), QLabel(self)
        self._headline.setProperty("role", "title")
        self._text.setProperty("role", "muted")
        self._details.setProperty("role", "mono")
        self._fix_buttons = FixButtons(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(6)
        for label in (self._headline, self._text):
            label.setWordWrap(True)
            label.setContentsMargins(0, 0, 0, _BOTTOM_MARGIN)
            column.addWidget(label)
        column.addSpacing(4)
        column.addWidget(self._fix_buttons)
        self._details.setWordWrap(True)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self._details)
        self._apply_theme()
        self.hide()
        theme_changes.changed.connect(self._apply_theme)
        context.scene.changed.connect(self.refresh)
        context.camera_changed.connect(self.reposition)

    def on_card_hovered(self, node_id: str) -> None:
        """Show the problem of the card under the pointer after `_HOVER_DELAY`."""
        self._hovered = node_id
        if node_id:
            self._dismissed = ""
        self._timer.start(_HOVER_DELAY if node_id else _LEAVE_DELAY)

    def dismiss(self) -> bool:
        """Hide until another card is hovered or selected; return False if already hidden."""
        if self.isHidden():
            return False
        self._dismissed = self._node
        self._hide()
        return True

    def focus_fixes(self) -> bool:
        """Focus the first fix button; return False if no problem is shown."""
        self._dismissed = ""
        self.refresh()
        if self.isHidden():
            return False
        self._focus_first()
        return True

    def event(self, event: QEvent) -> bool:
        """Resize when the font size changes."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.resize_to_view()
        return handled

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hide on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def refresh(self) -> None:
        """Show the problem of the current card, or hide."""
        node = self._node_to_show()
        if not node:
            self._node, self._problem = "", None
            self._hide()
            return
        problem = self._context.scene.content.report.worst_problem(node)
        if problem is not self._problem or node != self._node:
            self._node, self._problem = node, problem
            if problem is not None:
                self._set_problem(problem)
        self.reposition()
        self.show()
        self.raise_()

    def reposition(self) -> None:
        """Move beside the card, to where the popup covers the fewest cards."""
        if self._node not in self._context.scene.cards:
            return
        card = self._context.camera.rect_to_view(self._context.scene.cards[self._node].rect)
        bounds = QRectF(self._container.rect()).adjusted(
            _VIEW_MARGIN, _VIEW_MARGIN, -_VIEW_MARGIN, -_VIEW_MARGIN
        )
        size = QSizeF(self.size())
        candidates = [*positions_around_card(card, size), *positions_at_edges(card, size, bounds)]
        positions = [clamp_rect(rect, bounds) for rect in candidates]
        self.move(min(positions, key=self._covered_cards_cost).topLeft().toPoint())

    def resize_to_view(self) -> None:
        """Resize to the content and the view, and reposition."""
        self._resize_to_content()
        self.reposition()

    def suppress(self, suppressed: bool) -> None:
        """Stay hidden during a drag."""
        self._suppressed = suppressed
        self.refresh()

    def _covered_cards_cost(self, rect: QRectF) -> int:
        """Return how many cards `rect` covers; the problem's own card counts most."""
        camera, scene = self._context.camera, self._context.scene
        area = QRectF(camera.to_scene(rect.topLeft()), camera.to_scene(rect.bottomRight()))
        covered = scene.cards_within(area)
        return len(covered) + (_OWN_CARD_COST if self._node in covered else 0)

    def _hide(self) -> None:
        had_focus = self._has_focus()
        self.hide()
        if had_focus:
            self.closed.emit()

    def _focus_first(self) -> None:
        self._fix_buttons.buttons[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _node_to_show(self) -> str:
        """Return the id of the card whose problem to show, or an empty string."""
        if self._suppressed or not self._competing_popup.isHidden():
            return ""
        scene = self._context.scene
        selected = [
            node_id for node_id in self._context.document.selection if node_id in scene.cards
        ]
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
            (
                node_id
                for node_id in eligible
                if scene.content.report.worst_problem(node_id) is not None
            ),
            "",
        )

    def _set_problem(self, problem: Problem) -> None:
        had_focus = self._has_focus()
        self._headline.setText(problem.title or problem.text)
        self._text.setText(problem.text if problem.title else "")
        self._text.setVisible(bool(problem.title))
        self._details.setText(problem.details)
        self._details.hide()
        self._fix_buttons.clear()
        for index, repair in enumerate(problem.repairs[:_MAX_FIXES]):
            button = self._fix_buttons.add(repair.title, "" if index else "primary")
            button.clicked.connect(partial(self._context.document.repair, repair))
        self._fix_buttons.add("Details").clicked.connect(self._toggle_details)
        self.setAccessibleName(f"Problem: {problem.title or problem.text}")
        self._apply_theme()
        self._resize_to_content()
        if had_focus:
            self._focus_first()

    def _toggle_details(self) -> None:
        if self._problem is None:
            return
        if self._problem.details:
            self._details.setVisible(self._details.isHidden())
            self.resize_to_view()
        self.details_requested.emit(self._problem.path)

    def _resize_to_content(self) -> None:
        """Set the size that the texts need in the current font."""
        layout = self.layout()
        if layout is None or self._problem is None:
            return
        for label in (self._headline, self._text, self._details):
            label.ensurePolished()
        self.ensurePolished()
        available = self._container.width() - 2 * _VIEW_MARGIN
        width = min(available, _WIDTH_IN_LETTERS * self._text.fontInfo().pixelSize())
        frame, margins = self.contentsMargins(), layout.contentsMargins()
        inner = width - frame.left() - frame.right()
        self._fix_buttons.arrange(inner - margins.left() - margins.right())
        layout.activate()
        height = layout.heightForWidth(inner) + frame.top() + frame.bottom()
        self.setFixedSize(width, height)

    def _apply_theme(self) -> None:
        theme = current_theme()
        edge = theme.colour(problem_role(self._problem)).name() if self._problem else theme.line
        self.setStyleSheet(
            f"#problem-popup {{ background: {theme.panel}; border: 1px solid {edge};"
            " border-radius: 10px; }"
        )


def positions_around_card(card: QRectF, size: QSizeF) -> list[QRectF]:
    """Return positions for a popup of `size` around a card, in order of preference."""
    centre = card.center().x() - size.width() / 2
    columns = (centre, card.left(), card.right() - size.width())
    rows = (card.top() - _CARD_GAP - size.height(), card.bottom() + _CARD_GAP)
    around = [QPointF(x, y) for x in columns for y in rows]
    middle = card.center().y() - size.height() / 2
    around += [
        QPointF(card.right() + _CARD_GAP, middle),
        QPointF(card.left() - _CARD_GAP - size.width(), middle),
    ]
    return [QRectF(corner, size) for corner in around]


def positions_at_edges(card: QRectF, size: QSizeF, bounds: QRectF) -> list[QRectF]:
    """Return positions at the top and bottom edges of `bounds`: above the card, then corners."""
    top, bottom = bounds.top(), bounds.bottom() - size.height()
    columns = (card.center().x() - size.width() / 2, bounds.right() - size.width(), bounds.left())
    return [QRectF(QPointF(x, y), size) for x in columns for y in (top, bottom)]


def clamp_rect(rect: QRectF, bounds: QRectF) -> QRectF:
    """Move a rectangle into `bounds`; if it is too large, its top left corner is inside."""
    x = min(max(rect.x(), bounds.left()), max(bounds.left(), bounds.right() - rect.width()))
    y = min(max(rect.y(), bounds.top()), max(bounds.top(), bounds.bottom() - rect.height()))
    return QRectF(QPointF(x, y), rect.size())
