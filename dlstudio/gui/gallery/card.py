"""A card of the gallery: picture, title, a line, level, time and result of one example."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from dlstudio.design.library.example_cards import LEVELS
from dlstudio.gui.gallery.card_info import CardInfo
from dlstudio.gui.gallery.card_metrics import RADIUS, CardLook, picture_height, scale
from dlstudio.gui.gallery.card_painter import (
    draw_chip,
    draw_shadow,
    rounded_top,
)
from dlstudio.gui.gallery.card_text import WATCH, draw_slim_text, draw_text, small_font
from dlstudio.gui.style.theme import current_theme
from dlstudio.gui.widgets.number_format import format_integer

MARGIN = 5
"""Room around a card for its shadow."""
ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_FADE_MS = 160
_CROPPED = 0.1
"""Largest difference between the aspects of picture and place at which the picture is cropped."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GalleryCard(QAbstractButton):
    """One example; a click opens it.

    Signals:
        train_requested: The example should be opened and trained.
        arrow_pressed: An arrow key was pressed, by which a scroll area would scroll.
    """

    train_requested = Signal()
    arrow_pressed = Signal(object)

    def __init__(self, info: CardInfo, look: CardLook, number: int, parent: QWidget) -> None:
        """Create a card; `number` is its place in the reading order, 0 for none."""
        super().__init__(parent)
        self.name = info.name
        self.info = info
        self.look = look
        self.number = number
        self._picture = QPixmap()
        self._scaled = QPixmap()
        self._opacity = 0.0
        self.is_pointed_at = False
        self._fade = QVariantAnimation(self, duration=_FADE_MS, startValue=0.0, endValue=1.0)
        self._fade.valueChanged.connect(self._set_opacity)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setText(info.title)
        self.setAccessibleName(f"{info.title}: {info.line}")
        self.setAccessibleDescription(facts_text(info))
        self.setToolTip(f"{info.line}\n{facts_text(info)}\n{info.name}")

    @property
    def has_picture(self) -> bool:
        """Whether the picture was set."""
        return not self._picture.isNull()

    def set_picture(self, picture: QPixmap, *, fade: bool) -> None:
        """Show a picture in the place reserved for it."""
        self._picture, self._scaled = picture, QPixmap()
        if fade and self.isVisible():
            self._fade.start()
        else:
            self._set_opacity(1.0)

    def clear_picture(self) -> None:
        """Forget the picture, which is of another theme."""
        self._picture = self._scaled = QPixmap()
        self._opacity = 0.0
        self.update()

    def sizeHint(self) -> QSize:
        return self.size()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter or Space, train with Shift+Enter; the page handles other keys."""
        if event.key() in _ENTER and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.train_requested.emit()
        elif event.key() in (*_ENTER, Qt.Key.Key_Space):
            self.click()
        elif event.key() in ARROWS:
            self.arrow_pressed.emit(Qt.Key(event.key()))
        else:
            event.ignore()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.is_pointed_at = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.is_pointed_at = False
        self.update()
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Start training if the click was on its link, else open the example."""
        if self.isDown() and self.watch_rect().contains(event.position()):
            self.setDown(False)
            self.train_requested.emit()
        else:
            super().mouseReleaseEvent(event)

    def hitButton(self, position: QPoint) -> bool:
        return self._frame().contains(QPointF(position))

    def watch_rect(self) -> QRectF:
        """Return the place of the link that starts training."""
        if self.look is CardLook.SLIM:
            return QRectF()
        width = QFontMetricsF(small_font()).horizontalAdvance(f"▶ {WATCH}") + 8
        frame = self._frame()
        return QRectF(
            frame.right() - width - 10, frame.bottom() - 30 * scale(), width, 26 * scale()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme, frame = current_theme(), self._frame()
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        if self.is_pointed_at:
            draw_shadow(painter, frame, RADIUS, theme)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("card"))
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        picture = QRectF(frame.topLeft(), QSize(round(frame.width()), self._picture_height()))
        self._draw_picture(painter, picture)
        below = frame.adjusted(0, picture.height(), 0, 0)
        if self.look is CardLook.SLIM:
            draw_slim_text(painter, below, self.info)
        else:
            draw_text(painter, below, self)
        self._draw_border(painter, frame)
        painter.end()

    def _frame(self) -> QRectF:
        return QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)

    def _picture_height(self) -> int:
        return picture_height(self.look, self.width() - 2 * MARGIN)

    def _draw_border(self, painter: QPainter, frame: QRectF) -> None:
        theme = current_theme()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(frame, RADIUS, RADIUS)
        else:
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _draw_picture(self, painter: QPainter, rect: QRectF) -> None:
        theme = current_theme()
        painter.save()
        painter.setClipPath(rounded_top(rect, RADIUS))
        painter.fillRect(rect, theme.colour("canvas"))
        if not self._picture.isNull():
            painter.setOpacity(self._opacity)
            image = self._scaled_picture(rect)
            size = QSize(image.deviceIndependentSize().toSize())
            corner = rect.center() - QPointF(size.width() / 2, size.height() / 2)
            painter.drawPixmap(corner, image)
            painter.setOpacity(1.0)
        painter.restore()
        if self.look is not CardLook.SLIM:
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
            self._draw_download(painter, rect)

    def _scaled_picture(self, rect: QRectF) -> QPixmap:
        ratio = self.devicePixelRatioF()
        target = QSize(round(rect.width() * ratio), round(rect.height() * ratio))
        if self._scaled.isNull() or self._scaled.width() != target.width():
            size = self._picture.size()
            modes = Qt.AspectRatioMode
            is_alike = abs(size.height() / size.width() - rect.height() / rect.width()) < _CROPPED
            mode = modes.KeepAspectRatioByExpanding if is_alike else modes.KeepAspectRatio
            self._scaled = self._picture.scaled(
                target, mode, Qt.TransformationMode.SmoothTransformation
            )
            self._scaled.setDevicePixelRatio(ratio)
        return self._scaled

    def _draw_download(self, painter: QPainter, picture: QRectF) -> None:
        if not self.info.download:
            return
        font = small_font()
        painter.setFont(font)
        height = 20 * scale()
        width = QFontMetricsF(font).horizontalAdvance(self.info.download) + height + 14
        chip = QRectF(picture.left() + 7, picture.bottom() - height - 6, width, height)
        draw_chip(painter, chip, self.info.download, "download", current_theme())

    def _set_opacity(self, value: float) -> None:
        self._opacity = value
        self.update()


def facts_text(info: CardInfo) -> str:
    """Return level, time, result and download in words."""
    parts = [str(info.year)] if info.year else [LEVELS[info.level]]
    if info.seconds:
        parts.append(f"{info.seconds} to train on one CPU core")
    if info.trained:
        parts.append("trained weights included")
    if info.metric:
        parts.append(f"{info.metric} {info.subset}".strip())
    if info.parameters:
        parts.append(f"{format_integer(info.parameters)} parameters")
    if info.download:
        parts.append(f"downloads {info.download} of data")
    return " · ".join(parts)
