"""Labels, buttons and cards in the roles and looks of the style sheet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QDynamicPropertyChangeEvent, QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import current_theme, theme_changes


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label in a role of the style sheet, such as `muted`."""
    widget = QLabel(text)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    widget.setWordWrap(wrap)
    if role:
        widget.setProperty("role", role)
    return widget


def placeholder_label(text: str = "") -> QLabel:
    """Return the wrapped text in the middle of a panel that has nothing to show."""
    widget = label(text, "muted", wrap=True)
    widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return widget


def has_focus(widget: QWidget) -> bool:
    """Whether keys go to a widget now, or when its window is active again."""
    return widget.window().focusWidget() is widget


def pass_focus(source: QWidget, *targets: QWidget) -> None:
    """Move the focus of a widget that is about to be disabled or hidden to a usable target.

    Qt would move it to the next widget in the tab order, whatever that does.

    Args:
        source: The widget; nothing happens if it does not have the focus.
        targets: Where the focus may go, best first.
    """
    if has_focus(source):
        usable = (target for target in targets if target.isEnabled() and not target.isHidden())
        target = next(usable, None)
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)


class ElidedLabel(QLabel):
    """A label that shows the longest of several texts that fits; the tooltip holds the full text.

    The shortest text is elided with “…” if it does not fit either.
    """

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self._texts: tuple[str, ...] = ("",)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)

    def setText(self, text: str) -> None:
        self.set_texts(text)

    def set_texts(self, *texts: str) -> None:
        """Set alternative texts, longest first; the first that fits is shown."""
        self._texts = texts
        super().setText(texts[0])
        self.setToolTip(texts[0])

    @property
    def visible_text(self) -> str:
        """The text that is shown at the current width."""
        metrics, width = self.fontMetrics(), self.contentsRect().width()
        fitting_texts = (text for text in self._texts if metrics.horizontalAdvance(text) <= width)
        elided = metrics.elidedText(self._texts[-1], Qt.TextElideMode.ElideRight, width)
        return next(fitting_texts, elided)

    def minimumSizeHint(self) -> QSize:
        """Return a small width, so that the label can shrink."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.style().drawItemText(
            painter, self.contentsRect(), self.alignment(), self.palette(), self.isEnabled(),
            self.visible_text, self.foregroundRole(),
        )  # fmt: skip
        painter.end()


class ShrinkingButton(QPushButton):
    """A button whose text wraps if it does not fit; a single word that is too long is elided."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._line_count = 1
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the width of the text in one line, and the height of all its lines."""
        hint = super().sizeHint()
        return QSize(hint.width(), self._height(self._line_count))

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines of the text in `width` pixels."""
        return self._height(len(self.lines(width)))

    def minimumSizeHint(self) -> QSize:
        """Return a small width, so that the button can shrink."""
        return QSize(48, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Count the lines at the new width."""
        super().resizeEvent(event)
        count = len(self.lines(self.width()))
        if count != self._line_count:
            self._line_count = count
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the button with its text in as many lines as needed."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = "\n".join(self.lines(self.width()))
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.end()

    def lines(self, width: int) -> list[str]:
        """Return the text in lines that fit into a button of `width` pixels."""
        metrics = self.fontMetrics()
        padding = super().sizeHint().width() - metrics.horizontalAdvance(self.text())
        room = max(width - padding, 1)
        lines: list[str] = []
        for word in self.text().split(" "):
            joined = f"{lines[-1]} {word}" if lines else word
            if lines and metrics.horizontalAdvance(joined) <= room:
                lines[-1] = joined
            elif metrics.horizontalAdvance(word) <= room:
                lines.append(word)
            else:
                lines.append(metrics.elidedText(word, Qt.TextElideMode.ElideRight, room))
        return lines

    def _height(self, line_count: int) -> int:
        more_lines = (line_count - 1) * self.fontMetrics().lineSpacing()
        return super().sizeHint().height() + more_lines


def button(
    text: str,
    on_clicked: Callable[[], object],
    *,
    look: str = "",
    icon_name: str = "",
    tip: str = "",
) -> QPushButton:
    """Return a push button in a look of the style sheet, such as `primary`."""
    widget = _IconButton(text, icon_name) if icon_name else QPushButton(text)
    widget.clicked.connect(lambda _checked=False: on_clicked())
    widget.setToolTip(tip)
    if look:
        widget.setProperty("look", look)
    return widget


class _IconButton(QPushButton):
    """A push button whose icon follows the theme and the look."""

    def __init__(self, text: str, icon_name: str) -> None:
        super().__init__(text)
        self._icon_name = icon_name
        theme_changes.changed.connect(self._apply_theme)
        self._apply_theme()

    def event(self, event: QEvent) -> bool:
        """Follow a change of the look."""
        if isinstance(event, QDynamicPropertyChangeEvent):
            self._apply_theme()
        return super().event(event)

    def _apply_theme(self) -> None:
        is_primary = self.property("look") == "primary"
        self.setIcon(icon(self._icon_name, current_theme().on_accent if is_primary else None))


def set_style_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet uses, and restyle the widget if it changed."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def card() -> tuple[QFrame, QVBoxLayout]:
    """Return a raised frame and its layout."""
    frame = QFrame()
    frame.setProperty("surface", "card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(10, 8, 10, 8)
    layout.setSpacing(6)
    return frame, layout


def clear_layout(layout: QLayout) -> None:
    """Remove all widgets from a layout and delete them later.

    A widget keeps its parent until then: it may be the one whose signal is being handled.
    """
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
