"""Edits one number for each of several names in a table."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

from dlstudio.design.model.values import Value
from dlstudio.gui.forms.setting_editor import SettingEditor
from dlstudio.gui.forms.value_format import format_value, read_value
from dlstudio.gui.style.theme import current_theme
from dlstudio.layers.framework.settings import NumberTable, Real

Index: TypeAlias = QModelIndex | QPersistentModelIndex
_ROW_PADDING, _FIELD_WIDTH = 14, 104
_STYLE = """
QTableWidget { background: transparent; }
QTableWidget::item { padding: 0; }
QTableWidget QLineEdit { padding: 0 7px; margin: 1px 0; }
"""
_MAX_ROWS = 10
"""With more rows the table scrolls."""
_VALUE_COLUMN = 1
_WIDE = 10_000


class _FieldDelegate(QStyledItemDelegate):
    """Draws a number as in a field, because it can be edited."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(theme.colour("accent" if has_focus else "line"))
        painter.setBrush(theme.colour("field"))
        frame = QRectF(option.rect).adjusted(0.5, 1.5, -0.5, -1.5)
        painter.drawRoundedRect(frame, 6, 6)
        painter.setPen(theme.colour("text"))
        text = frame.adjusted(8, 0, -8, 0)
        painter.drawText(
            text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, index.data()
        )
        painter.restore()


class NumberTableEditor(SettingEditor):
    """A table of names and numbers; each number is edited in its cell."""

    setting: NumberTable

    def __init__(self, setting: NumberTable) -> None:
        super().__init__(setting)
        self._values: tuple[Value, ...] = ()
        self._number = Real(
            title="The weight", help=setting.help, default=1.0, minimum=setting.minimum
        )
        self.table = QTableWidget(len(setting.names), 2)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.horizontalHeader().hide()
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setStyleSheet(_STYLE)
        self._delegate = _FieldDelegate(self.table)
        self.table.setItemDelegateForColumn(_VALUE_COLUMN, self._delegate)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.CurrentChanged
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_VALUE_COLUMN, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(_VALUE_COLUMN, _FIELD_WIDTH)
        for row, name in enumerate(setting.names):
            self._add_row(row, name)
        self.table.itemChanged.connect(self._commit)
        self._set_control(self.table)
        self._fit_height()

    def show_value(self, value: Value) -> None:
        """Show one number for each name."""
        values = value if isinstance(value, tuple) else ()
        if values == self._values and self.error_text:
            return
        self._values = values
        self.table.blockSignals(True)
        for row, number in enumerate(values):
            self._item(row).setText(format_value(number))
        self.table.blockSignals(False)
        self.show_error("")

    def show_mixed(self) -> None:
        """Show no numbers."""
        self.show_value((None,) * len(self.setting.names))

    def needed_width(self) -> int:
        """Return a width that leaves room for the names, so that the table is below its title."""
        return _WIDE

    def changeEvent(self, event: QEvent) -> None:
        """Adapt the height to another font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange or event.type() is QEvent.Type.StyleChange:
            self._fit_height()

    def _add_row(self, row: int, name: str) -> None:
        title = QTableWidgetItem(name)
        title.setFlags(Qt.ItemFlag.ItemIsEnabled)
        title.setToolTip(name)
        number = QTableWidgetItem()
        self.table.setItem(row, 0, title)
        self.table.setItem(row, _VALUE_COLUMN, number)

    def _item(self, row: int) -> QTableWidgetItem:
        item = self.table.item(row, _VALUE_COLUMN)
        assert item is not None
        return item

    def _commit(self, item: QTableWidgetItem) -> None:
        if item.column() != _VALUE_COLUMN:
            return
        row = item.row()
        try:
            number = read_value(item.text(), self._number, {})
        except ValueError as error:
            self.show_error(f"{self.setting.names[row]}: {error}")
            return
        self.show_error("")
        values = (*self._values[:row], number, *self._values[row + 1 :])
        if values != self._values:
            self.edited.emit(values)

    def _fit_height(self) -> None:
        height = self.table.fontMetrics().height() + _ROW_PADDING
        self.table.verticalHeader().setDefaultSectionSize(height)
        self.table.setFixedHeight(height * min(len(self.setting.names), _MAX_ROWS))
