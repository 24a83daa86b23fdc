"""Paints the texts and marks of a gallery card. Knows neither examples nor the mouse."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QTextLayout

from dlstudio.gui.style.icons import pixmap
from dlstudio.gui.style.theme import Theme

_BARS = 3
_SHADOW_STEPS = 5


def wrapped_lines(text: str, font: QFont, width: float, lines: int) -> list[str]:
    """Return the text in at most `lines` lines, the last one ending in `…` if words are left."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    result: list[str] = []
    while len(result) < lines:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        start = line.textStart()
        end = start + line.textLength()
        is_cut = len(result) == lines - 1 and end < len(text)
        result.append(elided(text[start:], font, width) if is_cut else text[start:end].strip())
    layout.endLayout()
    return result


def elided(text: str, font: QFont, width: float) -> str:
    """Return the text cut at a word to fit a width; a single long word is cut anywhere."""
    metrics = QFontMetricsF(font)
    if metrics.horizontalAdvance(text) <= width:
        return text
    words = text.split()
    while len(words) > 1 and metrics.horizontalAdvance(f"{' '.join(words)} …") > width:
        words.pop()
    short = f"{' '.join(words).rstrip(' ,;:.')} …"
    if metrics.horizontalAdvance(short) <= width:
        return short
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def draw_shadow(painter: QPainter, rect: QRectF, radius: float, theme: Theme) -> None:
    """Draw a soft shadow below a card."""
    colour = theme.colour("shadow")
    colour.setAlpha(60 if theme.is_dark else 22)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for step in range(_SHADOW_STEPS):
        grown = rect.adjusted(-step, 1 - step * 0.5, step, 1 + step)
        painter.drawRoundedRect(grown, radius + step, radius + step)


def draw_level(painter: QPainter, origin: QPointF, level: int, theme: Theme) -> float:
    """Draw the bars of a level with its baseline at `origin`; return their width."""
    painter.setPen(Qt.PenStyle.NoPen)
    for bar in range(_BARS):
        painter.setBrush(theme.colour("muted" if bar <= level else "line"))
        height = 4.0 + 3.0 * bar
        painter.drawRoundedRect(
            QRectF(origin.x() + 5 * bar, origin.y() - height, 3.5, height), 1, 1
        )
    return 5.0 * _BARS


def draw_chip(painter: QPainter, rect: QRectF, text: str, icon: str, theme: Theme) -> None:
    """Draw a text with an icon on a picture, such as the size of a download."""
    ground = theme.colour("card")
    ground.setAlpha(235)
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    ratio = painter.device().devicePixelRatioF()
    size = round(rect.height() - 7)
    image = pixmap(icon, size, theme.text, ratio)
    painter.drawPixmap(QPointF(rect.left() + 7, rect.center().y() - size / 2), image)
    painter.setPen(theme.colour("text"))
    painter.drawText(rect.adjusted(size + 11, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, text)


def draw_number(painter: QPainter, circle: QRectF, number: int, theme: Theme) -> None:
    """Draw the place of a card in the reading order."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("hover"))
    painter.drawEllipse(circle)
    painter.setPen(theme.colour("muted"))
    painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(number))


def rounded_top(rect: QRectF, radius: float) -> QPainterPath:
    """Return a rectangle with round upper corners."""
    path = QPainterPath()
    path.addRoundedRect(rect.adjusted(0, 0, 0, radius), radius, radius)
    clip = QPainterPath()
    clip.addRect(rect)
    return path.intersected(clip)


def faded(colour: QColor, alpha: float) -> QColor:
    """Return a colour with another opacity, 0 to 1."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result
