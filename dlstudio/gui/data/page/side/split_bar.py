"""The split as a bar with two handles: training, validation and test."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dlstudio.design.model.data_settings import Split
from dlstudio.gui.style.theme import current_theme, font_size, text_font
from dlstudio.gui.widgets.number_format import format_integer

_BAR_TOP, _BAR_HEIGHT = 3, 20
_HANDLE = (10, 26)
_STEP = 0.01
_MAX_SHARE = 0.9
_MIN_TRAIN = 0.1


class SplitBar(QWidget):
    """Shows and edits the shares.

    Signals:
        split_chosen: The validation share of the training samples, and the test share.
    """

    split_chosen = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self._train_end, self._test_start = 0.72, 0.85
        self._samples: Mapping[str, int] = {}
        self._dragged: int | None = None
        self._active = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Split")
        self.setToolTip("Drag a handle, or use ← and →; Tab changes the handle by ↑ and ↓")

    def sizeHint(self) -> QSize:
        return QSize(240, _BAR_TOP + _HANDLE[1] + 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def show_split(
        self, split: Split, samples: Mapping[str, int], *, is_given: bool = False
    ) -> None:
        """Show the shares and the resulting numbers of samples.

        With `is_given` the data brings its own subsets, whose shares are shown and fixed.
        """
        self.setEnabled(not is_given)
        total = sum(samples.values())
        if is_given and total:
            self._train_end = samples.get("train", 0) / total
            self._test_start = 1 - samples.get("test", 0) / total
        elif self._dragged is None:
            self._test_start = 1 - min(split.test, _MAX_SHARE)
            self._train_end = self._test_start * (1 - min(split.validation, _MAX_SHARE))
        self._samples = samples
        self.setAccessibleDescription(
            ", ".join(f"{count} {subset}" for subset, count in samples.items())
        )
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        distances = [abs(event.position().x() - x) for x in self._handle_positions()]
        nearest = distances.index(min(distances))
        if distances[nearest] <= 14:
            self._dragged = self._active = nearest

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._move(self._dragged, event.position().x() / max(self.width(), 1))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._dragged = None
            self._emit_split()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self._active = 1 - self._active
                self.update()
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                step = _STEP if event.key() == Qt.Key.Key_Right else -_STEP
                self._move(self._active, (self._train_end, self._test_start)[self._active] + step)
                self._emit_split()
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, width = current_theme(), float(self.width())
        bar = QRectF(0, _BAR_TOP, width, _BAR_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("hover"))
        painter.drawRoundedRect(bar, 5, 5)
        light = theme.colour("accent")
        light.setAlpha(110)
        for end, colour in ((self._test_start, light), (self._train_end, theme.colour("accent"))):
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(0, bar.top(), width * end, bar.height()), 5, 5)
        painter.setFont(text_font(max(font_size() - 1, 11), text_font().Weight.DemiBold))
        painter.setPen(theme.colour("on_accent"))
        if width * self._train_end > 60:
            painter.drawText(bar.adjusted(9, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "Train")
        if self.isEnabled():
            self._draw_handles(painter)
        self._draw_counts(painter, bar.bottom() + 7)
        painter.end()

    def _draw_handles(self, painter: QPainter) -> None:
        theme = current_theme()
        for index, x in enumerate(self._handle_positions()):
            box = QRectF(x - _HANDLE[0] / 2, 0.5, _HANDLE[0], _HANDLE[1] - 1)
            active = self.hasFocus() and index == self._active
            painter.setPen(theme.colour("accent" if active else "muted"))
            painter.setBrush(theme.colour("panel"))
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(theme.colour("muted"))
            centre = box.center()
            painter.drawLine(centre - QPointF(0, 4), centre + QPointF(0, 4))

    def _draw_counts(self, painter: QPainter, top: float) -> None:
        painter.setFont(text_font(max(font_size() - 1, 11)))
        painter.setPen(current_theme().colour("text"))
        counts = {name: self._samples.get(name, 0) for name in ("train", "validation", "test")}
        share = round(100 * counts["train"] / max(sum(counts.values()), 1))
        line = QRectF(0, top, self.width(), 18)
        painter.drawText(
            line,
            Qt.AlignmentFlag.AlignLeft,
            f"{format_integer(counts['train'])} train, {share} %",
        )
        rest = f"{format_integer(counts['validation'])} validation    "
        rest += f"{format_integer(counts['test'])} test"
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, rest)

    def _handle_positions(self) -> tuple[float, float]:
        inner = self.width() - _HANDLE[0]
        left = _HANDLE[0] / 2
        return left + inner * self._train_end, left + inner * self._test_start

    def _move(self, handle: int, share: float) -> None:
        if handle == 0:
            self._train_end = min(max(share, _MIN_TRAIN), self._test_start)
        else:
            self._test_start = min(max(share, self._train_end), 1.0)
        self.update()

    def _emit_split(self) -> None:
        test = round(1 - self._test_start, 2)
        validation = round(1 - self._train_end / max(self._test_start, 0.01), 2)
        self.split_chosen.emit(min(max(validation, 0.0), _MAX_SHARE), max(test, 0.0))
