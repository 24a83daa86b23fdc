"""The sample shown by the activations panel: an image, or the cells of a table's row."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.data.drawings.data_plots import to_qimage
from dlstudio.gui.style.theme import current_theme, mono_font, text_font
from dlstudio.insight.activations.activation_views import ActivationView

_SIZE = 40
CELL_WIDTH = 66
_MAX_CELLS = 4
_TIP_CELLS = 40


class SampleImage(QWidget):
    """Shows the sample as an image or as the named cells that fit; hidden if it is neither."""

    def __init__(self) -> None:
        super().__init__()
        self._view: ActivationView | None = None
        self.setFixedSize(QSize(_SIZE, _SIZE))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of an image or of one cell; a layout may add room for more cells."""
        return self.minimumSize()

    def show_view(self, view: ActivationView | None) -> None:
        self._view = view
        cells = () if view is None else view.cells
        shown = min(len(cells), _MAX_CELLS)
        self.setMinimumWidth(CELL_WIDTH if shown else _SIZE)
        self.setMaximumWidth(CELL_WIDTH * shown if shown else _SIZE)
        lines = [f"{name}: {cell or '–'}" for name, cell in cells[:_TIP_CELLS]]
        more = len(cells) - _TIP_CELLS
        self.setToolTip("\n".join([*lines, f"… and {more:,} more"] if more > 0 else lines))
        self.setAccessibleName(", ".join(lines))
        self.setVisible(view is not None and (view.image is not None or bool(cells)))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw without smoothing, so that pixels stay visible."""
        if self._view is None:
            return
        painter = QPainter(self)
        if self._view.image is not None:
            painter.drawImage(QRectF(self.rect()), to_qimage(self._view.image))
        elif self._view.cells:
            fitting = max(self.width() // CELL_WIDTH, 1)
            self._draw_cells(painter, self._view.cells[: min(fitting, _MAX_CELLS)])
        painter.end()

    def _draw_cells(self, painter: QPainter, cells: tuple[tuple[str, str], ...]) -> None:
        theme, half = current_theme(), self.height() / 2
        cell_width = self.width() / len(cells)
        for index, texts in enumerate(cells):
            for line, (text, font, colour) in enumerate(
                zip(texts, (text_font(11), mono_font(12)), ("muted", "text"), strict=True)
            ):
                painter.setFont(font)
                painter.setPen(theme.colour(colour))
                area = QRectF(index * cell_width, line * half, cell_width - 6, half)
                elided = painter.fontMetrics().elidedText(
                    text or "–", Qt.TextElideMode.ElideRight, int(area.width())
                )
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, elided)
