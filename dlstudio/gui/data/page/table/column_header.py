"""The head of the table: role, name, type, histogram and range, drawn for visible columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QToolTip, QWidget

from dlstudio.gui.data.page.contents.page_contents import INPUT, LEFT_OUT, TARGET, PageColumn
from dlstudio.gui.data.page.table.column_texts import SEE_BELOW, column_tip, gap_text, type_text
from dlstudio.gui.style.theme import FONT_SIZE, current_theme, font_size, mono_font, text_font
from dlstudio.gui.widgets.class_markers import class_colour

ROLE_TITLES = {INPUT: "Input", TARGET: "Target", LEFT_OUT: "Left out"}
MARGIN = 9
_PILL_TOP, _PILL_HEIGHT = 9, 22
_HISTOGRAM_HEIGHT = 40
_MIN_WIDTH, _MAX_WIDTH = 96, 172
_TARGET_WIDTH = 116
_GAP = 2


class ColumnHeader(QHeaderView):
    """Draws the columns' heads.

    Signals:
        role_requested: A click on the role of a column: its index, and where a menu should open.
    """

    role_requested = Signal(int, QPoint)

    def __init__(self, column_at: Callable[[int], PageColumn | None], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._column_at = column_at
        self.class_index: Mapping[str, int] = {}
        """Index of each class by its cell: the colours of the target's bars."""
        self.marked: Collection[str] = ()
        """Names of the columns that are marked."""
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMouseTracking(True)
        self.setMinimumSectionSize(_MIN_WIDTH)
        self.setDefaultSectionSize(_MIN_WIDTH + 8)

    def sizeHint(self) -> QSize:
        return QSize(0, self._height())

    def width_of(self, column: PageColumn) -> int:
        """Return the width that shows the head of a column."""
        mono, small = QFontMetrics(mono_font(0)), QFontMetrics(_small())
        texts = [
            mono.horizontalAdvance(column.name),
            QFontMetrics(mono_font(_small_size())).horizontalAdvance(column.range_text),
            small.horizontalAdvance(type_text(column)),
            small.horizontalAdvance(SEE_BELOW if column.role == LEFT_OUT else gap_text(column)),
        ]
        narrowest = _TARGET_WIDTH if column.role == TARGET else _MIN_WIDTH
        widest = round(_MAX_WIDTH * font_size() / FONT_SIZE)
        return min(max(max(texts) + 2 * MARGIN + 2, narrowest), widest)

    def width_of_many(self, columns: Sequence[PageColumn]) -> int:
        """Return one width that shows the ranges of all columns."""
        longest = max(
            (column.range_text for column in columns if not column.words),
            key=len,
            default="",
        )
        text = QFontMetrics(mono_font(_small_size())).horizontalAdvance(longest)
        return max(text + 2 * MARGIN + 2, _MIN_WIDTH + 8)

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        """Draw one column's head."""
        column = self._column_at(index)
        if column is None:
            return
        painter.save()
        painter.setClipRect(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        painter.fillRect(rect, background(column))
        painter.setPen(theme.colour("line"))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if column.name in self.marked:
            painter.fillRect(rect.left(), rect.bottom() - 2, rect.width(), 3, theme.accent)
        _draw_pill(painter, self._pill_rect(rect, column), column.role)
        self._draw_texts(painter, rect.adjusted(MARGIN, 0, -MARGIN, 0), column)
        painter.restore()

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the facts of a column in full as its tool tip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            column = self._column_at(self.logicalIndexAt(event.pos()))
            if column is not None:
                QToolTip.showText(event.globalPos(), column_tip(column), self)
            return True
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand over roles."""
        super().mouseMoveEvent(event)
        if self._pill_at(event.position().toPoint()) is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for a menu below the role that was clicked."""
        pressed = self._pill_at(event.position().toPoint())
        super().mouseReleaseEvent(event)
        if pressed is not None and event.button() is Qt.MouseButton.LeftButton:
            self.request_role(pressed)

    def request_role(self, index: int) -> None:
        """Ask for the menu of a column's role."""
        column = self._column_at(index)
        if column is not None:
            rect = self._section_rect(index)
            corner = self._pill_rect(rect, column).bottomLeft() + QPoint(0, 4)
            self.role_requested.emit(index, self.viewport().mapToGlobal(corner))

    def _draw_texts(self, painter: QPainter, rect: QRect, column: PageColumn) -> None:
        theme = current_theme()
        line = QFontMetrics(text_font(0)).height()
        small = QFontMetrics(_small()).height()
        dim = column.role == LEFT_OUT
        top = _PILL_TOP + _PILL_HEIGHT + 6

        def draw(text: str, height: int, colour: str) -> None:
            nonlocal top
            painter.setPen(theme.colour(colour))
            elided = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, rect.width()
            )
            area = QRect(rect.left(), rect.top() + top, rect.width(), height)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, elided)
            top += height

        painter.setFont(mono_font(0))
        draw(column.name, line, "muted" if dim else "text")
        painter.setFont(_small())
        draw(type_text(column), small, "muted")
        area = QRectF(rect.left(), rect.top() + top + 5, rect.width(), _HISTOGRAM_HEIGHT)
        self._draw_bars(painter, area, column)
        top += _HISTOGRAM_HEIGHT + 9
        painter.setFont(mono_font(_small_size()))
        draw(column.range_text, small, "muted")
        painter.setFont(_small())
        gaps = (column.missing or column.not_numbers) and not dim
        text = gap_text(column)
        if dim and painter.fontMetrics().horizontalAdvance(text) > rect.width():
            text = SEE_BELOW
        draw(text, small, "warning" if gaps else "muted")

    def _draw_bars(self, painter: QPainter, area: QRectF, column: PageColumn) -> None:
        highest = max(column.bars, default=0)
        if not highest:
            return
        theme = current_theme()
        gap = _GAP if len(column.bars) <= 10 else 1
        width = (area.width() - gap * (len(column.bars) - 1)) / len(column.bars)
        painter.setPen(Qt.PenStyle.NoPen)
        by_class = column.role == TARGET and column.use == "class" and len(self.class_index) <= 7
        for index, count in enumerate(column.bars):
            height = max(area.height() * count / highest, 1.5 if count else 0.0)
            if column.role == LEFT_OUT:
                colour = theme.colour("muted")
                colour.setAlpha(120)
            else:
                word = column.words[index] if by_class and index < len(column.words) else ""
                place = self.class_index.get(word)
                colour = theme.colour("accent") if place is None else class_colour(place)
            painter.setBrush(colour)
            left = area.left() + index * (width + gap)
            painter.drawRoundedRect(
                QRectF(left, area.bottom() - height, max(width, 1.0), height), 1.5, 1.5
            )

    def _pill_at(self, position: QPoint) -> int | None:
        index = self.logicalIndexAt(position)
        column = self._column_at(index) if index >= 0 else None
        if column is None:
            return None
        pill = self._pill_rect(self._section_rect(index), column)
        return index if pill.contains(position) else None

    def _section_rect(self, index: int) -> QRect:
        left = self.sectionViewportPosition(index)
        return QRect(left, 0, self.sectionSize(index), self.height())

    def _pill_rect(self, rect: QRect, column: PageColumn) -> QRect:
        width = QFontMetrics(_pill_font()).horizontalAdvance(ROLE_TITLES[column.role]) + 32
        return QRect(rect.left() + MARGIN - 1, rect.top() + _PILL_TOP, width, _PILL_HEIGHT)

    def _height(self) -> int:
        line, small = QFontMetrics(text_font(0)).height(), QFontMetrics(_small()).height()
        return _PILL_TOP + _PILL_HEIGHT + 6 + line + 3 * small + _HISTOGRAM_HEIGHT + 9 + 7


def background(column: PageColumn) -> QColor:
    """Return the colour below the cells of a column."""
    theme = current_theme()
    if column.role == LEFT_OUT:
        return theme.colour("canvas")
    if column.role != TARGET:
        return theme.colour("panel")
    accent, panel = theme.colour("accent"), theme.colour("panel")
    return _mix(panel, accent, 0.07 if not theme.is_dark else 0.1)


def _draw_pill(painter: QPainter, rect: QRect, role: str) -> None:
    theme = current_theme()
    box = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
    accent = theme.colour("accent")
    colours = {
        INPUT: (accent, theme.colour("panel"), theme.colour("accent_text")),
        TARGET: (accent, accent, theme.colour("on_accent")),
        LEFT_OUT: (theme.colour("line"), theme.colour("panel"), theme.colour("muted")),
    }
    outline, fill, text = colours[role]
    painter.setPen(QPen(outline, 1.2))
    painter.setBrush(fill)
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setPen(text)
    painter.setFont(_pill_font())
    painter.drawText(box.adjusted(10, 0, -18, 0), Qt.AlignmentFlag.AlignVCenter, ROLE_TITLES[role])
    tip = QPoint(rect.right() - 13, rect.center().y() + 2)
    painter.setPen(QPen(text, 1.4))
    painter.drawPolyline([tip + QPoint(-3, -3), tip, tip + QPoint(3, -3)])


def _mix(one: QColor, other: QColor, share: float) -> QColor:
    return QColor(
        round(one.red() + (other.red() - one.red()) * share),
        round(one.green() + (other.green() - one.green()) * share),
        round(one.blue() + (other.blue() - one.blue()) * share),
    )


def _small_size() -> int:
    return max(font_size() - 2, 11)


def _small() -> QFont:
    return text_font(_small_size())


def _pill_font() -> QFont:
    return text_font(max(font_size() - 1, 11), QFont.Weight.DemiBold)
