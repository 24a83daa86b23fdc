"""Sounds as waveforms above the spectrograms that a network reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from dlstudio.gui.style.theme import current_theme, font_size, text_font
from dlstudio.gui.widgets.colour_maps import colour_table, to_indexed_image

_WIDTH, _GAP = 180, 14
_WAVE, _SPECTROGRAM, _CAPTION = 46, 64, 20
_HEIGHT = _WAVE + _SPECTROGRAM + _CAPTION + 18


@dataclass(frozen=True, slots=True)
class Sounds:
    """Some sounds.

    Attributes:
        outlines: Lowest and highest sample in each span of time (N, 2, S).
        durations: Their seconds (N,).
        length: The seconds of the spectrograms; shorter sounds are padded to it.
        spectrograms: Loudness as uint8 (N, F, T).
        labels: Their classes.
    """

    outlines: npt.NDArray[np.float32]
    durations: npt.NDArray[np.float32]
    length: float
    spectrograms: npt.NDArray[np.uint8]
    labels: Sequence[str]

    def share(self, index: int) -> float:
        """Return the share of a spectrogram that is sound, the rest being padding."""
        return min(float(self.durations[index]) / self.length, 1.0)

    @property
    def is_padded(self) -> bool:
        """Whether any of them is shorter than its spectrogram."""
        return any(self.share(index) < 1 for index in range(len(self.durations)))


class SoundGrid(QWidget):
    """As many sounds in a line as fit; the padding is hatched."""

    def __init__(self, sounds: Sounds) -> None:
        super().__init__()
        self._sounds = sounds
        table = colour_table(signed=False)
        self._images = [to_indexed_image(plane, table) for plane in sounds.spectrograms]
        self.setAccessibleName(f"{len(self._images)} sounds with their spectrograms")

    def resizeEvent(self, _event: object) -> None:
        lines = -(-len(self._images) // self._per_line())
        self.setMinimumHeight(lines * _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count = self._per_line()
        width = (self.width() - _GAP * (count - 1)) / count
        for index in range(len(self._images)):
            line, column = divmod(index, count)
            self._draw(painter, index, column * (width + _GAP), line * _HEIGHT, width)
        painter.end()

    def _draw(self, painter: QPainter, index: int, left: float, top: float, width: float) -> None:
        theme, sounds = current_theme(), self._sounds
        wave = QRectF(left, top, width, _WAVE)
        plane = QRectF(left, wave.bottom() + 3, width, _SPECTROGRAM)
        share = sounds.share(index)
        painter.fillRect(wave, theme.colour("canvas"))
        painter.setPen(QPen(theme.colour("accent"), 1))
        painter.setBrush(theme.colour("accent"))
        painter.drawPolygon(_polygon(sounds.outlines[index], wave))
        painter.drawImage(plane, self._images[index])
        if share < 1:
            for box in (wave, plane):
                self._draw_padding(painter, box.adjusted(width * share, 0, 0, 0))
        painter.setFont(text_font(max(font_size() - 2, 11)))
        painter.setPen(theme.colour("text"))
        caption = QRectF(left, plane.bottom() + 2, width, _CAPTION)
        seconds = f"{float(sounds.durations[index]):.2g} s"
        painter.drawText(caption, Qt.AlignmentFlag.AlignRight, seconds)
        room = int(width - painter.fontMetrics().horizontalAdvance(seconds) - 8)
        label = sounds.labels[index] if index < len(sounds.labels) else ""
        elided = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, room)
        painter.drawText(caption, Qt.AlignmentFlag.AlignLeft, elided)

    def _draw_padding(self, painter: QPainter, box: QRectF) -> None:
        theme = current_theme()
        painter.fillRect(box, theme.colour("field"))
        hatching = theme.colour("wire")
        hatching.setAlpha(90)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(hatching)
        brush = painter.brush()
        brush.setStyle(Qt.BrushStyle.BDiagPattern)
        painter.setBrush(brush)
        painter.drawRect(box)

    def _per_line(self) -> int:
        return max((self.width() + _GAP) // (_WIDTH + _GAP), 1)


def _polygon(outline: npt.NDArray[np.float32], box: QRectF) -> QPolygonF:
    """Return the outline (2, S) of a waveform, scaled so that its loudest sample fits."""
    peak = max(float(np.abs(outline).max(initial=0.0)), 1e-6)
    middle, half = box.center().y(), box.height() / 2 - 2
    step = box.width() / max(outline.shape[1], 1)
    low, high = ((middle - half * row / peak).tolist() for row in outline)
    places = [box.left() + (index + 0.5) * step for index in range(outline.shape[1])]
    upper = [QPointF(x, y) for x, y in zip(places, high, strict=True)]
    lower = [QPointF(x, y) for x, y in zip(places, low, strict=True)]
    return QPolygonF([*upper, *reversed(lower)])
