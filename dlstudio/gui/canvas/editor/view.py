"""The widget that paints the scene and passes mouse and key events to gestures and commands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from dlstudio.gui.canvas.editor.key_handling import handle_key
from dlstudio.gui.canvas.editor.scrolling import is_from_touchpad, scroll_distance
from dlstudio.gui.canvas.model.insertable_items import KIND_MIME, find_item
from dlstudio.gui.canvas.paint.canvas_style import current_style
from dlstudio.gui.canvas.paint.frame import FramePainter
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext, SearchRequest
from dlstudio.gui.canvas.scene.hit_test import card_at, note_at, port_at, wire_at
from dlstudio.gui.canvas.tools.gesture import Gesture
from dlstudio.gui.canvas.tools.gesture_controller import GestureController
from dlstudio.gui.canvas.tools.gesture_factory import MIN_LINK_SCALE, create_gesture
from dlstudio.gui.canvas.tools.place import Place
from dlstudio.gui.style.theme import theme_changes

_ZOOM_STEP = 1.0015


class CanvasView(QWidget):
    """Paints frames; turns presses, drags and drops into gestures."""

    card_activated = Signal(str)
    hovered = Signal(str)
    """Id of the card under the pointer, or an empty string."""
    menu_requested = Signal(QPoint, QPointF)
    """The position of a requested context menu in global and in scene coordinates."""
    resized = Signal()
    drag_changed = Signal(bool)
    """Whether a drag is in progress."""

    def __init__(self, context: CanvasContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._frame = FramePainter(context.scene, context.camera)
        self._gesture_controller = GestureController(context, self)
        self._gesture_controller.drag_changed.connect(self.drag_changed)
        self._is_space_held = False
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self.setAccessibleName("Network canvas")
        context.repaint_requested.connect(self.update)
        context.camera_changed.connect(self.update)
        context.scene.changed.connect(self.update)
        theme_changes.changed.connect(self._apply_theme)
        for changed in (context.document.project_changed, context.document.scope_changed):
            changed.connect(self._cancel_stale_gesture)

    @property
    def gesture(self) -> Gesture | None:
        """The active gesture, if any."""
        return self._gesture_controller.gesture

    def cancel_gesture(self) -> bool:
        """Cancel the active gesture; return False if there is none."""
        cancelled = self._gesture_controller.cancel()
        if cancelled:
            self.unsetCursor()
            self.update()
        return cancelled

    def zoom(self, factor: float, anchor: QPointF | None = None) -> None:
        """Scale the view by `factor` about `anchor` (view coordinates; default: the centre)."""
        centre = QPointF(self.width() / 2, self.height() / 2)
        self.context.camera.zoom(factor, centre if anchor is None else anchor)
        self.context.camera_changed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a frame and the active gesture over it."""
        painter = QPainter(self)
        self._frame.paint(painter, QSizeF(self.size()), current_style(), self.context.highlight)
        if self.gesture is not None:
            self.gesture.paint(painter)
        painter.end()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self.context.size = QSizeF(self.size())
        self.resized.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a gesture; a press during one cancels it."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self.cancel_gesture():
            return
        at, modifiers = self._scene_point(event), event.modifiers()
        gesture = create_gesture(
            self.context, at, event.button(), modifiers, space_held=self._is_space_held
        )
        if gesture is not None:
            self._gesture_controller.begin(gesture, event.position(), modifiers)
            self.setCursor(gesture.cursor)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the active gesture, or update the highlight under the pointer."""
        at = self._scene_point(event)
        self.context.pointer = at
        if self.gesture is not None:
            self._gesture_controller.move(event.position(), event.modifiers())
        else:
            self._hover(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.gesture is not None:
            self.unsetCursor()
            self._gesture_controller.finish(event.position(), event.modifiers())
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a block, inspect a card, edit a note, or open the search box."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self.cancel_gesture()
        at, scene = self._scene_point(event), self.context.scene
        card, note = card_at(scene, at), note_at(scene, at)
        wire = wire_at(scene, at, self.context.camera.scale)
        if card:
            self.context.document.set_selection({card})
            self.card_activated.emit(card)
        elif wire:
            self.context.search_requested.emit(SearchRequest(at, wire=wire))
        elif note:
            self.context.note_editor_requested.emit(note)
        else:
            self.context.search_requested.emit(SearchRequest(at))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Request the menu at the pointer, or at the centre if opened by the keyboard."""
        if self.gesture is not None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return
        point = QPointF(event.pos())
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            point = QPointF(self.width() / 2, self.height() / 2)
        self.menu_requested.emit(event.globalPos(), self.context.camera.to_scene(point))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with a wheel; pan with a touchpad."""
        zooming = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._pan(QPointF(event.angleDelta().y() or event.angleDelta().x(), 0) / 2)
        elif is_from_touchpad(event) and not zooming:
            self._pan(scroll_distance(event))
        else:
            self.zoom(_ZOOM_STEP ** event.angleDelta().y(), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Zoom by pinching."""
        if isinstance(event, QNativeGestureEvent) and (
            event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom(1.0 + event.value(), event.position())
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cancel the gesture with Esc, start panning with Space, or handle another key."""
        if event.key() == Qt.Key.Key_Escape and self.cancel_gesture():
            return
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat() and self.gesture is None:
                self._is_space_held = True
                self.setCursor(Qt.CursorShape.OpenHandCursor)
            return
        if not handle_key(self.context, event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End panning with Space."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._release_space()
        else:
            super().keyReleaseEvent(event)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Keep Tab for the search box; Shift+Tab leaves the canvas."""
        return False if forwards else super().focusNextPrevChild(forwards)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End panning: the release of Space would go to another widget."""
        self._release_space()
        super().focusOutEvent(event)

    def leaveEvent(self, _event: QEvent) -> None:
        self.context.pointer = None
        if self.gesture is None:
            self._set_highlight("", "")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept layers and blocks from the palette."""
        data = event.mimeData()
        if not data.hasFormat(KIND_MIME):
            event.ignore()
            return
        token = bytes(data.data(KIND_MIME).data()).decode("utf-8", errors="replace")
        item = find_item(self.context.project, token, self.context.scope)
        if item is None:
            event.ignore()
            return
        self.cancel_gesture()
        self._gesture_controller.begin(
            Place(self.context, item), event.position(), event.modifiers()
        )
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self.gesture is not None:
            self._gesture_controller.move(event.position(), event.modifiers())
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.cancel_gesture()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.gesture is not None:
            self._gesture_controller.finish(event.position(), event.modifiers())
            event.acceptProposedAction()
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.update()

    def _scene_point(self, event: QMouseEvent | QDropEvent) -> QPointF:
        return self.context.camera.to_scene(event.position())

    def _pan(self, offset: QPointF) -> None:
        self.context.camera.pan(offset)
        self.context.camera_changed.emit()

    def _hover(self, at: QPointF) -> None:
        scene, scale = self.context.scene, self.context.camera.scale
        port = port_at(scene, at, scale) if scale >= MIN_LINK_SCALE else None
        card = card_at(scene, at)
        wire = "" if card or port else wire_at(scene, at, scale)
        if port is not None:
            self.setCursor(Qt.CursorShape.CrossCursor)
        elif not self._is_space_held:
            self.unsetCursor()
        self._set_highlight(card, wire)

    def _set_highlight(self, card: str, wire: str) -> None:
        highlight = self.context.highlight
        if (highlight.card, highlight.wire) != (card, wire):
            changed = highlight.card != card
            highlight.card, highlight.wire = card, wire
            self.update()
            if changed:
                self.hovered.emit(card)

    def _release_space(self) -> None:
        if self._is_space_held:
            self._is_space_held = False
            self.unsetCursor()

    def _cancel_stale_gesture(self, _what: object) -> None:
        """Cancel the gesture if the network changed below it: an undo, a paste or a fix."""
        if self.gesture is not None and self.gesture.is_stale:
            self.cancel_gesture()

    def _apply_theme(self) -> None:
        self.update()
