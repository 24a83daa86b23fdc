"""Settings as a row of chips, which wraps where it is narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.style.theme import current_theme, text_font

_CAPTION = "auto: "
_HEIGHT, _GAP, _MARGIN = 28, 8, 9


class ChipRow(QWidget):
    """Draws each text in a frame, after the word `auto` if the studio chose it."""

    def __init__(self) -> None:
        super().__init__()
        self.chips: Sequence[tuple[str, bool]] = ()
        """The text of each chip, and whether its value is automatic."""
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_chips(self, chips: Sequence[tuple[str, bool]]) -> None:
        """Show settings: the text of each, and whether it is automatic."""
        self.chips = chips
        self.setAccessibleName(", ".join(f"{_caption(auto)}{text}" for text, auto in chips))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(max((box.bottom() for box in self._boxes(width)), default=0.0))

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(self.width()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, plain, bold = current_theme(), text_font(0), _bold()
        for box, (text, auto) in zip(self._boxes(self.width()), self.chips, strict=True):
            caption = QFontMetricsF(plain).horizontalAdvance(_caption(auto))
            painter.setPen(theme.colour("line"))
            painter.setBrush(theme.colour("field"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            area = box.adjusted(_MARGIN, 0, -_MARGIN, 0)
            painter.setFont(plain)
            painter.setPen(theme.colour("muted"))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, _caption(auto))
            painter.setFont(bold)
            painter.setPen(theme.colour("text"))
            painter.drawText(area.adjusted(caption, 0, 4, 0), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _boxes(self, width: float) -> Iterator[QRectF]:
        bold = QFontMetricsF(_bold())
        plain = QFontMetricsF(text_font(0))
        left, top = 0.0, 0.0
        for text, auto in self.chips:
            size = (
                plain.horizontalAdvance(_caption(auto)) + bold.horizontalAdvance(text) + 2 * _MARGIN
            )
            if left and left + size > width:
                left, top = 0.0, top + _HEIGHT + 6
            yield QRectF(left, top, size, _HEIGHT)
            left += size + _GAP


def _bold() -> QFont:
    return text_font(0, QFont.Weight.DemiBold)


def _caption(is_automatic: bool) -> str:
    return _CAPTION if is_automatic else ""
