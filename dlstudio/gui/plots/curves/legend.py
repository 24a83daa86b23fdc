"""The legend below the curves: line style, title and value; a click hides or shows a curve."""

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

from dlstudio.gui.plots.curves.curve_style import DASHES, with_alpha
from dlstudio.gui.style.theme import current_theme, text_font

_SWATCH_WIDTH = 20
_GAP = 16
_LINE_HEIGHT = 20
_COMPACT_LINE_HEIGHT = 15


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One curve; `rank` is the index of its run, `short_text` is used in the compact legend."""

    name: str
    text: str
    short_text: str
    colour: str
    rank: int = 0
    hidden: bool = False


class Legend(QWidget):
    """Shows the entries in as many lines as needed; compact: short texts in a single line."""

    toggled = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[LegendEntry, ...] = ()
        self._is_compact = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_LINE_HEIGHT + 6)
        self.setMouseTracking(True)

    def show_entries(self, entries: Sequence[LegendEntry]) -> None:
        if tuple(entries) != self.entries:
            self.entries = tuple(entries)
            self.setAccessibleName("; ".join(entry.text for entry in entries))
            self._update_height()
            self.update()

    def set_compact(self, on: bool) -> None:
        """Use a single line in a small font, or as many lines as needed."""
        if on != self._is_compact:
            self._is_compact = on
            self._update_height()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Update the height when the width changes."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            QTimer.singleShot(0, self, self._update_height)

    def _update_height(self) -> None:
        if self._is_compact:
            self.setFixedHeight(_COMPACT_LINE_HEIGHT)
            return
        lines = 1 + max([0, *(round(rect.top() / _LINE_HEIGHT) for rect in self._entry_rects())])
        self.setFixedHeight(lines * _LINE_HEIGHT + 6)

    def sizeHint(self) -> QSize:
        return QSize(200, _LINE_HEIGHT + 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Emit `toggled` with the name of the clicked entry."""
        name = self._name_at(event.position())
        if name:
            self.toggled.emit(name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the hand cursor and a tool tip over an entry."""
        hovered = self._name_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if hovered else Qt.CursorShape.ArrowCursor)
        tip = "Click to hide or show this curve" if hovered else ""
        if self._is_compact:
            tip = "\n".join(entry.text for entry in self.entries)
        self.setToolTip(tip)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        metrics = QFontMetricsF(self._font())
        for entry, rect in zip(self.entries, self._entry_rects(), strict=True):
            painter.setOpacity(0.4 if entry.hidden else 1.0)
            centre_y = rect.center().y()
            style = DASHES[min(entry.rank, len(DASHES) - 1)]
            painter.setPen(QPen(with_alpha(entry.colour, 1.0), 2.5, style))
            end = QPointF(rect.left() + self._swatch_width() - 3, centre_y)
            painter.drawLine(QPointF(rect.left(), centre_y), end)
            painter.setPen(theme.colour("muted"))
            text_rect = rect.adjusted(self._swatch_width() + 2, 0, 0, 0)
            available = self.width() - text_rect.left()
            text = metrics.elidedText(
                self._entry_text(entry), Qt.TextElideMode.ElideRight, available
            )
            painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _font(self) -> QFont:
        return text_font(11 if self._is_compact else 12)

    def _swatch_width(self) -> int:
        return _SWATCH_WIDTH * 3 // 5 if self._is_compact else _SWATCH_WIDTH

    def _entry_text(self, entry: LegendEntry) -> str:
        return entry.short_text if self._is_compact else entry.text

    def _entry_rects(self) -> list[QRectF]:
        metrics, swatch = QFontMetricsF(self._font()), self._swatch_width() + 6
        widths = [
            metrics.horizontalAdvance(self._entry_text(entry)) + swatch for entry in self.entries
        ]
        return (
            _single_line_rects(widths) if self._is_compact else _wrapped_rects(widths, self.width())
        )

    def _name_at(self, position: QPointF) -> str:
        for entry, rect in zip(self.entries, self._entry_rects(), strict=True):
            if rect.contains(position):
                return entry.name
        return ""


def _single_line_rects(widths: Sequence[float]) -> list[QRectF]:
    ends = accumulate(width + _GAP / 2 for width in widths)
    return [
        QRectF(end - width - _GAP / 2, 0.0, width, _COMPACT_LINE_HEIGHT)
        for end, width in zip(ends, widths, strict=True)
    ]


def _wrapped_rects(widths: Sequence[float], available: float) -> list[QRectF]:
    rects, left, top = [], 0.0, 2.0
    for width in widths:
        if left and left + width > available:
            left, top = 0.0, top + _LINE_HEIGHT
        rects.append(QRectF(left, top, width, _LINE_HEIGHT))
        left += width + _GAP
    return rects
