"""Pages that take the place of canvas and panels: everything between menu bar and status bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget
from shiboken6 import isValid

_LAYOUT_EVENTS = frozenset({QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show})


class Pages(QStackedWidget):
    """A stack of pages above the window's panels; the panels keep their layout meanwhile.

    Signals:
        page_changed: The page that is shown now, or None for canvas and panels.
    """

    page_changed = Signal(object)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._previous_focus: QWidget | None = None
        self.setProperty("surface", "canvas")
        self.hide()
        window.installEventFilter(self)

    @property
    def current(self) -> QWidget | None:
        """The page that is shown, or None."""
        return None if self.isHidden() else self.currentWidget()

    def show_page(self, page: QWidget) -> None:
        """Show a page in the place of the panels; it stays in the stack until it is deleted."""
        if self.indexOf(page) < 0:
            self.addWidget(page)
        if self.current is None:
            self._previous_focus = self._window.focusWidget()
        self.setCurrentWidget(page)
        self._cover_panels()
        self.show()
        self.raise_()
        page.setFocus()
        self.page_changed.emit(page)

    def close_page(self, page: QWidget | None = None) -> None:
        """Show canvas and panels again, unless another page than `page` is shown."""
        if self.current is None or page not in (None, self.current):
            return
        self.hide()
        previous, self._previous_focus = self._previous_focus, None
        if previous is not None and isValid(previous):
            previous.setFocus()
        self.page_changed.emit(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() in _LAYOUT_EVENTS and not self.isHidden():
            self._cover_panels()
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep the focus on the page: Tab must not reach the panels that it covers."""
        return move_focus_within(self, forward)

    def _cover_panels(self) -> None:
        window = self._window
        menu_bar, status_bar = window.menuBar(), window.statusBar()
        top = 0 if menu_bar.isHidden() else menu_bar.geometry().bottom() + 1
        bottom = window.height() if status_bar.isHidden() else status_bar.geometry().top()
        self.setGeometry(QRect(0, top, window.width(), bottom - top))


def move_focus_within(page: QWidget, forward: bool) -> bool:
    """Move the focus to the next or the previous widget of a page; False if there is no other.

    Qt's `nextInFocusChain` is of no use here: in Python, the widget that it returns belongs to the
    widget before it, and the window and its menus end with the first of these that is deleted.
    """
    reasons = Qt.FocusReason
    reason = reasons.TabFocusReason if forward else reasons.BacktabFocusReason
    current = page.focusWidget()
    order = [widget for widget in page.findChildren(QWidget) if _takes_focus(widget)]
    if not forward:
        order.reverse()
    start = order.index(current) + 1 if current in order else 0
    for candidate in (*order[start:], *order[:start]):
        candidate.setFocus(reason)
        if page.focusWidget() is not current:  # part of a widget may pass the focus back to it
            return True
    return False


def _takes_focus(widget: QWidget) -> bool:
    by_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return by_tab and widget.isVisible() and widget.isEnabled()
