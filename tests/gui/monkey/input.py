"""Sends mouse and keyboard input to the front window, as a user would."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QWindow,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
MODIFIERS = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
)

_MODIFIER_KEYS = {
    Qt.KeyboardModifier.ShiftModifier: Qt.Key.Key_Shift,
    Qt.KeyboardModifier.ControlModifier: Qt.Key.Key_Control,
    Qt.KeyboardModifier.AltModifier: Qt.Key.Key_Alt,
}


class InputDevice:
    """Sends events to the front window; points are in screen coordinates."""

    def __init__(self, main_window: Callable[[], QWidget], rng: Random) -> None:
        """`main_window` returns the window to use if no popup or modal dialog is open."""
        self._main_window = main_window
        self._rng = rng

    def front_window(self) -> QWidget:
        """Return the window that would receive a click."""
        app = QApplication
        widget = app.activePopupWidget() or app.activeModalWidget() or self._main_window()
        return widget.window()

    def press(self, position: QPoint, button: Qt.MouseButton = LEFT, keys=NO_MODIFIER) -> None:
        self._send_mouse(QTest.mousePress, position, button, keys)

    def release(self, position: QPoint, button: Qt.MouseButton = LEFT, keys=NO_MODIFIER) -> None:
        self._send_mouse(QTest.mouseRelease, position, button, keys)

    def click(self, position: QPoint, button: Qt.MouseButton = LEFT, keys=NO_MODIFIER) -> None:
        self.press(position, button, keys)
        self.release(position, button, keys)

    def double_click(self, position: QPoint) -> None:
        """Double-click; send two clicks to a dialog, because the first may close it."""
        if self._main_window_in_front():
            self._send_mouse(QTest.mouseDClick, position, LEFT, NO_MODIFIER)
        else:
            self.click(position)
            self.click(position)

    def move(self, position: QPoint) -> None:
        front = self.front_window()
        if (window := _window_handle(front)) is not None:
            QTest.mouseMove(window, _window_point(front, position))

    def wheel(self, position: QPoint, delta: QPoint, keys=NO_MODIFIER) -> None:
        front = self.front_window()
        if (window := _window_handle(front)) is not None:
            QTest.wheelEvent(window, QPointF(_window_point(front, position)), delta, QPoint(), keys)

    def key(self, key: Qt.Key, keys=NO_MODIFIER) -> None:
        """Press and release a key; the press may close the window that receives it.

        QTest runs the event loop after each event of a combination and sends the next one to the
        same window pointer, even if the window was deleted. So a dialog, which may close meanwhile,
        gets no modifiers, and the keys of a combination are released one by one.
        """
        if not self._main_window_in_front():
            keys = NO_MODIFIER
        if (window := _window_handle(self.front_window())) is not None:
            _send(window, QTest.keyPress, key, keys)
        for released in (
            key,
            *(modifier_key for modifier, modifier_key in _MODIFIER_KEYS.items() if modifier & keys),
        ):
            if (window := _window_handle(self.front_window())) is not None:
                _send(window, QTest.keyRelease, released, NO_MODIFIER)

    def random_point_in(self, widget: QWidget) -> QPoint:
        """Return a random point of the visible region of a widget."""
        rect = widget.visibleRegion().boundingRect()
        x = self._rng.randint(rect.left(), max(rect.left(), rect.right()))
        y = self._rng.randint(rect.top(), max(rect.top(), rect.bottom()))
        return widget.mapToGlobal(QPoint(x, y))

    def visible_widgets(self, widget_type: type[QWidget] = QWidget) -> list[QWidget]:
        """Return the visible, enabled widgets of the front window."""
        widgets = self.front_window().findChildren(widget_type)
        return [
            widget
            for widget in widgets
            if widget.isVisible() and widget.isEnabled() and not widget.visibleRegion().isEmpty()
        ]

    def _main_window_in_front(self) -> bool:
        return self.front_window() is self._main_window().window()

    def _send_mouse(
        self, send_event: Callable[..., None], position: QPoint, button: Qt.MouseButton, keys
    ) -> None:
        front = self.front_window()
        if (window := _window_handle(front)) is not None:
            _send(window, send_event, button, keys, _window_point(front, position))


def _send(window: QWindow, send_event: Callable[..., None], *arguments: object) -> None:
    """Send an event; the window may be deleted when the call returns."""
    try:
        send_event(window, *arguments)
    except RuntimeError:
        if isValid(window):
            raise


def process_events() -> None:
    """Run the event loop once, including deferred deletions."""
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def drag_over(widget: QWidget, data: QMimeData, points: list[QPoint], *, drop: bool) -> None:
    """Drag `data` over points of a widget, then drop it or leave the widget."""
    event_arguments = (Qt.DropAction.CopyAction, data, LEFT, NO_MODIFIER)
    QApplication.sendEvent(widget, QDragEnterEvent(points[0], *event_arguments))
    for point in points[1:]:
        QApplication.sendEvent(widget, QDragMoveEvent(point, *event_arguments))
    if drop:
        QApplication.sendEvent(widget, QDropEvent(QPointF(points[-1]), *event_arguments))
    else:
        QApplication.sendEvent(widget, QDragLeaveEvent())


def _window_handle(widget: QWidget) -> QWindow | None:
    window = widget.windowHandle() if widget.isVisible() else None
    return window if window is not None and isValid(window) else None


def _window_point(widget: QWidget, position: QPoint) -> QPoint:
    """Return the point in window coordinates, clamped to the window."""
    point, window = widget.mapFromGlobal(position), widget.windowHandle()
    return QPoint(
        max(0, min(point.x(), window.width() - 1)), max(0, min(point.y(), window.height() - 1))
    )
