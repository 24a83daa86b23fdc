"""Draws one card, with the texts that are legible at the current scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dlstudio.gui.canvas.model.card_content import (
    PROBLEM_STATUSES,
    UNFINISHED,
    CardContent,
    CardStatus,
)
from dlstudio.gui.canvas.paint.canvas_style import CanvasStyle, TextLevel
from dlstudio.gui.canvas.paint.card_text import LEFT, THUMBNAILS_TOP, PlacedText, layout_card_text
from dlstudio.gui.canvas.paint.wire import paint_ports
from dlstudio.gui.canvas.scene.geometry import CARD_WIDTH, CORNER, badge_circle
from dlstudio.gui.canvas.scene.scene_items import Card
from dlstudio.gui.canvas.scene.thumbnails import Thumbnails

FROZEN_MARK_RADIUS = 8.5
FROZEN_MARK_MAX_RADIUS = 11.0
"""The mark must stay within the margin of a cached card (`card_cache.MARGIN`)."""
FROZEN_MARK_OFFSET = QPointF(3.0, 2.0)


@dataclass(frozen=True, slots=True)
class CardState:
    """Whether a card is selected, and whether the pointer is over it."""

    selected: bool = False
    hovered: bool = False


@dataclass(frozen=True)
class CardStyle:
    """Everything a card's pixmap depends on besides the card.

    Attributes:
        text_level: Fonts at this scale.
        scale: Scale of the view.
        pixel_ratio: Device pixels per pixel of the view.
    """

    canvas_style: CanvasStyle
    state: CardState
    text_level: TextLevel
    scale: float
    pixel_ratio: float


def paint_card(painter: QPainter, card: Card, content: CardContent, card_style: CardStyle) -> None:
    """Draw a card with its texts and ports, without badge and thumbnails."""
    rect, style, scale = card.rect, card_style.canvas_style, card_style.scale
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.shadow)
    painter.drawRoundedRect(rect.translated(0, max(1.5, 1.0 / scale)), CORNER, CORNER)
    painter.setBrush(style.card)
    painter.setPen(with_min_width(border_pen(content.status, style, card_style.state), 1.0 / scale))
    painter.drawRoundedRect(rect, CORNER, CORNER)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.stripe(content.category, card.colour))
    painter.drawRoundedRect(stripe_rect(rect, 2.5 / scale), 1.75, 1.75)
    _paint_texts(
        painter, rect, layout_card_text(content, style, card_style.text_level, rect.height()), style
    )
    if card_style.text_level.output_font is not None:
        paint_ports(painter, card, style)
    if content.frozen:
        _paint_frozen_mark(painter, rect.topLeft() + FROZEN_MARK_OFFSET, style, scale)


def paint_badge(
    painter: QPainter, rect: QRectF, status: CardStatus, style: CanvasStyle, scale: float
) -> None:
    """Draw the problem badge at a card's corner."""
    if status not in PROBLEM_STATUSES:
        return
    centre, radius = badge_circle(rect, scale)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(badge_colour(status, style))
    painter.drawEllipse(centre, radius, radius)
    painter.setBrush(style.canvas if style.theme.is_dark else QColor("white"))
    if status is CardStatus.INCOMPLETE:
        for offset in (-0.45, 0.0, 0.45):
            painter.drawEllipse(centre + QPointF(offset * radius, 0), 0.15 * radius, 0.15 * radius)
        return
    painter.drawRoundedRect(_centred_rect(centre, 0.2 * radius, -0.6 * radius, 0.12 * radius), 1, 1)
    painter.drawEllipse(centre + QPointF(0, 0.45 * radius), 0.14 * radius, 0.14 * radius)


def badge_colour(status: CardStatus, style: CanvasStyle) -> QColor:
    """Return the colour of a problem badge: red only for a contradiction."""
    if status is CardStatus.INCOMPLETE:
        return style.muted
    return style.error if status is CardStatus.ERROR else style.warning


def _paint_frozen_mark(
    painter: QPainter, centre: QPointF, style: CanvasStyle, scale: float
) -> None:
    """Draw a snowflake, the mark of frozen weights, enlarged at small scales."""
    radius = min(FROZEN_MARK_MAX_RADIUS, max(FROZEN_MARK_RADIUS, FROZEN_MARK_RADIUS / scale))
    painter.setPen(style.line)
    painter.setBrush(style.card)
    painter.drawEllipse(centre, radius, radius)
    width = max(0.13 * radius, 1.1 / scale)
    painter.setPen(QPen(style.accent, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for step in range(6):
        ray = QPointF(math.sin(step * math.pi / 3), math.cos(step * math.pi / 3)) * radius
        painter.drawLine(centre, centre + ray * 0.72)
        if radius * scale < FROZEN_MARK_RADIUS:
            continue
        for side in (-0.22, 0.22):
            tip = ray * 0.68 + QPointF(ray.y(), -ray.x()) * side
            painter.drawLine(centre + ray * 0.42, centre + tip)


def paint_thumbnails(
    painter: QPainter, card: Card, path: str, thumbnails: Thumbnails, style: CanvasStyle
) -> None:
    """Draw the thumbnails of a layer's output."""
    left, top = card.rect.left() + LEFT, card.rect.top() + THUMBNAILS_TOP
    thumbnails.paint(painter, path, left, top, style.theme)


def border_pen(status: CardStatus, style: CanvasStyle, state: CardState) -> QPen:
    """Return the pen of a card's border; an error outranks the selection."""
    if status is CardStatus.ERROR:
        return style.borders[status]
    if state.selected:
        return style.selected
    if state.hovered and status in {CardStatus.PLAIN, *UNFINISHED}:
        return style.port
    return style.borders[status]


def with_min_width(pen: QPen, width: float) -> QPen:
    """Return the pen, widened if it is thinner than `width` (scene units)."""
    if pen.widthF() >= width:
        return pen
    wider = QPen(pen)
    wider.setWidthF(width * max(1.0, pen.widthF()))
    return wider


def stripe_rect(rect: QRectF, min_width: float = 0.0) -> QRectF:
    """Return the rectangle of the category colour, at least `min_width` scene units wide."""
    return QRectF(rect.left() + 7.0, rect.top() + 8.0, max(3.5, min_width), rect.height() - 16.0)


def title_rect(rect: QRectF) -> QRectF:
    """Return the rectangle of a card's title."""
    return QRectF(rect.left() + LEFT - 5, rect.top() + 4, CARD_WIDTH - LEFT - 3, 24.0)


def _centred_rect(centre: QPointF, width: float, top: float, bottom: float) -> QRectF:
    return QRectF(centre.x() - width / 2, centre.y() + top, width, bottom - top)


def _paint_texts(
    painter: QPainter, rect: QRectF, placed_texts: tuple[PlacedText, ...], style: CanvasStyle
) -> None:
    painter.translate(rect.topLeft())
    for text, position, font, colour in placed_texts:
        painter.setFont(font)
        painter.setPen(style.theme.colour(colour))
        painter.drawStaticText(position, text)
    painter.translate(-rect.topLeft())
