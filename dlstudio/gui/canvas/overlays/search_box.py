"""The search box at the pointer that finds layers and blocks and adds them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.gui.actions.action_table import action_title
from dlstudio.gui.canvas.model.insertable_items import InsertableItem, fits_port, insertable_items
from dlstudio.gui.canvas.model.suggestions import Suggestion, suggestions
from dlstudio.gui.canvas.overlays.fuzzy import score
from dlstudio.gui.canvas.overlays.shortcut_override import accept_shortcut_override
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext, SearchRequest
from dlstudio.gui.canvas.scene.search_place import place_for
from dlstudio.gui.style.theme import current_theme

_WIDTH = 340
_MAX_ROWS = 8
_ITEM_ROLE = Qt.ItemDataRole.UserRole
_REASON_ROLE = Qt.ItemDataRole.UserRole + 1


class SearchBox(QFrame):
    """A text field above a list: arrows choose, Enter adds, Esc closes."""

    item_chosen = Signal(object, object)
    """The `InsertableItem` and the `SearchRequest` it answers."""
    closed = Signal()

    def __init__(self, context: CanvasContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._container = parent
        self._context = context
        self._request: SearchRequest | None = None
        self._suggestions: list[Suggestion] = []
        self.setProperty("surface", "card")
        self.setAccessibleName(action_title("add-layer"))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Search layers…")
        self.field.setAccessibleName("Search layers")
        self.results = QListWidget(self)
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setAccessibleName("Search results")
        self._hint = QLabel(self)
        self._hint.setProperty("role", "small")
        self._hint.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for widget in (self.field, self.results, self._hint):
            column.addWidget(widget)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.results.currentRowChanged.connect(lambda _row: self._show_hint())
        self.results.itemClicked.connect(lambda _item: self._accept())
        self.hide()

    def open(self, request: SearchRequest, at: QPoint) -> None:
        """Show the empty box at a point of the view."""
        self._request = request
        self._suggestions = suggestions(self._candidates(), place_for(self._context, request))
        self.field.clear()
        self._search("")
        self.setFixedWidth(_WIDTH)
        self.adjustSize()
        bounds = self._container.rect().adjusted(8, 8, -8, -8)
        x = min(at.x(), bounds.right() - self.width())
        y = min(at.y(), bounds.bottom() - self.height())
        self.move(max(bounds.left(), x), max(bounds.top(), y))
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Hide the box without adding anything."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move through the list with the field's arrow keys."""
        if accept_shortcut_override(event):
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._handle_key(event) or super().eventFilter(watched, event)
        if event.type() == QEvent.Type.FocusOut and not self.isHidden():
            self.dismiss()
        return super().eventFilter(watched, event)

    def _handle_key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
        if event.key() in steps and self.results.count():
            row = self.results.currentRow() + steps[Qt.Key(event.key())]
            self.results.setCurrentRow(row % self.results.count())
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            return event.key() in steps
        return True

    def _accept(self) -> None:
        item = self.results.currentItem()
        if item is None or self._request is None:
            return
        request = self._request
        self.dismiss()
        self.item_chosen.emit(item.data(_ITEM_ROLE), request)

    def _search(self, query: str) -> None:
        """List what matches, best match first; of equal ones, what suits the place better."""
        ranked = sorted(
            (
                (score(query, suggestion.item.title, suggestion.item.summary), suggestion)
                for suggestion in self._suggestions
            ),
            key=lambda ranked_item: -ranked_item[0],
        )
        self.results.clear()
        for match_score, suggestion in ranked:
            if match_score > 0:
                self.results.addItem(_list_item(suggestion))
        self.results.setCurrentRow(0)
        rows = min(_MAX_ROWS, max(1, self.results.count()))
        self.results.setFixedHeight(rows * 30 + 6)
        self._show_hint()
        self.adjustSize()

    def _candidates(self) -> list[InsertableItem]:
        request = self._request
        items = insertable_items(self._context.project, self._context.scope)
        if request is None:
            return []
        if request.wire:
            return [item for item in items if item.inputs and item.outputs]
        if request.port is None:
            return list(items)
        signal = self._context.scene.content.signal_at(request.port.node, request.port.port)
        return [item for item in items if fits_port(item, signal, request.port.output)]

    def _show_hint(self) -> None:
        """Show the summary of the current layer, or why the list is filtered."""
        text = self._hint_text()
        if text != self._hint.text():
            self._hint.setText(text)
            self.adjustSize()

    def _hint_text(self) -> str:
        item = self.results.currentItem()
        reason = str(item.data(_REASON_ROLE)) if item is not None else ""
        if item is not None and (self.field.text() or reason or self._request is None):
            return f"Does not fit here: {reason}." if reason else item.toolTip()
        request, cards = self._request, self._context.scene.cards
        if not self.results.count():
            return "No matching layer fits here."
        if request is not None and request.port is not None and request.port.node in cards:
            verb = "accept the output of" if request.port.output else "can feed"
            return f"Only layers that {verb} {cards[request.port.node].description.title}."
        if request is not None and request.wire:
            return "Enter inserts the layer into the wire."
        if request is not None and request.after in cards:
            title = cards[request.after].description.title
            return f"Enter adds the layer after {title}."
        return "Enter adds · Esc closes"


def _list_item(suggestion: Suggestion) -> QListWidgetItem:
    """Return a row of the list, in grey if the layer does not suit the place."""
    item = suggestion.item
    list_item = QListWidgetItem(_category_icon(item.category), f"{item.title}")
    list_item.setData(_REASON_ROLE, suggestion.reason)
    if suggestion.reason:
        list_item.setForeground(current_theme().colour("muted"))
    list_item.setData(_ITEM_ROLE, item)
    list_item.setToolTip(item.summary)
    list_item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, item.summary)
    list_item.setSizeHint(QSize(_WIDTH - 40, 30))
    return list_item


def _category_icon(category: str) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(current_theme().category(category))
    painter.drawRoundedRect(QRectF(8, 8, 16, 16), 5, 5)
    painter.end()
    dot = QIcon(pixmap)
    dot.addPixmap(pixmap, QIcon.Mode.Selected)
    return dot
