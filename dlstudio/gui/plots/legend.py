"""The line below the curves: each curve's sign, title and value; a click hides or shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.plots.looks import DASHES, faded
from dlstudio.gui.theme import current, text_font

_SIGN = 20
_GAP = 16
_LINE = 20
_LOW_LINE = 15


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One curve; `rank` is its run's place, and `brief` says the text where there is no room."""

    name: str
    text: str
    brief: str
    colour: str
    rank: int = 0
    hidden: bool = False


class Legend(QWidget):
    """Shows the entries in as many lines as they need; in a low panel, briefly in a single one."""

    toggled = Signal(str)

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.entries: tuple[LegendEntry, ...] = ()
        self._is_low = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_LINE + 6)
        self.setMouseTracking(True)

    def show_entries(self, entries: Sequence[LegendEntry]) -> None:
        """Show other entries."""
        if tuple(entries) != self.entries:
            self.entries = tuple(entries)
            self.setAccessibleName("; ".join(entry.text for entry in entries))
            self._fit()
            self.update()

    def set_low(self, on: bool) -> None:
        """Take a single line of small type, or as many as are needed."""
        if on != self._is_low:
            self._is_low = on
            self._fit()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the lines need at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        if self._is_low:
            self.setFixedHeight(_LOW_LINE)
            return
        lines = 1 + max([0, *(round(rect.top() / _LINE) for rect in self._places())])
        self.setFixedHeight(lines * _LINE + 6)

    def sizeHint(self) -> QSize:
        """Return a line's height."""
        return QSize(200, _LINE + 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hide or show a curve."""
        name = self._at(event.position())
        if name:
            self.toggled.emit(name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that an entry can be clicked."""
        hovered = self._at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if hovered else Qt.CursorShape.ArrowCursor)
        tip = "Click to hide or show this curve" if hovered else ""
        if self._is_low:
            tip = "\n".join(entry.text for entry in self.entries)
        self.setToolTip(tip)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the entries."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        metrics = QFontMetricsF(self._font())
        for entry, rect in zip(self.entries, self._places(), strict=True):
            painter.setOpacity(0.4 if entry.hidden else 1.0)
            middle = rect.center().y()
            style = DASHES[min(entry.rank, len(DASHES) - 1)]
            painter.setPen(QPen(faded(entry.colour, 1.0), 2.5, style))
            end = QPointF(rect.left() + self._sign() - 3, middle)
            painter.drawLine(QPointF(rect.left(), middle), end)
            painter.setPen(theme.colour("muted"))
            text_rect = rect.adjusted(self._sign() + 2, 0, 0, 0)
            room = self.width() - text_rect.left()
            text = metrics.elidedText(self._text(entry), Qt.TextElideMode.ElideRight, room)
            painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _font(self) -> QFont:
        return text_font(11 if self._is_low else 12)

    def _sign(self) -> int:
        return _SIGN * 3 // 5 if self._is_low else _SIGN

    def _text(self, entry: LegendEntry) -> str:
        return entry.brief if self._is_low else entry.text

    def _places(self) -> list[QRectF]:
        metrics, sign = QFontMetricsF(self._font()), self._sign() + 6
        widths = [metrics.horizontalAdvance(self._text(entry)) + sign for entry in self.entries]
        return _in_a_row(widths) if self._is_low else _in_lines(widths, self.width())

    def _at(self, place: QPointF) -> str:
        for entry, rect in zip(self.entries, self._places(), strict=True):
            if rect.contains(place):
                return entry.name
        return ""


def _in_a_row(widths: Sequence[float]) -> list[QRectF]:
    ends = accumulate(width + _GAP / 2 for width in widths)
    return [
        QRectF(end - width - _GAP / 2, 0.0, width, _LOW_LINE)
        for end, width in zip(ends, widths, strict=True)
    ]


def _in_lines(widths: Sequence[float], room: float) -> list[QRectF]:
    rects, left, top = [], 0.0, 2.0
    for width in widths:
        if left and left + width > room:
            left, top = 0.0, top + _LINE
        rects.append(QRectF(left, top, width, _LINE))
        left += width + _GAP
    return rects
