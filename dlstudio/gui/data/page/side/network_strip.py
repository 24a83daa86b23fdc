"""The first network as a row of small cards, and the reason for each layer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from dlstudio.gui.style.theme import current_theme, font_size, mono_font, text_font
from dlstudio.gui.widgets.basic_widgets import clear_layout, label
from dlstudio.layers.registry import find
from dlstudio.training.specs.first_network import NetworkPart

_CARD_HEIGHT = 42
_GAP = 20
_MIN_CARD = 84
_PORT = 4


class NetworkStrip(QWidget):
    """Shows the parts of a network with their reasons."""

    def __init__(self) -> None:
        super().__init__()
        self._cards = _Cards()
        self._remark = label(role="small", wrap=True)
        self._remark.hide()
        self._reasons = QGridLayout()
        self._reasons.setHorizontalSpacing(14)
        self._reasons.setVerticalSpacing(3)
        self._reasons.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._cards)
        column.addLayout(self._reasons)
        column.addWidget(self._remark)

    def show_remark(self, text: str) -> None:
        """Show why the network has changed; empty if it has not."""
        self._remark.setText(text)
        self._remark.setVisible(bool(text))

    def show_parts(self, parts: Sequence[NetworkPart]) -> None:
        """Show a network."""
        if parts == self._cards.parts:
            return
        self._cards.show_parts(parts)
        clear_layout(self._reasons)
        for row, part in enumerate(parts):
            name = label(f"{part.title} {part.size}".split(" classes")[0], "mono")
            self._reasons.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._reasons.addWidget(label(part.reason, "small", wrap=True), row, 1)


class _Cards(QWidget):
    """Draws the cards; as many in a line as fit."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: Sequence[NetworkPart] = ()

    def show_parts(self, parts: Sequence[NetworkPart]) -> None:
        self.parts = parts
        self.setAccessibleName(" → ".join(f"{part.title} {part.size}" for part in parts))
        self.setMinimumHeight(self._line_count() * (_CARD_HEIGHT + 10))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, max(self._line_count(), 1) * (_CARD_HEIGHT + 10))

    def resizeEvent(self, _event: object) -> None:
        self.setMinimumHeight(self._line_count() * (_CARD_HEIGHT + 10))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count = max(min(self._per_line(), len(self.parts)), 1)
        width = (self.width() - (count - 1) * _GAP - 2 * _PORT) / count
        for index, part in enumerate(self.parts):
            line, column = divmod(index, count)
            left = _PORT + column * (width + _GAP)
            box = QRectF(left, line * (_CARD_HEIGHT + 10) + 1, width, _CARD_HEIGHT)
            self._draw_wire(painter, box, column, is_last=index + 1 == len(self.parts))
            _draw_card(painter, box, part)
        painter.end()

    def _draw_wire(self, painter: QPainter, box: QRectF, column: int, *, is_last: bool) -> None:
        theme = current_theme()
        painter.setPen(QPen(theme.colour("wire"), 1.5))
        y = box.center().y()
        if column:
            painter.drawLine(QPointF(box.left() - _GAP / 2, y), QPointF(box.left(), y))
        if not is_last:
            painter.drawLine(QPointF(box.right(), y), QPointF(box.right() + _GAP / 2, y))

    def _per_line(self) -> int:
        return max(int((self.width() + _GAP) // (_MIN_CARD + _GAP)), 1)

    def _line_count(self) -> int:
        return -(-len(self.parts) // self._per_line())


def _draw_card(painter: QPainter, box: QRectF, part: NetworkPart) -> None:
    theme = current_theme()
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.setBrush(theme.colour("card"))
    painter.drawRoundedRect(box, 8, 8)
    kind = find(part.kind)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.category(kind.category if kind else "blocks"))
    painter.drawRoundedRect(QRectF(box.left() + 6, box.top() + 6, 3.5, box.height() - 12), 1.7, 1.7)
    area = box.adjusted(16, 4, -6, -4)
    for text, font, colour, side in (
        (part.title, text_font(0, text_font().Weight.DemiBold), "text", Qt.AlignmentFlag.AlignTop),
        (part.size, mono_font(max(font_size() - 2, 11)), "muted", Qt.AlignmentFlag.AlignBottom),
    ):
        painter.setFont(font)
        painter.setPen(theme.colour(colour))
        elided = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, side, elided)
    painter.setPen(QPen(theme.colour("wire"), 1.5))
    painter.setBrush(theme.colour("panel"))
    for x in (box.left(), box.right()):
        painter.drawEllipse(QPointF(x, box.center().y()), 3.2, 3.2)
