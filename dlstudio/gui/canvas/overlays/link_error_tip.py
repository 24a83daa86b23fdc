"""The red tip at the pointer with the reason a wire is not valid."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.style.theme import current_theme, theme_changes

DISPLAY_MS = 4000
"""Milliseconds the tip stays visible after the wire is released."""
_POINTER_OFFSET = QPoint(16, 20)
_VIEW_MARGIN = 6


class LinkErrorTip(QLabel):
    """Follows the pointer while a wire is over an invalid target; stays for a while after."""

    def __init__(
        self, view: QWidget, context: CanvasContext, is_dragging: Callable[[], bool]
    ) -> None:
        """Start hidden; the tip stays at least as long as `is_dragging` returns True."""
        super().__init__(view)
        self._view = view
        self._context = context
        self._is_dragging = is_dragging
        self._anchor = QPointF()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DISPLAY_MS)
        self._timer.timeout.connect(self._hide_when_idle)
        self.setObjectName("link-error")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._apply_theme()
        self.hide()
        theme_changes.changed.connect(self._apply_theme)
        context.link_rejected.connect(self.show_error)
        context.camera_changed.connect(self._reposition)

    def show_error(self, reason: str, at: QPointF) -> None:
        """Show the reason at a scene point; an empty one hides the tip."""
        if not reason:
            self._timer.stop()
            self.hide()
            return
        self._anchor = QPointF(at)
        self.setText(reason)
        self._reposition()
        self.show()
        self.raise_()
        self._timer.start()

    def _hide_when_idle(self) -> None:
        if self._is_dragging():
            self._timer.start()
        else:
            self.hide()

    def _reposition(self) -> None:
        """Place the tip beside the point, within the view; long reasons are wrapped."""
        bounds = self._view.rect().adjusted(
            _VIEW_MARGIN, _VIEW_MARGIN, -_VIEW_MARGIN, -_VIEW_MARGIN
        )
        self.setWordWrap(False)
        size = self.sizeHint()
        if size.width() > bounds.width():
            self.setWordWrap(True)
            size.setWidth(bounds.width())
            size.setHeight(self.heightForWidth(bounds.width()))
        self.resize(size)
        corner = self._context.camera.to_view(self._anchor).toPoint() + _POINTER_OFFSET
        x = max(bounds.left(), min(corner.x(), bounds.right() - size.width()))
        y = max(bounds.top(), min(corner.y(), bounds.bottom() - size.height()))
        self.move(x, y)

    def _apply_theme(self) -> None:
        theme = current_theme()
        self.setStyleSheet(
            f"#link-error {{ background: {theme.error}; color: {theme.on_accent};"
            " border-radius: 6px; padding: 4px 8px; }"
        )
