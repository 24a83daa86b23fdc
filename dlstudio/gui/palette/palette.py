"""The palette: all layer kinds by category, and blocks, to search, drag or append."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.design.model.model import TOP
from dlstudio.gui.canvas.model.insertable_items import KIND_MIME, InsertableItem, insertable_items
from dlstudio.gui.document.document import Document
from dlstudio.gui.document.user_library import library_changes
from dlstudio.gui.style.theme import current_theme, text_font, theme_changes
from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.layers.framework.categories import CATEGORIES

_KIND_ROLE = Qt.ItemDataRole.UserRole
_COLOUR_ROLE = Qt.ItemDataRole.UserRole + 1
_ROW_HEIGHT = 29


class Palette(QWidget):
    """Lists every kind; Enter or a double click appends one, a drag places it."""

    kind_activated = Signal(str)
    """Token of the entry to append after the selection."""
    menu_requested = Signal(str, QPoint)
    """Token of an entry whose context menu was requested, and its global position."""

    def __init__(self, document: Document) -> None:
        """Show the registry's kinds and the document's blocks."""
        super().__init__()
        self._document = document
        self.search = QLineEdit()
        shortcut = QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText)
        self.search.setPlaceholderText(f"Search layers  {shortcut}")
        self.search.setAccessibleName("Search layers")
        self.search.setClearButtonEnabled(True)
        self.tree = _KindTree()
        self._empty_label = label(role="muted", wrap=True)
        self._empty_label.setContentsMargins(14, 8, 14, 8)
        self._empty_label.hide()
        self._fill()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 10, 0, 0)
        column.setSpacing(8)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 8, 0)
        line.addWidget(self.search)
        column.addLayout(line)
        column.addWidget(self._empty_label)
        column.addWidget(self.tree, 1)
        self._connect()

    def focus_search(self) -> None:
        """Focus the search field and select its text."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the search field: arrow keys move into the list, Esc clears."""
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.tree.setFocus()
            self.tree.select_next(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.search.clear()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._activate_current)
        self.tree.kind_chosen.connect(self.kind_activated)
        self.tree.customContextMenuRequested.connect(self._request_menu)
        self._document.project_changed.connect(self._on_project_changed)
        self._document.scope_changed.connect(self._fill)
        self._document.reset.connect(self._on_reset)
        library_changes.changed.connect(self._fill)
        theme_changes.changed.connect(self.tree.viewport().update)

    def _on_project_changed(self) -> None:
        if self._document.project.blocks is not self._blocks:
            self._fill()

    def _on_reset(self) -> None:
        """Clear the search when another design is opened."""
        self.search.clear()
        self._fill()

    def _fill(self, _scope: str = "") -> None:
        project, scope = self._document.project, self._document.scope
        self._blocks = project.blocks
        self.tree.show_items(insertable_items(project, scope if scope in project.blocks else TOP))
        self._filter(self.search.text())

    def _filter(self, text: str) -> None:
        has_match = self.tree.filter_items(text)
        self._empty_label.setVisible(not has_match)
        self._empty_label.setText(f"No layer matches “{text.strip()}”.")

    def _request_menu(self, position: QPoint) -> None:
        item = self.tree.itemAt(position)
        if item is not None and item.data(0, _KIND_ROLE):
            self.tree.setCurrentItem(item)
            global_position = self.tree.viewport().mapToGlobal(position)
            self.menu_requested.emit(str(item.data(0, _KIND_ROLE)), global_position)

    def _activate_current(self) -> None:
        kind = self.tree.current_kind()
        if kind:
            self.kind_activated.emit(kind)


class _KindTree(QTreeWidget):
    """The tree of collapsible categories with draggable kinds."""

    kind_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_RowDelegate(self))
        self.setAccessibleName("Layers")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.itemDoubleClicked.connect(self._choose)
        self.itemClicked.connect(self._toggle_category)

    def show_items(self, entries: Sequence[InsertableItem]) -> None:
        """Show the entries under their headings: layers by category, then blocks."""
        closed = {
            heading_item.text(0)
            for heading_item in self._headings()
            if not heading_item.isExpanded()
        }
        self.clear()
        categories = (category.title for category in CATEGORIES)
        for heading in dict.fromkeys((*categories, *(entry.heading for entry in entries))):
            group_entries = [entry for entry in entries if entry.heading == heading]
            if not group_entries:
                continue
            heading_item = _create_item(heading, group_entries[-1].category, "", "")
            self.addTopLevelItem(heading_item)
            for entry in group_entries:
                heading_item.addChild(
                    _create_item(entry.title, entry.category, entry.token, entry.summary)
                )
            heading_item.setExpanded(heading not in closed)

    def filter_items(self, text: str) -> bool:
        """Show matching entries and select the best match; return whether there is one."""
        terms = text.lower().split()
        best: QTreeWidgetItem | None = None
        for heading_item in self._headings():
            visible = [
                item for item in _children(heading_item) if _matches(item, heading_item, terms)
            ]
            for item in _children(heading_item):
                item.setHidden(item not in visible)
            heading_item.setHidden(not visible)
            if terms and visible:
                heading_item.setExpanded(True)
                best = min(
                    [*visible, *([best] if best else [])], key=lambda item: _rank(item, text)
                )
        if best is not None:
            self.setCurrentItem(best)
        elif terms:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        return any(not head.isHidden() for head in self._headings())

    def current_kind(self) -> str:
        """Return the selected kind, or an empty string."""
        item = self.currentItem()
        return str(item.data(0, _KIND_ROLE)) if item is not None else ""

    def select_next(self, step: int) -> None:
        """Select the next visible kind."""
        visible = [
            item
            for heading_item in self._headings()
            if heading_item.isExpanded()
            for item in _children(heading_item)
            if not item.isHidden()
        ]
        if not visible:
            return
        selected = self.currentItem()
        index = (
            visible.index(selected) + step if selected is not None and selected in visible else 0
        )
        self.setCurrentItem(visible[max(0, min(index, len(visible) - 1))])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Append a kind or toggle a category with Enter."""
        item = self.currentItem()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
            self._choose(item)
            self._toggle_category(item)
        else:
            super().keyPressEvent(event)

    def mimeTypes(self) -> list[str]:
        """Return the MIME type that the canvas accepts."""
        return [KIND_MIME]

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        """Return the token of the dragged entry, also as plain text."""
        data = QMimeData()
        kinds = [str(item.data(0, _KIND_ROLE)) for item in items if item.data(0, _KIND_ROLE)]
        if kinds:
            data.setData(KIND_MIME, QByteArray(kinds[0].encode()))
        return data

    def _headings(self) -> list[QTreeWidgetItem]:
        items = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _choose(self, item: QTreeWidgetItem) -> None:
        if kind := str(item.data(0, _KIND_ROLE)):
            self.kind_chosen.emit(kind)

    def _toggle_category(self, item: QTreeWidgetItem) -> None:
        if not item.data(0, _KIND_ROLE):
            item.setExpanded(not item.isExpanded())


class _RowDelegate(QStyledItemDelegate):
    """Draws categories as headings and kinds as rows, both with the category's colour."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the row height, which depends on the font."""
        return QSize(160, max(_ROW_HEIGHT, round(text_font().pixelSize() * 2.25)))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        kind = index.data(_KIND_ROLE)
        state: QStyle.StateFlag = option.state
        rect: QRectF = QRectF(option.rect)
        highlighted = QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected
        if state & highlighted:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(rect.adjusted(0, 1, -8, -1), 6, 6)
        left = rect.left() + (10 if kind else 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.category(index.data(_COLOUR_ROLE)))
        painter.drawRoundedRect(QRectF(left, rect.center().y() - 4.5, 9, 9), 2.5, 2.5)
        painter.setFont(text_font(0, QFont.Weight.Normal if kind else QFont.Weight.DemiBold))
        painter.setPen(theme.colour("text" if kind else "muted"))
        text_rect = rect.adjusted(left - rect.left() + 18, 0, -26, 0)
        text = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideRight, round(text_rect.width())
        )
        painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter, text)
        if not kind:
            is_open = bool(state & QStyle.StateFlag.State_Open)
            _draw_chevron(painter, QPointF(rect.right() - 19, rect.center().y()), is_open)
        painter.restore()


def _draw_chevron(painter: QPainter, centre: QPointF, is_open: bool) -> None:
    path = QPainterPath()
    if is_open:
        path.moveTo(centre.x() - 3.5, centre.y() - 1.5)
        path.lineTo(centre.x(), centre.y() + 2)
        path.lineTo(centre.x() + 3.5, centre.y() - 1.5)
    else:
        path.moveTo(centre.x() - 1.5, centre.y() - 3.5)
        path.lineTo(centre.x() + 2, centre.y())
        path.lineTo(centre.x() - 1.5, centre.y() + 3.5)
    painter.setPen(QPen(current_theme().colour("muted"), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _create_item(text: str, category: str, kind: str, summary: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([text])
    item.setData(0, _KIND_ROLE, kind)
    item.setData(0, _COLOUR_ROLE, category)
    if kind:
        item.setToolTip(0, f"{text}: {summary}" if summary else text)
        item.setFlags(
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        )
    else:
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    return item


def _children(heading: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    items = (heading.child(row) for row in range(heading.childCount()))
    return [item for item in items if item is not None]


def _matches(item: QTreeWidgetItem, heading: QTreeWidgetItem, terms: Sequence[str]) -> bool:
    text = " ".join([item.text(0), str(item.data(0, _KIND_ROLE)), item.toolTip(0), heading.text(0)])
    return all(term in text.lower() for term in terms)


def _rank(item: QTreeWidgetItem, text: str) -> tuple[bool, bool, int]:
    title, query = item.text(0).lower(), text.strip().lower()
    return (not title.startswith(query), query not in title, len(title))
