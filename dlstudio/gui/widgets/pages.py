"""Pages that take the place of canvas and panels: everything between menu bar and status bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

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
        if self._previous_focus is not None:
            self._previous_focus.setFocus()
            self._previous_focus = None
        self.page_changed.emit(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() in _LAYOUT_EVENTS and not self.isHidden():
            self._cover_panels()
        return super().eventFilter(watched, event)

    def _cover_panels(self) -> None:
        window = self._window
        menu_bar, status_bar = window.menuBar(), window.statusBar()
        top = 0 if menu_bar.isHidden() else menu_bar.geometry().bottom() + 1
        bottom = window.height() if status_bar.isHidden() else status_bar.geometry().top()
        self.setGeometry(QRect(0, top, window.width(), bottom - top))
