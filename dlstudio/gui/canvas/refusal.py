"""The small red tag at the pointer that says why a wire may not be drawn."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtWidgets import QLabel

from dlstudio.gui.canvas.view import CanvasView
from dlstudio.gui.theme import current, theme_changes

STAYS = 4000
"""Milliseconds for which the tag is still there after the wire was let go."""
_BESIDE = QPoint(16, 20)
_EDGE = 6


class RefusalTag(QLabel):
    """Stays beside the pointer while a wire is led to where it may not go, and a while after."""

    def __init__(self, view: CanvasView) -> None:
        """Stay hidden until a wire is refused."""
        super().__init__(view)
        self._view = view
        self._at = QPointF()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS)
        self._timer.timeout.connect(self._leave)
        self.setObjectName("refusal")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._dress()
        self.hide()
        theme_changes.changed.connect(self._dress)
        view.stage.refused.connect(self.say)
        view.stage.camera_changed.connect(self._place)

    def say(self, reason: str, at: QPointF) -> None:
        """Show the reason at a point of the scene; an empty one takes the tag away."""
        if not reason:
            self._timer.stop()
            self.hide()
            return
        self._at = QPointF(at)
        self.setText(reason)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def _leave(self) -> None:
        if self._view.gesture is not None:
            self._timer.start()
        else:
            self.hide()

    def _place(self) -> None:
        """Stand beside the point, within the view; long reasons take several lines."""
        bounds = self._view.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        self.setWordWrap(False)
        size = self.sizeHint()
        if size.width() > bounds.width():
            self.setWordWrap(True)
            size.setWidth(bounds.width())
            size.setHeight(self.heightForWidth(bounds.width()))
        self.resize(size)
        corner = self._view.stage.camera.to_view(self._at).toPoint() + _BESIDE
        x = max(bounds.left(), min(corner.x(), bounds.right() - size.width()))
        y = max(bounds.top(), min(corner.y(), bounds.bottom() - size.height()))
        self.move(x, y)

    def _dress(self) -> None:
        theme = current()
        self.setStyleSheet(
            f"#refusal {{ background: {theme.error}; color: {theme.on_accent};"
            " border-radius: 6px; padding: 4px 8px; }"
        )
