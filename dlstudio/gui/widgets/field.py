"""One-line form fields: a number with step buttons and a menu, and an on/off field."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from dlstudio.gui.style.icons import pixmap
from dlstudio.gui.style.theme import current_theme

_UNDO, _REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
_BUTTON_WIDTH = 22
"""Width in pixels of the step and menu buttons on the right."""
_TEXT_START = 11
"""Left edge of the text in pixels: border, padding and Qt's own margin."""


class UndoAwareLineEdit(QLineEdit):
    """A line edit that leaves undo and redo to the document unless it holds uncommitted text."""

    def __init__(self) -> None:
        super().__init__()
        self._committed_text = ""

    @property
    def is_editing(self) -> bool:
        """Whether the text differs from the one set last."""
        return self.text() != self._committed_text

    def setText(self, text: str | None) -> None:
        """Set a text that counts as committed."""
        self._committed_text = text or ""
        super().setText(text)

    def event(self, event: QEvent) -> bool:
        """Pass the undo and redo shortcuts to the window."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and not self.is_editing
            and (event.matches(_UNDO) or event.matches(_REDO))
        ):
            event.ignore()
            return False
        return super().event(event)


class StepField(UndoAwareLineEdit):
    """A line edit with step buttons and a menu button."""

    committed = Signal()
    stepped = Signal(int)
    """Number of steps: +1 or −1, ten times as many with Shift."""
    menu_requested = Signal()

    def __init__(self, *, has_steps: bool = False, has_menu: bool = False) -> None:
        """`has_steps` and `has_menu` select the buttons on the right."""
        super().__init__()
        self._has_steps = has_steps
        self._has_menu = has_menu
        self.suffix = ""
        """Muted text after the value, such as `= 10`; hidden if it does not fit."""
        self.is_linked = False
        """Whether the value is a reference."""
        self.returnPressed.connect(self.committed)
        self._update_margins()

    def set_menu_enabled(self, enabled: bool) -> None:
        """Show or hide the menu button."""
        self._has_menu = enabled
        self._update_margins()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit the text."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.committed.emit()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the menu button."""
        super().focusInEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrow keys; Alt + Down opens the menu."""
        down = event.key() == Qt.Key.Key_Down
        if self._has_menu and down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.menu_requested.emit()
        elif self._has_steps and (down or event.key() == Qt.Key.Key_Up):
            self._step(-1 if down else 1, event.modifiers())
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step only with focus, so that scrolling a form never changes a value."""
        if self._has_steps and self.hasFocus() and event.angleDelta().y():
            self._step(1 if event.angleDelta().y() > 0 else -1, event.modifiers())
            event.accept()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Step or open the menu if one of the buttons was pressed."""
        position = event.position()
        if self._has_steps and self._steps_rect().contains(position):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._step(1 if position.y() < self.height() / 2 else -1, event.modifiers())
        elif self._has_menu and self._menu_rect().contains(position):
            self.menu_requested.emit()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the arrow cursor over the buttons and the text cursor elsewhere."""
        over_buttons = event.position().x() > self.width() - self.textMargins().right() - 6
        self.setCursor(Qt.CursorShape.ArrowCursor if over_buttons else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the buttons and the suffix over the field."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        if self._has_steps:
            painter.setPen(QPen(theme.colour("muted"), 1.3))
            _draw_steps(painter, self._steps_rect().center())
        if self._has_menu and (self.is_linked or self.hasFocus() or self.underMouse()):
            colour = theme.accent_text if self.is_linked else theme.muted
            link_icon = pixmap("link", 13, colour, self.devicePixelRatioF())
            centre = self._menu_rect().center()
            painter.drawPixmap(QPointF(centre.x() - 6.5, centre.y() - 6.5), link_icon)
        suffix_rect = self.rect().adjusted(0, 0, -self.textMargins().right() - 11, 0)
        if self.suffix and self._text_end() + self._text_width(self.suffix) < suffix_rect.right():
            painter.setPen(theme.colour("muted"))
            painter.drawText(
                suffix_rect,
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                self.suffix,
            )
        painter.end()

    def _text_end(self) -> int:
        """Return the right edge of the text including a space, in pixels."""
        return _TEXT_START + self._text_width(f"{self.text()} ")

    def _text_width(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)

    def _step(self, direction: int, modifiers: Qt.KeyboardModifier) -> None:
        large = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        self.stepped.emit(direction * (10 if large else 1))

    def _steps_rect(self) -> QRectF:
        return QRectF(self.width() - _BUTTON_WIDTH, 0, _BUTTON_WIDTH, self.height())

    def _menu_rect(self) -> QRectF:
        right = self.width() - (_BUTTON_WIDTH if self._has_steps else 2)
        return QRectF(right - _BUTTON_WIDTH + 2, 0, _BUTTON_WIDTH - 2, self.height())

    def _update_margins(self) -> None:
        right_margin = (_BUTTON_WIDTH - 6 if self._has_steps else 0) + (
            _BUTTON_WIDTH - 4 if self._has_menu else 0
        )
        self.setTextMargins(0, 0, right_margin, 0)


class ToggleField(QWidget):
    """A field that shows on or off; a click, Space or Enter toggles it."""

    toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.is_on = False
        self.is_mixed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumHeight(28)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._toggle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._toggle()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(theme.colour("accent" if self.hasFocus() else "line"))
        painter.setBrush(theme.colour("field"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(theme.colour("text" if self.isEnabled() else "muted"))
        text = "—" if self.is_mixed else ("on" if self.is_on else "off")
        painter.drawText(box.adjusted(11, 0, -24, 0), Qt.AlignmentFlag.AlignVCenter, text)
        self._draw_dot(painter, QPointF(box.right() - 13, box.center().y()))
        painter.end()

    def _draw_dot(self, painter: QPainter, centre: QPointF) -> None:
        theme = current_theme()
        filled = self.is_on and not self.is_mixed
        painter.setPen(QPen(theme.colour("accent" if filled else "muted"), 1.4))
        painter.setBrush(theme.colour("accent") if filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, 4.5, 4.5)

    def _toggle(self) -> None:
        self.is_on = not self.is_on
        self.is_mixed = False
        self.update()
        self.toggled.emit(self.is_on)


def _draw_steps(painter: QPainter, centre: QPointF) -> None:
    for direction in (-1, 1):
        tip = QPointF(centre.x(), centre.y() + direction * 6)
        base = tip.y() - direction * 3
        painter.drawPolyline([QPointF(tip.x() - 3, base), tip, QPointF(tip.x() + 3, base)])
