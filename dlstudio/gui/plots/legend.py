"""The line below the curves: each curve's sign, title and value; a click hides or shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.plots.looks import DASHES, faded
from dlstudio.gui.theme import current, text_font

_SIGN = 20
_GAP = 16
_LINE = 20


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One curve; `rank` is its run's place."""

    name: str
    text: str
    colour: str
    rank: int = 0
    hidden: bool = False


class Legend(QWidget):
    """Shows the entries in as many lines as they need."""

    toggled = Signal(str)

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.entries: tuple[LegendEntry, ...] = ()
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the lines need at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        lines = 1 + max([0, *(round(place.top() / _LINE) for place in self._places())])
        self.setFixedHeight(lines * _LINE + 6)

    def sizeHint(self) -> QSize:
        """Return a line's height."""
        return QSize(200, _LINE + 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hide or show a curve."""
        found = self._at(event.position())
        if found:
            self.toggled.emit(found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that an entry can be clicked."""
        over = self._at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        self.setToolTip("Click to hide or show this curve" if over else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the entries."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(12))
        for entry, place in zip(self.entries, self._places(), strict=True):
            painter.setOpacity(0.4 if entry.hidden else 1.0)
            middle = place.center().y()
            style = DASHES[min(entry.rank, len(DASHES) - 1)]
            painter.setPen(QPen(faded(entry.colour, 1.0), 2.5, style))
            painter.drawLine(
                QPointF(place.left(), middle), QPointF(place.left() + _SIGN - 3, middle)
            )
            painter.setPen(theme.colour("muted"))
            words = place.adjusted(_SIGN + 2, 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, entry.text)
        painter.end()

    def _places(self) -> list[QRectF]:
        metrics = QFontMetricsF(text_font(12))
        places, left, top = [], 0.0, 2.0
        for entry in self.entries:
            width = metrics.horizontalAdvance(entry.text) + _SIGN + 6
            if left and left + width > self.width():
                left, top = 0.0, top + _LINE
            places.append(QRectF(left, top, width, _LINE))
            left += width + _GAP
        return places

    def _at(self, place: QPointF) -> str:
        for entry, area in zip(self.entries, self._places(), strict=True):
            if area.contains(place):
                return entry.name
        return ""
