"""Draws one card, with as many words as the distance allows."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dlstudio.gui.canvas.faces import Face, Tone
from dlstudio.gui.canvas.geometry import CARD_WIDTH, CORNER
from dlstudio.gui.canvas.ink import Ink, Lettering
from dlstudio.gui.canvas.lettering import LEFT, THUMBNAILS_TOP, Placed, words
from dlstudio.gui.canvas.scene import Card
from dlstudio.gui.canvas.thumbnails import Thumbnails
from dlstudio.gui.canvas.wire import paint_ports

BADGE_RADIUS = 8.0
FLAKE_RADIUS = 8.5
FLAKE_REACH = 11.0
"""The mark of frozen weights must stay within the margin of a card's picture."""
FLAKE_AT = QPointF(3.0, 2.0)


@dataclass(frozen=True, slots=True)
class Mood:
    """Whether a card is selected, and whether the pointer is over it."""

    chosen: bool = False
    hovered: bool = False


@dataclass(frozen=True)
class Look:
    """All that a card's picture depends on besides the card.

    Attributes:
        letters: What is written at this distance, and how large.
        scale: Scale of the view.
        ratio: Pixels of the device per pixel of the view.
    """

    ink: Ink
    mood: Mood
    letters: Lettering
    scale: float
    ratio: float


def paint_card(painter: QPainter, card: Card, face: Face, look: Look) -> None:
    """Draw a card with its words and its ports; pictures come after."""
    rect, style, scale = card.rect, look.ink, look.scale
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.shadow)
    painter.drawRoundedRect(rect.translated(0, max(1.5, 1.0 / scale)), CORNER, CORNER)
    painter.setBrush(style.card)
    painter.setPen(at_least(border(face.tone, style, look.mood), 1.0 / scale))
    painter.drawRoundedRect(rect, CORNER, CORNER)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.stripe(face.category, card.colour))
    painter.drawRoundedRect(stripe_rect(rect, 2.5 / scale), 1.75, 1.75)
    _paint_words(painter, rect, words(face, style, look.letters, rect.height()), style)
    if look.letters.line is not None:
        paint_ports(painter, card, style)
    if face.frozen:
        _paint_flake(painter, rect.topLeft() + FLAKE_AT, style, scale)


def paint_badge(painter: QPainter, rect: QRectF, tone: Tone, ink: Ink, scale: float) -> None:
    """Draw the mark of a problem at a card's corner; it grows where the card is far away."""
    if tone not in {Tone.ERROR, Tone.WARNING}:
        return
    radius = max(BADGE_RADIUS, 5.0 / scale)
    centre = rect.topRight() + QPointF(-2.0, 1.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.error if tone is Tone.ERROR else ink.warning)
    painter.drawEllipse(centre, radius, radius)
    painter.setBrush(ink.canvas if ink.theme.is_dark else QColor("white"))
    painter.drawRoundedRect(_about(centre, 0.2 * radius, -0.6 * radius, 0.12 * radius), 1, 1)
    painter.drawEllipse(centre + QPointF(0, 0.45 * radius), 0.14 * radius, 0.14 * radius)


def _paint_flake(painter: QPainter, centre: QPointF, ink: Ink, scale: float) -> None:
    """Draw the mark of frozen weights: a flake of snow; it grows where the card is far away."""
    radius = min(FLAKE_REACH, max(FLAKE_RADIUS, FLAKE_RADIUS / scale))
    painter.setPen(ink.line)
    painter.setBrush(ink.card)
    painter.drawEllipse(centre, radius, radius)
    width = max(0.13 * radius, 1.1 / scale)
    painter.setPen(QPen(ink.accent, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for step in range(6):
        ray = QPointF(math.sin(step * math.pi / 3), math.cos(step * math.pi / 3)) * radius
        painter.drawLine(centre, centre + ray * 0.72)
        if radius * scale < FLAKE_RADIUS:
            continue
        for side in (-0.22, 0.22):
            tip = ray * 0.68 + QPointF(ray.y(), -ray.x()) * side
            painter.drawLine(centre + ray * 0.42, centre + tip)


def paint_thumbnails(
    painter: QPainter, card: Card, path: str, pictures: Thumbnails, ink: Ink
) -> None:
    """Draw the pictures of what the layer gives out."""
    left, top = card.rect.left() + LEFT, card.rect.top() + THUMBNAILS_TOP
    pictures.paint(painter, path, left, top, ink.theme)


def border(tone: Tone, ink: Ink, mood: Mood) -> QPen:
    """Return the pen of a card's edge: a mistake outweighs the selection."""
    if tone is Tone.ERROR:
        return ink.borders[tone]
    if mood.chosen:
        return ink.selected
    if mood.hovered and tone in {Tone.PLAIN, Tone.WAITING}:
        return ink.port
    return ink.borders[tone]


def at_least(pen: QPen, width: float) -> QPen:
    """Return a pen, made wider where it is so far away that it would fade."""
    if pen.widthF() >= width:
        return pen
    wider = QPen(pen)
    wider.setWidthF(width * max(1.0, pen.widthF()))
    return wider


def stripe_rect(rect: QRectF, least: float = 0.0) -> QRectF:
    """Return where a card carries its category's colour, `least` units wide."""
    return QRectF(rect.left() + 7.0, rect.top() + 8.0, max(3.5, least), rect.height() - 16.0)


def title_rect(rect: QRectF) -> QRectF:
    """Return where a card carries its title."""
    return QRectF(rect.left() + LEFT - 5, rect.top() + 4, CARD_WIDTH - LEFT - 3, 24.0)


def _about(centre: QPointF, width: float, top: float, bottom: float) -> QRectF:
    return QRectF(centre.x() - width / 2, centre.y() + top, width, bottom - top)


def _paint_words(painter: QPainter, rect: QRectF, placed: tuple[Placed, ...], ink: Ink) -> None:
    painter.translate(rect.topLeft())
    for text, position, font, muted in placed:
        painter.setFont(font)
        painter.setPen(ink.muted if muted else ink.text)
        painter.drawStaticText(position, text)
    painter.translate(-rect.topLeft())
