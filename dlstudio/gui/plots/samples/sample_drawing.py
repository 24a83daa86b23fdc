"""Draws samples: images in rows or a grid, and masks; other files draw plots and texts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.gui.data.drawings.data_plots import to_qimage
from dlstudio.gui.plots.samples.sample_plots import (
    draw_lines,
    draw_points,
    draw_scatter,
    lines_height,
)
from dlstudio.gui.plots.samples.sample_texts import (
    caption_width,
    captions_height,
    draw_caption,
    draw_texts,
    texts_height,
)
from dlstudio.gui.style.theme import current_theme, text_font
from dlstudio.gui.widgets.mask_colours import mask_colour, mask_image
from dlstudio.insight.samples.sample_views import NO_CLASS, SampleRow, SamplesView

_GAP = 4.0
_BAND_GAP = 10.0
"""Space between bands of rows."""
_MAX_BANDS = 4
_TITLE_WIDTH = 108.0
"""Width of the titles beside paired rows."""
_LEGEND_HEIGHT = 20.0
_MIN_CAPTION_WIDTH, _MAX_CAPTION_WIDTH = 56.0, 110.0
"""Limits of the width of a caption."""
_MIN_SIZE = QSize(96, 70)
_MIN_IMAGE_SIZE = 24.0
"""Minimum side of images in rows; with less space the drawing scrolls."""


class SampleDrawing(QWidget):
    """Shows one view; its minimum height grows with texts and plots."""

    def __init__(self) -> None:
        super().__init__()
        self._view: SamplesView | None = None
        self._images: list[list[QImage]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(_MIN_SIZE)

    def show_view(self, view: SamplesView | None) -> None:
        self._view = view
        self._render_images()
        rows = [f"{row.title}: {len(row)}" for row in view.rows] if view else []
        lines = [line.text for line in view.captions] if view else []
        self.setAccessibleDescription(", ".join([*rows, *lines]))
        self._update_minimum_height()
        self.update()

    def apply_theme(self) -> None:
        """Render mask images in the theme's colours."""
        self._render_images()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Update the minimum height when the width changes."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._update_minimum_height()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._view is None:
            return
        painter = QPainter(self)
        self.draw(painter, QRectF(self.rect()))
        painter.end()

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw all samples into a rectangle of the painter's device."""
        view = self._view
        if view is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(11))
        if view.form == "masks":
            _draw_classes(painter, area, view)
            self._draw_rows(painter, area.adjusted(0, _LEGEND_HEIGHT, 0, 0), view)
        elif view.form == "pictures" and view.paired:
            self._draw_rows(painter, area, view)
        elif view.form == "pictures":
            self._draw_grid(painter, area, view)
        elif view.form == "points":
            draw_points(painter, area, view)
        elif view.form == "lines":
            draw_lines(painter, area, view)
        elif view.form == "scatter":
            draw_scatter(painter, area, view)
        else:
            draw_texts(painter, area, view.captions)

    def _render_images(self) -> None:
        view = self._view
        has_images = view is not None and view.form in {"pictures", "masks"}
        self._images = [_row_images(row) for row in view.rows] if view and has_images else []

    def _update_minimum_height(self) -> None:
        view, min_height = self._view, float(_MIN_SIZE.height())
        if view is not None and view.form == "texts":
            min_height = texts_height(view.captions, self.width())
        elif view is not None and view.form == "lines":
            min_height = lines_height(view, self.width())
        elif view is not None and self._images and view.paired:
            min_height = _rows_height(self.width(), len(self._images), len(view))
            min_height += _LEGEND_HEIGHT if view.form == "masks" else 0.0
        self.setMinimumHeight(max(math.ceil(min_height), _MIN_SIZE.height()))

    def _draw_grid(self, painter: QPainter, area: QRectF, view: SamplesView) -> None:
        captions, images = view.captions, self._images[0]
        width = caption_width(captions, _MIN_CAPTION_WIDTH, _MAX_CAPTION_WIDTH)
        below = captions_height(captions, width) if captions else 0.0
        for index, rect in enumerate(_grid_rects(area, len(images), below, width)):
            painter.drawImage(rect, images[index])
            if captions:
                wide = max(rect.width(), width)
                left = rect.center().x() - wide / 2
                caption_rect = QRectF(left, rect.bottom() + 1, wide, below - 1)
                draw_caption(painter, caption_rect, captions[index])

    def _draw_rows(self, painter: QPainter, area: QRectF, view: SamplesView) -> None:
        count = max(map(len, self._images), default=0)
        if not count:
            return
        rows = len(self._images)
        bands, side = _band_layout(area, rows, count)
        across = math.ceil(count / bands)
        for number, (row, images) in enumerate(zip(view.rows, self._images, strict=True)):
            for band in range(bands):
                top = area.top() + (band * rows + number) * (side + _GAP) + band * _BAND_GAP
                painter.setPen(current_theme().colour("muted"))
                title_rect = QRectF(area.left(), top, _TITLE_WIDTH - 8, side)
                flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
                if band == 0 or rows > 1:
                    painter.drawText(title_rect, flags, row.title)
                for column, image in enumerate(images[band * across : (band + 1) * across]):
                    left = area.left() + _TITLE_WIDTH + column * (side + _GAP)
                    painter.drawImage(QRectF(left, top, side, side), image)


def _row_images(row: SampleRow) -> list[QImage]:
    values = np.asarray(row.values, np.uint8)
    return [mask_image(image) if values.ndim == 3 else to_qimage(image) for image in values]


def _rows_height(width: float, rows: int, count: int) -> float:
    """Return the height at which images in rows are at least `_MIN_IMAGE_SIZE`."""
    across = max(1, int((width - _TITLE_WIDTH + _GAP) // (_MIN_IMAGE_SIZE + _GAP)))
    bands = min(math.ceil(count / across), _MAX_BANDS)
    return bands * rows * (_MIN_IMAGE_SIZE + _GAP) + (bands - 1) * _BAND_GAP


def _band_layout(area: QRectF, rows: int, count: int) -> tuple[int, float]:
    """Return into how many bands the rows are split, and the side of the images."""

    def side(bands: int) -> float:
        across = math.ceil(count / bands)
        width = (area.width() - _TITLE_WIDTH - (across - 1) * _GAP) / across
        spare = (bands * rows - 1) * _GAP + (bands - 1) * _BAND_GAP
        return min(width, (area.height() - spare) / (bands * rows))

    best = max(range(1, min(count, _MAX_BANDS) + 1), key=side)
    return best, max(side(best), 8.0)


def _grid_rects(area: QRectF, count: int, below: float, caption: float) -> Iterator[QRectF]:
    """Yield a square for each image, as large as fits with `below` pixels under it."""
    max_columns = count
    if below:
        max_columns = min(count, max(1, int((area.width() + _GAP) // (caption + _GAP))))
    sizes = {across: _cell_size(area, across, count, below) for across in range(1, max_columns + 1)}
    best = max(sizes, key=lambda across: sizes[across], default=1)
    side = _cell_size(area, best, count, below)
    wide = max(side, caption) if below else side
    for index in range(count):
        left = area.left() + index % best * (wide + _GAP) + (wide - side) / 2
        yield QRectF(left, area.top() + index // best * (side + below + _GAP), side, side)


def _cell_size(area: QRectF, columns: int, count: int, below: float) -> float:
    down = math.ceil(count / columns)
    width = (area.width() - (columns - 1) * _GAP) / columns
    return max(min(width, (area.height() - (down - 1) * _GAP) / down - below), 1.0)


def _draw_classes(painter: QPainter, area: QRectF, view: SamplesView) -> None:
    """Draw a legend of the classes that occur in the masks."""
    masks = [np.asarray(row.values) for row in view.rows if row.values.ndim == 3]
    present = sorted({int(label) for mask in masks for label in np.unique(mask)})
    left = area.left()
    for class_index in present:
        name = _class_name(class_index, view.class_names)
        width = painter.fontMetrics().horizontalAdvance(name) + 34
        if left + width > area.right():
            break
        painter.setPen(current_theme().colour("line"))
        painter.setBrush(mask_colour(class_index))
        painter.drawRoundedRect(QRectF(left + 0.5, area.top() + 2.5, 11, 11), 2, 2)
        painter.setPen(current_theme().colour("muted"))
        painter.drawText(QPointF(left + 17, area.top() + 12), name)
        left += width


def _class_name(class_index: int, names: Sequence[str]) -> str:
    if class_index < len(names):
        return names[class_index]
    return "no class" if class_index == NO_CLASS else str(class_index)
