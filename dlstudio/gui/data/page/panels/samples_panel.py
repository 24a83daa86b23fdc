"""Samples of data without columns: images with classes, excerpts of texts, curves of sequences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from dlstudio.data.preview import Preview
from dlstudio.data.sources.sources import SOURCES, parse_options
from dlstudio.design.model.signals import Signal as TensorSignal
from dlstudio.gui.data.drawings.data_plots import ImageGrid
from dlstudio.gui.data.page.contents.data_facts import token_unit
from dlstudio.gui.data.page.contents.page_contents import PageContents
from dlstudio.gui.data.page.panels.panel_frame import panel_frame
from dlstudio.gui.data.page.panels.sound_grid import SoundGrid, Sounds
from dlstudio.gui.style.theme import current_theme, font_size, mono_font, text_font
from dlstudio.gui.widgets.basic_widgets import clear_layout, label

_MAX_TEXTS = 12
_MAX_CHARACTERS = 600
_CURVE = (168, 74)
_MAX_CURVES = 36


class SamplesPanel(QFrame):
    """Shows some training samples."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._remark = label(role="muted")
        layout = panel_frame(self, "Samples", self._remark)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 8, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self._body)
        layout.addWidget(scroll, 1)

    def show_contents(self, contents: PageContents) -> None:
        """Show samples of data that was read."""
        clear_layout(self._column)
        self._remark.setToolTip("")
        preview = contents.preview
        if preview is None:
            return
        signal = next(iter(contents.info.inputs.values()))
        if len(contents.outlines):
            self._show_sounds(contents, preview)
        elif preview.images.size:
            source = SOURCES.get(contents.settings.source)
            noun = source.sample_noun if source is not None and source.sample_noun else "image"
            self._remark.setText(f"{signal.text()}, some training {noun}s")
            self._column.addWidget(ImageGrid(preview.images, preview.targets))
        elif signal.meaning == "sequence" and len(contents.curves):
            self._remark.setText(f"{signal.shape[0]:,} steps each")
            self._column.addWidget(CurveGrid(contents.curves[:_MAX_CURVES], preview.targets))
        else:
            self._remark.setText(f"{signal.text()} each")
            if signal.dtype == "int64":
                self._show_token_remark(contents, signal)
            for text in preview.texts[:_MAX_TEXTS]:
                excerpt = text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}…"
                self._column.addWidget(label(excerpt, "excerpt", wrap=True))
        self._column.addStretch(1)

    def _show_sounds(self, contents: PageContents, preview: Preview) -> None:
        options = parse_options(contents.settings.source, contents.settings.options)
        sounds = Sounds(
            contents.outlines,
            contents.durations,
            float(options["seconds"]),
            preview.images[..., 0],
            preview.targets,
        )
        remark = "waveform above, below it the spectrogram that the network reads"
        if sounds.is_padded:
            remark += f" · hatched: padded with silence to {sounds.length:g} s"
        self._remark.setText(remark)
        self._column.addWidget(SoundGrid(sounds))

    def _show_token_remark(self, contents: PageContents, signal: TensorSignal) -> None:
        unit = token_unit(contents.settings)
        what = f"; a token is {unit}" if unit else ""
        self._remark.setText(f"{signal.text()} tokens each{what}")
        self._remark.setToolTip(
            "Tokens are the pieces of a text that the network reads one after another, each as a "
            "number"
        )


class CurveGrid(QWidget):
    """Sequences as small curves with their targets below."""

    def __init__(self, curves: npt.NDArray[np.float32], targets: Sequence[str]) -> None:
        """Show curves (N, T)."""
        super().__init__()
        self._curves, self._targets = curves, targets
        self.setAccessibleName(f"{len(curves)} sequences")

    def resizeEvent(self, _event: object) -> None:
        rows = -(-len(self._curves) // self._per_row())
        self.setMinimumHeight(rows * (_CURVE[1] + 30))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(mono_font(max(font_size() - 2, 11)))
        theme, per_row = current_theme(), self._per_row()
        width = (self.width() - 12 * (per_row - 1)) / per_row
        for index, values in enumerate(self._curves):
            row, column = divmod(index, per_row)
            box = QRectF(column * (width + 12), row * (_CURVE[1] + 30), width, _CURVE[1])
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.setBrush(theme.colour("canvas"))
            painter.drawRoundedRect(box, 6, 6)
            painter.setPen(QPen(theme.colour("accent"), 1.3))
            painter.drawPolyline(_polyline(values, box.adjusted(6, 6, -6, -6)))
            if index < len(self._targets):
                painter.setPen(theme.colour("muted"))
                painter.setFont(text_font(max(font_size() - 2, 11)))
                text = painter.fontMetrics().elidedText(
                    self._targets[index], Qt.TextElideMode.ElideRight, int(width)
                )
                painter.drawText(QRectF(box.left(), box.bottom() + 2, width, 18), text)
        painter.end()

    def _per_row(self) -> int:
        return max((self.width() + 12) // (_CURVE[0] + 12), 1)


def _polyline(values: npt.NDArray[np.float32], box: QRectF) -> QPolygonF:
    low, high = float(values.min()), float(values.max())
    span = high - low or 1.0
    step = box.width() / max(len(values) - 1, 1)
    return QPolygonF(
        [
            QPointF(box.left() + index * step, box.bottom() - (value - low) / span * box.height())
            for index, value in enumerate(values.tolist())
        ]
    )
