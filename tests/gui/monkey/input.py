"""A hand on mouse and keyboard that acts on whatever window is in front, as a person's would."""

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
    """Sends events to the system's windows; a point is always one of the screen."""

    def __init__(self, main_window: Callable[[], QWidget], rng: Random) -> None:
        """Act on popups and modal dialogs first, else on what `main_window` returns."""
        self._main_window = main_window
        self._rng = rng

    def front_window(self) -> QWidget:
        """Return the window that would get a click now."""
        app = QApplication
        widget = app.activePopupWidget() or app.activeModalWidget() or self._main_window()
        return widget.window()

    def press(self, at: QPoint, button: Qt.MouseButton = LEFT, keys=NO_MODIFIER) -> None:
        self._send_mouse(QTest.mousePress, at, button, keys)

    def release(self, at: QPoint, button: Qt.MouseButton = LEFT, keys=NO_MODIFIER) -> None:
        self._send_mouse(QTest.mouseRelease, at, button, keys)

    def click(self, at: QPoint, button: Qt.MouseButton = LEFT, keys=NO_MODIFIER) -> None:
        self.press(at, button, keys)
        self.release(at, button, keys)

    def double_click(self, at: QPoint) -> None:
        """Click twice; a dialog, which the first click may close, gets two plain clicks."""
        if self._main_window_in_front():
            self._send_mouse(QTest.mouseDClick, at, LEFT, NO_MODIFIER)
        else:
            self.click(at)
            self.click(at)

    def move(self, at: QPoint) -> None:
        front = self.front_window()
        if (window := _window_handle(front)) is not None:
            QTest.mouseMove(window, _window_point(front, at))

    def wheel(self, at: QPoint, delta: QPoint, keys=NO_MODIFIER) -> None:
        front = self.front_window()
        if (window := _window_handle(front)) is not None:
            QTest.wheelEvent(window, QPointF(_window_point(front, at)), delta, QPoint(), keys)

    def key(self, key: Qt.Key, keys=NO_MODIFIER) -> None:
        """Press and let go of a key; the press may close the window that it went to.

        QTest turns the event loop after each event of a combination and sends the next one to the
        window's bare address, alive or not. So a dialog, which may close meanwhile, gets a plain
        key, and the keys of a combination are let go of one by one.
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
        """Return a random point of what is seen of a widget."""
        rect = widget.visibleRegion().boundingRect()
        x = self._rng.randint(rect.left(), max(rect.left(), rect.right()))
        y = self._rng.randint(rect.top(), max(rect.top(), rect.bottom()))
        return widget.mapToGlobal(QPoint(x, y))

    def visible_widgets(self, widget_type: type[QWidget] = QWidget) -> list[QWidget]:
        """Return the widgets of the front window that can be seen and used."""
        widgets = self.front_window().findChildren(widget_type)
        return [
            widget
            for widget in widgets
            if widget.isVisible() and widget.isEnabled() and not widget.visibleRegion().isEmpty()
        ]

    def _main_window_in_front(self) -> bool:
        return self.front_window() is self._main_window().window()

    def _send_mouse(
        self, act: Callable[..., None], at: QPoint, button: Qt.MouseButton, keys
    ) -> None:
        front = self.front_window()
        if (window := _window_handle(front)) is not None:
            _send(window, act, button, keys, _window_point(front, at))


def _send(window: QWindow, act: Callable[..., None], *arguments: object) -> None:
    """Send an event; the window that it went to may be gone when the call returns."""
    try:
        act(window, *arguments)
    except RuntimeError:
        if isValid(window):
            raise


def process_events() -> None:
    """Let the event loop turn once: it also deletes what asked to be deleted later."""
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def drag_over(widget: QWidget, data: QMimeData, points: list[QPoint], *, drop: bool) -> None:
    """Drag `data` from elsewhere over a widget's points, then drop it or leave."""
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


def _window_point(widget: QWidget, at: QPoint) -> QPoint:
    """Return the point in the window's own units, moved to its edge if it lies outside."""
    point, window = widget.mapFromGlobal(at), widget.windowHandle()
    return QPoint(
        max(0, min(point.x(), window.width() - 1)), max(0, min(point.y(), window.height() - 1))
    )
