"""The gesture under way; where it reaches the view's edge the view scrolls by itself."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Signal

from dlstudio.gui.canvas.stage import Stage
from dlstudio.gui.canvas.tools.gesture import Gesture, Modifiers

EDGE = 28.0
"""Pixels from the view's border within which it scrolls."""
INTERVAL = 16
"""Milliseconds between two steps."""
_SLOWEST, _FASTEST, _GAIN = 2.0, 26.0, 0.4


class Hand(QObject):
    """Starts, moves, finishes and cancels one gesture at a time; points are the view's."""

    dragging = Signal(bool)
    """Whether something is dragged, as opposed to only pressed."""

    def __init__(self, stage: Stage, parent: QObject) -> None:
        """Act upon a stage with empty hands."""
        super().__init__(parent)
        self._stage = stage
        self.gesture: Gesture | None = None
        self._drags = False
        self._point = QPointF()
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._has_been_inside = False
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self._scroll)

    def take(self, gesture: Gesture, point: QPointF, modifiers: Modifiers) -> None:
        """Begin a gesture."""
        self.gesture = gesture
        self._has_been_inside = False
        gesture.start(self._stage.camera.to_scene(point), modifiers)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Follow the pointer."""
        if self.gesture is None:
            return
        self._point, self._modifiers = point, modifiers
        self.gesture.move(self._stage.camera.to_scene(point), modifiers)
        self._note_drag(self.gesture.dragging)
        self._has_been_inside |= not self._outward(EDGE)
        due = self._has_been_inside or self._outward(0.0)
        if due and self.gesture.scrolls and self.gesture.dragging and self._outward(EDGE):
            self._timer.start()
        else:
            self._timer.stop()

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        """Do what the gesture is for."""
        gesture = self._let_go()
        if gesture is not None:
            gesture.finish(self._stage.camera.to_scene(point), modifiers)
        self._note_drag(False)

    def cancel(self) -> bool:
        """Leave everything as it was; False where no gesture is under way."""
        gesture = self._let_go()
        if gesture is not None:
            gesture.cancel()
        self._note_drag(False)
        return gesture is not None

    def _note_drag(self, drags: bool) -> None:
        if drags != self._drags:
            self._drags = drags
            self.dragging.emit(drags)

    def _let_go(self) -> Gesture | None:
        self._timer.stop()
        gesture, self.gesture = self.gesture, None
        return gesture

    def _outward(self, edge: float) -> QPointF:
        """Return how far the pointer is beyond the view without a border of width `edge`."""
        inner = QRectF(QPointF(), self._stage.size).adjusted(edge, edge, -edge, -edge)
        x, y = self._point.x(), self._point.y()
        return QPointF(
            min(0.0, x - inner.left()) + max(0.0, x - inner.right()),
            min(0.0, y - inner.top()) + max(0.0, y - inner.bottom()),
        )

    def _scroll(self) -> None:
        """Move the view a step, and the gesture with it."""
        overshoot = self._outward(EDGE)
        step = QPointF(_speed(overshoot.x()), _speed(overshoot.y()))
        if self.gesture is None or step.isNull():
            self._timer.stop()
            return
        self._stage.camera.pan(-step)
        self._stage.camera_changed.emit()
        self.gesture.move(self._stage.camera.to_scene(self._point), self._modifiers)


def _speed(beyond: float) -> float:
    if not beyond:
        return 0.0
    pixels = min(_FASTEST, _SLOWEST + _GAIN * abs(beyond))
    return pixels if beyond > 0 else -pixels
