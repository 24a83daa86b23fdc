"""The classes with their shares in all subsets, or the histogram of the values to predict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from dlstudio.gui.data.page.contents.page_contents import PageContents
from dlstudio.gui.data.page.panels.panel_frame import panel_frame
from dlstudio.gui.style.theme import current_theme, font_size, mono_font, text_font
from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.gui.widgets.class_markers import class_colour, draw_marker
from dlstudio.gui.widgets.number_format import format_integer

_ROW, _BAR, _STACK = 40, 8, 19
_IMBALANCE = 4.0
_MAX_STACKED = 12
_WIDE = 200
"""From this width on, counts are shown beside the shares."""
_BUSY_OPACITY = 0.45
_SUBSET_TITLES = {"train": "Train", "validation": "Validation", "test": "Test"}


class ClassesPanel(QFrame):
    """Shows what there is to predict."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._title = label(role="title")
        layout = panel_frame(self, self._title)
        self._drawing = _TargetDrawing()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self._drawing)
        layout.addWidget(scroll, 1)
        self._verdict = label(role="small", wrap=True)
        layout.addWidget(self._verdict)

    def show_busy(self) -> None:
        """Dim the classes that were read: they may change, such as with another target."""
        self._drawing.set_busy(is_busy=True)
        self._verdict.setText("being read again…")

    @property
    def is_busy(self) -> bool:
        """Whether the classes shown are those of an earlier reading."""
        return self._drawing.is_busy

    def show_contents(self, contents: PageContents, target: str) -> None:
        """Show the target of data that was read."""
        self._drawing.set_busy(is_busy=False)
        preview = contents.preview
        self._title.setText(f"Classes of {target}" if target else "Classes")
        if preview is None:
            self._drawing.show_nothing("Choose a target to see its values.")
            self._verdict.clear()
        elif preview.class_counts:
            names = contents.info.class_names
            self._drawing.show_classes(names, preview.class_counts)
            self._verdict.setText(balance_text(names, preview.class_counts))
        elif preview.histogram is not None:
            self._title.setText(f"Values of {target}" if target else "Values")
            counts, edges = preview.histogram
            self._drawing.show_histogram(counts.tolist(), edges.tolist())
            self._verdict.setText("training samples")
        elif contents.info.target is not None and contents.info.target.meaning == "tokens":
            self._title.setText("Next tokens")
            size = contents.info.numbers.get("vocabulary", 0)
            self._drawing.show_nothing(f"One of {size:,} different tokens, for each token.")
            self._verdict.clear()
        else:
            self._title.setText("Nothing to predict")
            self._drawing.show_nothing("The network learns from the samples alone.")
            self._verdict.clear()


def balance_text(names: Sequence[str], counts: Mapping[str, Sequence[int]]) -> str:
    """Return what the sizes of the classes mean for training."""
    train = [count for count in counts.get("train", ()) if count]
    if len(train) < 2:
        return "One class only: there is nothing to tell apart."
    ratio = max(train) / min(train)
    if ratio < _IMBALANCE:
        return f"{ratio:.1f} : 1, no class weights needed"
    rarest = names[int(np.argmin(counts["train"]))]
    return f"{ratio:.1f} : 1, {rarest} is rare: a network may ignore it"


class _TargetDrawing(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._names: Sequence[str] = ()
        self._counts: Mapping[str, Sequence[int]] = {}
        self._bins: Sequence[int] = ()
        self._edges: Sequence[float] = ()
        self._hint = ""
        self.is_busy = False

    def set_busy(self, *, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.update()

    def show_classes(self, names: Sequence[str], counts: Mapping[str, Sequence[int]]) -> None:
        self._names, self._counts, self._bins, self._hint = names, counts, (), ""
        stacks = len(counts) if len(names) <= _MAX_STACKED else 0
        self.setMinimumHeight(len(names) * _ROW + (30 + stacks * _STACK if stacks else 0))
        totals = self._totals()
        self.setAccessibleName(
            "Class balance: " + ", ".join(f"{n}: {t}" for n, t in zip(names, totals, strict=True))
        )
        self.update()

    def show_histogram(self, bins: Sequence[int], edges: Sequence[float]) -> None:
        self._names, self._counts, self._bins, self._edges = (), {}, bins, edges
        self._hint = ""
        self.setMinimumHeight(90)
        self.setAccessibleName(
            f"Histogram of {sum(bins)} values from {edges[0]:g} to {edges[-1]:g}"
        )
        self.update()

    def show_nothing(self, hint: str) -> None:
        self._names, self._counts, self._bins, self._hint = (), {}, (), hint
        self.setMinimumHeight(60)
        self.setAccessibleName(hint)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_BUSY_OPACITY if self.is_busy else 1.0)
        if self._hint:
            painter.setPen(current_theme().colour("muted"))
            flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), int(flags), self._hint)
        elif self._names:
            self._draw_classes(painter)
        elif self._bins:
            self._draw_histogram(painter)
        painter.end()

    def _totals(self) -> list[int]:
        return [
            sum(counts[index] for counts in self._counts.values())
            for index in range(len(self._names))
        ]

    def _draw_classes(self, painter: QPainter) -> None:
        theme, width = current_theme(), self.width() - 10
        totals = self._totals()
        whole, highest = max(sum(totals), 1), max([*totals, 1])
        for index, (name, total) in enumerate(zip(self._names, totals, strict=True)):
            top = index * _ROW
            draw_marker(painter, QPointF(5, top + 11), 4.2, index, class_colour(index))
            figures = f"{format_integer(total)}   "
            share = f"{100 * total / whole:.1f} %"
            painter.setFont(mono_font(0, mono_font().Weight.DemiBold))
            share_width = painter.fontMetrics().horizontalAdvance("100.0 %")
            painter.setPen(theme.colour("text"))
            line = QRectF(18, top, width - 18, 22)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(line, right, share)
            painter.setFont(mono_font(0))
            used = share_width
            if width > _WIDE:
                painter.setPen(theme.colour("muted"))
                painter.drawText(line.adjusted(0, 0, -share_width, 0), right, figures)
                used += painter.fontMetrics().horizontalAdvance(figures)
            painter.setFont(text_font(0))
            painter.setPen(theme.colour("text"))
            elided = painter.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideRight, int(line.width() - used - 6)
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, elided)
            painter.setPen(Qt.PenStyle.NoPen)
            track = QRectF(0, top + 25, width, _BAR)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(track, 4, 4)
            painter.setBrush(class_colour(index))
            track.setWidth(max(width * total / highest, 4.0 if total else 0.0))
            painter.drawRoundedRect(track, 4, 4)
        if len(self._names) <= _MAX_STACKED:
            self._draw_subsets(painter, len(self._names) * _ROW + 6, width)

    def _draw_subsets(self, painter: QPainter, top: float, width: float) -> None:
        theme = current_theme()
        painter.setPen(theme.colour("line"))
        painter.drawLine(QPointF(0, top), QPointF(width, top))
        painter.setFont(text_font(max(font_size() - 1, 11)))
        caption = painter.fontMetrics().horizontalAdvance("Validation") + 14
        figures = painter.fontMetrics().horizontalAdvance("000 000") + 6
        top += 8
        for subset, counts in self._counts.items():
            total = max(sum(counts), 1)
            line = QRectF(0, top, width, _STACK)
            painter.setPen(theme.colour("muted"))
            painter.drawText(
                line, Qt.AlignmentFlag.AlignVCenter, _SUBSET_TITLES.get(subset, subset)
            )
            painter.setPen(theme.colour("text"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(line, right, format_integer(sum(counts)))
            left = float(caption)
            painter.setPen(Qt.PenStyle.NoPen)
            for index, count in enumerate(counts):
                part = (width - caption - figures) * count / total
                painter.setBrush(class_colour(index))
                painter.drawRect(QRectF(left, top + 6, max(part - 1, 0), 7))
                left += part
            top += _STACK

    def _draw_histogram(self, painter: QPainter) -> None:
        theme, width = current_theme(), self.width() - 10
        height = min(self.height() - 26, 150)
        highest = max([*self._bins, 1])
        step = width / len(self._bins)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        for index, count in enumerate(self._bins):
            bar = height * count / highest
            painter.drawRect(QRectF(index * step, height - bar, max(step - 2, 1), bar))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(QPointF(0, height + 0.5), QPointF(width, height + 0.5))
        painter.setFont(mono_font(max(font_size() - 2, 11)))
        painter.setPen(theme.colour("muted"))
        line = QRectF(0, height + 4, width, 18)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, f"{self._edges[0]:.4g}")
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, f"{self._edges[-1]:.4g}")
