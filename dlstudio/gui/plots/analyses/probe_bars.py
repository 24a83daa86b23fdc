"""The accuracies of a linear probe as bars: trained, untrained, and the majority class."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.style.theme import current_theme, mono_font, text_font
from dlstudio.insight.analyses.probe_views import ProbeView

_ROW_HEIGHT = 34.0


class ProbeBars(QWidget):
    """Three bars from 0 to 100 %: the mean over the draws with its spread."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[tuple[str, float, float, str], ...] = ()
        self.setFixedWidth(172)
        self.setMinimumHeight(90)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Return the size of three rows."""
        return QSize(172, round(3 * _ROW_HEIGHT))

    def show_view(self, view: ProbeView) -> None:
        curves = current_theme().curves
        trained, untrained = view.trained, view.untrained
        self._rows = (
            ("Trained", trained.accuracy, trained.spread, curves[0]),
            ("Untrained", untrained.accuracy, untrained.spread, curves[1]),
            ("Most frequent class", view.chance, 0.0, current_theme().muted),
        )
        texts = [f"{name}: {100 * share:.1f} %" for name, share, _, _ in self._rows]
        self.setAccessibleName("Accuracy of the linear probe")
        self.setAccessibleDescription(", ".join(texts))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a name, a percentage and a bar in each row."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = min(self.height() / 3, _ROW_HEIGHT)
        for index, (name, share, spread, colour) in enumerate(self._rows):
            area = QRectF(0, index * line, self.width() - 4, line - 12)
            painter.setPen(theme.colour("text"))
            painter.setFont(text_font(11))
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, name)
            painter.setFont(mono_font(11))
            text = f"{100 * share:.1f}" + (f" ± {100 * spread:.1f} %" if spread else " %")
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, text)
            _draw_bar(painter, QRectF(0, area.bottom(), area.width(), 6), share, spread, colour)
        painter.end()


def _draw_bar(painter: QPainter, area: QRectF, share: float, spread: float, colour: str) -> None:
    theme = current_theme()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("hover"))
    painter.drawRoundedRect(area, 3, 3)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(area.left(), area.top(), share * area.width(), 6), 3, 3)
    if spread:
        painter.setPen(QPen(theme.colour("text"), 1.5))
        ends = [
            area.left() + min(max(share + sign * spread, 0), 1) * area.width() for sign in (-1, 1)
        ]
        painter.drawLine(
            round(ends[0]), round(area.center().y()), round(ends[1]), round(area.center().y())
        )
