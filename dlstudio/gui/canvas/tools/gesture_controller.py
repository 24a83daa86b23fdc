"""Runs the active gesture, and scrolls the view when a drag reaches its edge."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Signal

from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers

SCROLL_MARGIN = 28.0
"""Width of the border, in pixels of the view, where a drag scrolls."""
SCROLL_INTERVAL = 16
"""Milliseconds between two scroll steps."""
_MIN_SPEED, _MAX_SPEED, _SPEED_GAIN = 2.0, 26.0, 0.4


class GestureController(QObject):
    """Starts, moves, finishes and cancels one gesture at a time, in view coordinates."""

    drag_changed = Signal(bool)
    """Whether a drag is in progress, as opposed to a press."""

    def __init__(self, context: CanvasContext, parent: QObject) -> None:
        """Start without an active gesture."""
        super().__init__(parent)
        self._context = context
        self.gesture: Gesture | None = None
        self._is_dragging = False
        self._point = QPointF()
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._has_been_inside = False
        self._timer = QTimer(self)
        self._timer.setInterval(SCROLL_INTERVAL)
        self._timer.timeout.connect(self._scroll)

    def begin(self, gesture: Gesture, point: QPointF, modifiers: Modifiers) -> None:
        self.gesture = gesture
        self._has_been_inside = False
        gesture.start(self._context.camera.to_scene(point), modifiers)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        if self.gesture is None:
            return
        self._point, self._modifiers = point, modifiers
        self.gesture.move(self._context.camera.to_scene(point), modifiers)
        self._set_dragging(self.gesture.dragging)
        self._has_been_inside |= not self._overshoot(SCROLL_MARGIN)
        due = self._has_been_inside or self._overshoot(0.0)
        if (
            due
            and self.gesture.auto_scrolls
            and self.gesture.dragging
            and self._overshoot(SCROLL_MARGIN)
        ):
            self._timer.start()
        else:
            self._timer.stop()

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        gesture = self._release()
        if gesture is not None:
            gesture.finish(self._context.camera.to_scene(point), modifiers)
        self._set_dragging(False)

    def cancel(self) -> bool:
        """Cancel the gesture; return False if none is active."""
        gesture = self._release()
        if gesture is not None:
            gesture.cancel()
        self._set_dragging(False)
        return gesture is not None

    def _set_dragging(self, is_dragging: bool) -> None:
        if is_dragging != self._is_dragging:
            self._is_dragging = is_dragging
            self.drag_changed.emit(is_dragging)

    def _release(self) -> Gesture | None:
        self._timer.stop()
        gesture, self.gesture = self.gesture, None
        return gesture

    def _overshoot(self, margin: float) -> QPointF:
        """Return the pointer's offset outside the view's rectangle, inset by `margin`."""
        inner = QRectF(QPointF(), self._context.size).adjusted(margin, margin, -margin, -margin)
        x, y = self._point.x(), self._point.y()
        return QPointF(
            min(0.0, x - inner.left()) + max(0.0, x - inner.right()),
            min(0.0, y - inner.top()) + max(0.0, y - inner.bottom()),
        )

    def _scroll(self) -> None:
        """Scroll one step, and move the gesture with the view."""
        overshoot = self._overshoot(SCROLL_MARGIN)
        step = QPointF(_speed(overshoot.x()), _speed(overshoot.y()))
        if self.gesture is None or step.isNull():
            self._timer.stop()
            return
        self._context.camera.pan(-step)
        self._context.camera_changed.emit()
        self.gesture.move(self._context.camera.to_scene(self._point), self._modifiers)


def _speed(overshoot: float) -> float:
    if not overshoot:
        return 0.0
    pixels = min(_MAX_SPEED, _MIN_SPEED + _SPEED_GAIN * abs(overshoot))
    return pixels if overshoot > 0 else -pixels
