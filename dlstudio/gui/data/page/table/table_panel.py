"""The table with its heads, the filter of its rows, and the menu of a column's role."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from dlstudio.data.sources.framework.source_setting_types import COLUMN_USES
from dlstudio.gui.data.page.contents.change_actions import (
    ALL_ROWS,
    GAP_ROWS,
    LEFT_OUT_ROWS,
    ShowPlace,
)
from dlstudio.gui.data.page.contents.page_contents import PageColumn, PageTable
from dlstudio.gui.data.page.table.cell_delegate import ROW_HEIGHT, CellDelegate
from dlstudio.gui.data.page.table.column_header import ColumnHeader
from dlstudio.gui.data.page.table.table_model import RowFilter, TableModel
from dlstudio.gui.style.theme import font_size, mono_font, theme_changes
from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.gui.widgets.number_format import format_integer

USE_TITLES = {
    "number": "Input: number",
    "category": "Input: category",
    "ordinal": "Input: ordered category",
    "date": "Input: date",
    "calendar": "Input: month and weekday",
    "class": "Target: class",
    "value": "Target: number",
    "ignore": "Left out",
}
_FILTERS = {
    ALL_ROWS: RowFilter.ALL,
    LEFT_OUT_ROWS: RowFilter.LEFT_OUT,
    GAP_ROWS: RowFilter.GAPS,
}
_MAX_EXTRA_WIDTH = 60
_MANY_COLUMNS = 200
"""From here on, all columns get the same width."""


class _View(QTableView):
    """A table whose current column opens its role menu by a key."""

    def __init__(self, model: TableModel) -> None:
        super().__init__()
        self.header = ColumnHeader(
            lambda index: model.column(index) if 0 <= index < model.columnCount() else None, self
        )
        self.setHorizontalHeader(self.header)
        self.setModel(model)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setCornerButtonEnabled(False)
        self.setAccessibleName("Rows of the table")
        rows = self.verticalHeader()
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        rows.setHighlightSections(False)
        rows.setSectionsClickable(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the role menu of the current column by F2, Enter or the menu key."""
        keys = (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Menu)
        if event.key() in keys and self.currentIndex().isValid():
            self.header.request_role(self.currentIndex().column())
            return
        super().keyPressEvent(event)


class TablePanel(QFrame):
    """Shows a table.

    Signals:
        use_chosen: A column's name and its new use, a key of `COLUMN_USES`.
    """

    use_chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.model = TableModel(self)
        self.view = _View(self.model)
        self.header = self.view.header
        self._delegate = CellDelegate(self.model, self.view)
        self.view.setItemDelegate(self._delegate)
        self.header.role_requested.connect(self._open_role_menu)
        self.view.verticalScrollBar().valueChanged.connect(self._show_lines)
        self._lines = label(role="muted")
        self._legend = label(role="small")
        self._filters: dict[RowFilter, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self._create_foot())
        theme_changes.changed.connect(self._apply_theme)
        self._apply_theme()

    def show_table(self, table: PageTable, class_names: tuple[str, ...] = ()) -> None:
        """Show a table; the colours of its classes follow `class_names`."""
        previous = self.model.table
        self._delegate.class_index = {name: index for index, name in enumerate(class_names)}
        self.header.class_index = self._delegate.class_index
        self.model.show_table(table)
        if previous is None or _heads(previous) != _heads(table):
            self._set_widths(table)
        for row_filter, switch in self._filters.items():
            count = self.model.count(row_filter)
            switch.setText(f"{row_filter.value} {format_integer(count)}")
            switch.setEnabled(bool(count) or row_filter is RowFilter.ALL)
            switch.setVisible(not table.is_fixed)
        if not self.model.rowCount():
            self.show_rows(RowFilter.ALL)
        fills = any(column.fill for column in table.columns)
        self._legend.setText("dashed: empty cell, filled by the training rows" if fills else "")
        self._show_lines()
        self.header.viewport().update()

    def show_rows(self, row_filter: RowFilter) -> None:
        """Show only some of the rows, and mark nothing."""
        self._mark(None)
        self._filters[row_filter].setChecked(True)
        self.model.set_filter(row_filter)
        self._show_lines()

    def show_place(self, place: ShowPlace) -> None:
        """Show rows and columns, scroll to the first of them and mark them."""
        self.show_rows(_FILTERS[place.rows])
        self._mark(place)
        first = self.model.first_marked()
        if first.isValid():
            hint = QAbstractItemView.ScrollHint.PositionAtCenter
            self.view.scrollTo(first, hint)

    def _mark(self, place: ShowPlace | None) -> None:
        self.model.marked = place
        self.header.marked = () if place is None else place.columns
        self.view.viewport().update()
        self.header.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the whole width."""
        super().resizeEvent(event)
        if self.model.table is not None:
            self._set_widths(self.model.table)
        self._show_lines()

    def _create_foot(self) -> QWidget:
        foot = QFrame()
        row = QHBoxLayout(foot)
        row.setContentsMargins(12, 5, 12, 5)
        row.addWidget(self._lines)
        group = QButtonGroup(self)
        for row_filter in RowFilter:
            switch = QPushButton(row_filter.value)
            switch.setCheckable(True)
            switch.setProperty("look", "switch")
            switch.clicked.connect(partial(self.show_rows, row_filter))
            group.addButton(switch)
            row.addWidget(switch)
            self._filters[row_filter] = switch
        self._filters[RowFilter.ALL].setChecked(True)
        row.addStretch(1)
        row.addWidget(self._legend)
        return foot

    def _set_widths(self, table: PageTable) -> None:
        if len(table.columns) > _MANY_COLUMNS:
            self.header.setDefaultSectionSize(self.header.width_of_many(table.columns))
            return
        widths = [self.header.width_of(column) for column in table.columns]
        free = self.view.viewport().width() - sum(widths)
        share = max(free, 0) // max(len(widths), 1)
        for index, width in enumerate(widths):
            self.header.resizeSection(index, width + min(share, _MAX_EXTRA_WIDTH))

    def _show_lines(self) -> None:
        table, count = self.model.table, self.model.rowCount()
        if table is None or not count:
            self._lines.setText("no rows")
            return
        first = max(self.view.rowAt(0), 0)
        last = self.view.rowAt(self.view.viewport().height() - 2)
        last = count - 1 if last < 0 else last
        noun = "training rows" if table.is_fixed else "lines"
        lines = f"{noun} {self.model.line(first)} to {self.model.line(last)}"
        total = "" if table.is_fixed else f" · {format_integer(table.total_rows)} rows"
        self._lines.setText(lines + total)

    def _open_role_menu(self, index: int, position: QPoint) -> None:
        table = self.model.table
        if table is None or table.is_fixed:
            return
        self.create_role_menu(self.model.column(index)).popup(position)

    def create_role_menu(self, column: PageColumn) -> QMenu:
        """Return the menu of the uses of a column."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for use, help_ in COLUMN_USES.items():
            if use in ("class", "ignore"):
                menu.addSeparator()
            action = menu.addAction(USE_TITLES[use])
            action.setToolTip(help_)
            action.setCheckable(True)
            action.setChecked(use == column.use)
            action.triggered.connect(partial(self.use_chosen.emit, column.name, use))
        return menu

    def _apply_theme(self) -> None:
        rows = self.view.verticalHeader()
        rows.setFont(mono_font(max(font_size() - 2, 11)))
        rows.setDefaultSectionSize(round(ROW_HEIGHT * font_size() / 13))
        self.view.viewport().update()
        self.header.viewport().update()


def _heads(table: PageTable) -> list[tuple[str, str, str, int]]:
    """Return what the widths of the columns depend on."""
    return [(c.name, c.role, c.range_text, c.missing + c.not_numbers) for c in table.columns]
