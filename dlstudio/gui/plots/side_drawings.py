"""The small drawings beside a layer's output: histogram, class bars, the sample itself."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.panels.data_pictures import as_image
from dlstudio.gui.plots.colour_maps import scale_image
from dlstudio.gui.theme import current, mono_font, text_font
from dlstudio.insight.views import ActivationView, LayerView

_MOST_CLASSES = 12


class Histogram(QWidget):
    """How often which value occurs in a layer's output, over the colours used for it."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._layer: LayerView | None = None
        self.setFixedHeight(44)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_layer(self, layer: LayerView | None) -> None:
        """Show another output."""
        self._layer = layer
        self.setToolTip("How often which value occurs, on a logarithmic scale")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bars on a logarithmic scale: zeros would hide everything else."""
        layer = self._layer
        if layer is None:
            return
        theme = current()
        painter = QPainter(self)
        bottom = self.height() - 8.0
        heights = np.log1p(layer.counts) / max(float(np.log1p(layer.counts.max())), 1e-9)
        step = self.width() / len(heights)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        for at, height in enumerate(heights):
            tall = float(height) * (bottom - 2)
            painter.drawRect(QRectF(at * step, bottom - tall, max(step - 1, 1), tall))
        if layer.form != "vector":
            self._draw_scale(painter, layer, bottom)
        painter.end()

    def _draw_scale(self, painter: QPainter, layer: LayerView, bottom: float) -> None:
        strip = scale_image(signed=layer.low < 0)
        source = QRectF(0, 0, 256, 1)
        if layer.low < 0:
            reach = max(-layer.low, layer.high, 1e-12)
            left = 128 + layer.low / reach * 128
            source = QRectF(left, 0, 128 + layer.high / reach * 128 - left, 1)
        painter.drawImage(QRectF(0, bottom + 2, self.width(), 5), strip, source)


class ClassBars(QWidget):
    """The network's answer as bars; the true class is marked."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._view: ActivationView | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(118, 60))
        self.setFixedWidth(128)

    def show_view(self, view: ActivationView | None) -> None:
        """Show another answer."""
        self._view = view
        if view is not None:
            self.setAccessibleName(_answer(view))
            self.setToolTip(_answer(view))
            self.setFixedWidth(128 if max(map(len, view.class_names), default=0) <= 3 else 176)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a line for each class, of many classes the likeliest."""
        view = self._view
        if view is None or not len(view.scores):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if len(view.class_names) == len(view.scores):
            self._draw_classes(painter, view)
        else:
            self._draw_values(painter, view)
        painter.end()

    def _draw_classes(self, painter: QPainter, view: ActivationView) -> None:
        theme = current()
        order = list(range(len(view.scores)))
        if len(order) > _MOST_CLASSES:
            order = sorted(np.argsort(-view.scores)[: _MOST_CLASSES - 1].tolist())
            order += [] if view.target in order or view.target < 0 else [view.target]
        answer = int(np.argmax(view.scores))
        line = min(21.0, self.height() / len(order))
        short = max(len(view.class_names[at]) for at in order) <= 3
        painter.setFont(mono_font(11) if short else text_font(11))
        words = 22.0 if short else 82.0
        metrics = QFontMetricsF(painter.font())
        for row, at in enumerate(order):
            top = row * line
            is_true = at == view.target
            painter.setPen(theme.colour("text" if is_true else "muted"))
            name = metrics.elidedText(view.class_names[at], Qt.TextElideMode.ElideRight, words)
            place = QRectF(0, top, words, line)
            painter.drawText(
                place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name
            )
            self._draw_bar(painter, QRectF(words + 8, top, self.width() - words - 10, line),
                           float(view.scores[at]), wrong=at == answer and not is_true,
                           is_true=is_true)  # fmt: skip

    def _draw_bar(
        self, painter: QPainter, room: QRectF, share: float, *, wrong: bool, is_true: bool
    ) -> None:
        theme = current()
        tall = min(10.0, room.height() - 3)
        bar = QRectF(
            room.left(), room.center().y() - tall / 2, max(share * room.width(), 1.2), tall
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("error" if wrong else "accent"))
        painter.drawRoundedRect(bar, 1.5, 1.5)
        if is_true:
            painter.setPen(QPen(theme.colour("good"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                QRectF(room.left(), bar.top() - 1.5, room.width(), tall + 3), 2.5, 2.5
            )

    def _draw_values(self, painter: QPainter, view: ActivationView) -> None:
        theme = current()
        painter.setFont(text_font(11))
        painter.setPen(theme.colour("muted"))
        painter.drawText(QPointF(8, 16), "predicted")
        painter.drawText(QPointF(8, 58), "truth")
        painter.setFont(mono_font(14))
        painter.setPen(theme.colour("text"))
        painter.drawText(QPointF(8, 36), ", ".join(f"{value:.4g}" for value in view.scores[:3]))
        painter.setPen(theme.colour("good_text"))
        painter.drawText(QPointF(8, 78), view.truth)


class SamplePicture(QWidget):
    """The sample that is sent through the network."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._view: ActivationView | None = None
        self.setFixedSize(QSize(44, 44))

    def show_view(self, view: ActivationView | None) -> None:
        """Show another sample."""
        self._view = view
        self.setVisible(view is not None and view.picture is not None)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it without smoothing: a pixel is a value."""
        if self._view is not None and self._view.picture is not None:
            painter = QPainter(self)
            painter.drawImage(QRectF(self.rect()), as_image(self._view.picture))
            painter.end()


def _answer(view: ActivationView) -> str:
    if len(view.class_names) != len(view.scores):
        return f"predicted {view.scores[:3].tolist()}, truth {view.truth}"
    best = int(np.argmax(view.scores))
    share = 100 * float(view.scores[best])
    return f"answer {view.class_names[best]} ({share:.1f} %), truth {view.truth}"
