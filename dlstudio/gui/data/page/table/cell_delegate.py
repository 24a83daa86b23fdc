"""Draws the cells of the table: gaps that were filled, rows and columns left out, classes."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from dlstudio.data.core.original_cells import OriginalRow
from dlstudio.gui.data.page.contents.page_contents import LEFT_OUT, TARGET, PageColumn
from dlstudio.gui.data.page.table.column_header import MARGIN, background
from dlstudio.gui.data.page.table.table_model import Index, TableModel
from dlstudio.gui.style.theme import current_theme, font_size, mono_font, text_font
from dlstudio.gui.widgets.class_markers import class_colour, draw_marker

ROW_HEIGHT = 27
LEFT_OUT_COLOUR = "#e0662f"
_TINT = 26


class CellDelegate(QStyledItemDelegate):
    """Draws one cell at a time."""

    def __init__(self, model: TableModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self.class_index: Mapping[str, int] = {}
        """Index of each class by its cell."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, round(ROW_HEIGHT * font_size() / 13))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, column = self._model.row(index.row()), self._model.column(index.column())
        cell = self._model.cell(row, index.column())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        painter.fillRect(option.rect, background(column))
        if row.left_out:
            painter.fillRect(option.rect, _left_out_tint())
        theme = current_theme()
        painter.setPen(theme.colour("line"))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.drawLine(option.rect.topRight(), option.rect.bottomRight())
        area = rect.adjusted(MARGIN, 0, -MARGIN, -1)
        if cell is None:
            self._draw_gap(painter, area, row, column)
        else:
            self._draw_cell(painter, area, row, column, cell)
        if self._model.is_marked(row, column, cell):
            _draw_mark(painter, rect)
        if option.state & option.state.State_HasFocus:
            painter.setPen(QPen(theme.colour("accent"), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.restore()

    def _draw_cell(
        self, painter: QPainter, area: QRectF, row: OriginalRow, column: PageColumn, cell: str
    ) -> None:
        dim = bool(row.left_out) or column.role == LEFT_OUT
        painter.setFont(mono_font(0))
        text = " ".join(cell.split())
        position = self.class_index.get(cell) if column.role == TARGET else None
        if position is not None:
            centre = QPointF(area.left() + 5, area.center().y())
            draw_marker(painter, centre, 4.2, position, class_colour(position))
            area = area.adjusted(16, 0, 0, 0)
        painter.setPen(current_theme().colour("muted" if dim else "text"))
        side = (
            Qt.AlignmentFlag.AlignRight if column.type == "number" else Qt.AlignmentFlag.AlignLeft
        )
        if position is not None:
            side = Qt.AlignmentFlag.AlignLeft
        elided = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, elided)

    def _draw_gap(
        self, painter: QPainter, area: QRectF, row: OriginalRow, column: PageColumn
    ) -> None:
        theme = current_theme()
        if row.left_out and repr(column.name) in row.left_out:
            painter.setFont(text_font(font_size() - 1, text_font().Weight.Medium))
            painter.setPen(_left_out_text())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, "empty: left out")
            return
        if not column.fill or row.left_out or column.role == LEFT_OUT:
            return
        painter.setFont(mono_font(0))
        width = painter.fontMetrics().horizontalAdvance(column.fill) + 14
        box = QRectF(area.right() - width + 6, area.center().y() - 9.5, width, 19)
        painter.setPen(QPen(theme.colour("warning"), 1.1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(theme.colour("warning"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, column.fill)


def _draw_mark(painter: QPainter, rect: QRectF) -> None:
    colour = current_theme().colour("accent")
    colour.setAlpha(_TINT)
    painter.fillRect(rect, colour)
    painter.setPen(QPen(current_theme().colour("accent"), 1.6))
    painter.drawLine(rect.topLeft() + QPointF(1, 2), rect.bottomLeft() + QPointF(1, -2))


def _left_out_tint() -> QColor:
    colour = QColor(LEFT_OUT_COLOUR)
    colour.setAlpha(_TINT)
    return colour


def _left_out_text() -> QColor:
    return QColor("#ff9a66") if current_theme().is_dark else QColor("#b4490f")
