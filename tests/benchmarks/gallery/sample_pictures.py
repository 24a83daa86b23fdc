"""Draws samples and predictions of a trained network: images, masks, lines, points and texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPen

from dlstudio.gui.style.theme import mono_font, text_font
from dlstudio.gui.widgets.mask_colours import mask_colour
from dlstudio.insight.samples.sample_views import SampleRow, SamplesView, TokenLine
from tests.benchmarks.gallery.sheet import WRONG, Sheet

_GAP = 3.0
_LETTERS = 0.7
"""A generated text with a smaller share of letters, such as the line of a table, is not drawn."""


def draw_samples(sheet: Sheet, view: SamplesView, rect: QRectF) -> None:
    """Draw the samples in the way that suits their form."""
    if view.form == "pictures" and view.captions:
        _draw_captioned(sheet, view, rect)
    elif view.form in {"pictures", "masks"}:
        _draw_images(sheet, view, rect)
    elif view.form == "lines":
        _draw_lines(sheet, view, rect)
    elif view.form == "scatter":
        _draw_scatter(sheet, view, rect)
    elif view.form == "points":
        _draw_points(sheet, view, rect)
    else:
        _draw_texts(sheet, view, rect)


def _draw_captioned(sheet: Sheet, view: SamplesView, rect: QRectF) -> None:
    """Draw images with the answer below each; a wrong one is marked."""
    images, captions = view.rows[0].values, view.captions
    caption = 12.5 * max(sheet.unit * 0.9, 1)
    aspect = images.shape[2] / images.shape[1]
    short = max(len(line.text) for line in view.captions) <= 2
    rows = 3 if short and sheet.unit > 1 else 2 if short or aspect > 1 else 1
    height = (rect.height() - 8 - rows * caption) / rows - _GAP
    width = height * aspect
    metrics = QFontMetricsF(text_font(max(11, round(8.5 * sheet.unit))))
    longest = max(metrics.horizontalAdvance(f"{line.text} ✕") for line in captions)
    cell = (
        width + _GAP + 3 if short else max(width + _GAP, min(longest + 6, (rect.width() - 4) / 2))
    )
    columns = max(1, min(int((rect.width() - 4) / cell), len(images) // rows))
    left = rect.center().x() - columns * cell / 2 + (cell - width) / 2
    order = _order_with_mistake(captions, rows * columns)
    for index in range(rows * columns):
        row, column = divmod(index, columns)
        top = rect.top() + 6 + row * (height + caption + _GAP)
        place = QRectF(left + column * cell, top, width, height)
        chosen = order[index]
        line = captions[chosen]
        sheet.grey(np.asarray(images[chosen], np.uint8), place)
        wrong = line.is_correct is False
        colour = WRONG[sheet.theme.name]
        sheet.frame(place, colour if wrong else "", 1.4 if wrong else 0.8)
        words = QRectF(place.center().x() - cell / 2, place.bottom(), cell, caption)
        text = f"{line.text} ✕" if wrong else line.text
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, cell)
        sheet.text(words, text, colour=colour if wrong else "", size=8.5)


def _order_with_mistake(captions: Sequence[TokenLine], count: int) -> list[int]:
    """Return the first samples, with the first mistake among them if there is any."""
    order = list(range(len(captions)))
    wrong = [index for index in order if captions[index].is_correct is False]
    if wrong and wrong[0] >= count:
        order.insert(count * 2 // 3, order.pop(wrong[0]))
    return order


def _draw_images(sheet: Sheet, view: SamplesView, rect: QRectF) -> None:
    """Draw rows of images, one below the other if they belong together, else a grid."""
    first = np.asarray(view.rows[0].values)
    aspect = first.shape[2] / first.shape[1]
    if view.paired:
        rows = [row for row in view.rows if row.title != "Target"][:3]
    else:
        count = 5 if first.shape[1] < 16 and sheet.unit > 1 else 3
        rows = [SampleRow("", first[index::count]) for index in range(count)]
    height = (rect.height() - 8) / len(rows) - _GAP
    width = height * aspect
    columns = max(1, min(int((rect.width() - 10) / (width + _GAP)), len(rows[0])))
    left = rect.center().x() - (columns * (width + _GAP) - _GAP) / 2
    for index, row in enumerate(rows):
        values = np.asarray(row.values)
        top = rect.top() + 5 + index * (height + _GAP)
        for column in range(min(columns, len(values))):
            place = QRectF(left + column * (width + _GAP), top, width, height)
            if values.ndim == 3:
                sheet.pixels(_mask_pixels(values[column]), place, smooth=False)
            else:
                sheet.grey(values[column].astype(np.uint8), place)
            sheet.frame(place, width=0.8)


def _mask_pixels(classes: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    colours = [mask_colour(index).getRgb()[:3] for index in range(int(classes.max()) + 1)]
    return np.array(colours, np.uint8)[classes]


def _draw_lines(sheet: Sheet, view: SamplesView, rect: QRectF) -> None:
    """Draw one series with its true continuation and the forecast."""
    rows = [(row.title, np.asarray(row.values)[0], row.start) for row in view.rows]
    values = np.concatenate([line for _title, line, _start in rows])
    length = max(start + len(line) for _title, line, start in rows)
    inner = rect.adjusted(10, 12, -10, -12)
    low, high = float(values.min()), float(values.max())
    split = inner.left() + rows[-1][2] / (length - 1) * inner.width()
    ground = QColor(sheet.theme.accent)
    ground.setAlphaF(0.12)
    area = QRectF(split, rect.top(), rect.right() - split, rect.height())
    sheet.painter.fillRect(area, ground)
    colours = (sheet.theme.muted, sheet.theme.text, sheet.theme.accent)
    for (title, line, start), colour in zip(rows, colours, strict=True):
        points = [
            QPointF(
                inner.left() + (start + index) / (length - 1) * inner.width(),
                inner.bottom() - (value - low) / (high - low) * inner.height(),
            )
            for index, value in enumerate(line.tolist())
        ]
        if title == "Actual":
            sheet.painter.setPen(QPen(QColor(colour), 0.9))
            sheet.painter.setBrush(QColor(sheet.theme.card))
            for point in points[1:]:
                sheet.painter.drawEllipse(point, 1.9 * sheet.unit, 1.9 * sheet.unit)
        else:
            sheet.line(points, colour, (1.9 if title == "Forecast" else 1.4) * sheet.unit)


def _draw_scatter(sheet: Sheet, view: SamplesView, rect: QRectF) -> None:
    """Draw predicted over actual values; on the diagonal they agree."""
    points = np.asarray(view.rows[0].values)
    low, high = float(points.min()), float(points.max())
    side = rect.height() - 24
    inner = QRectF(rect.center().x() - side * 0.8, rect.top() + 8, side * 1.6, side)
    align = Qt.AlignmentFlag
    sheet.line([inner.bottomLeft(), inner.topRight()], sheet.theme.line, 1.2)
    sheet.line([inner.topLeft(), inner.bottomLeft(), inner.bottomRight()], sheet.theme.line, 1)
    colour = QColor(sheet.theme.accent)
    colour.setAlphaF(0.55)
    sheet.painter.setPen(Qt.PenStyle.NoPen)
    sheet.painter.setBrush(colour)
    for actual, predicted in points.tolist():
        x = inner.left() + (actual - low) / (high - low) * inner.width()
        y = inner.bottom() - (predicted - low) / (high - low) * inner.height()
        sheet.painter.drawEllipse(QPointF(x, y), 1.3 * sheet.unit, 1.3 * sheet.unit)
    foot = QRectF(inner.left() - 20, inner.bottom() + 1, inner.width() + 40, 13)
    sheet.text(foot, "true sum", colour=sheet.theme.muted, size=8.5)
    head = QRectF(inner.left() + 4, inner.top() - 5, inner.width(), 12)
    sheet.text(head, "predicted", colour=sheet.theme.muted, size=8.5, align=align.AlignLeft)


def _draw_points(sheet: Sheet, view: SamplesView, rect: QRectF) -> None:
    """Draw the data's points pale and the generated ones over them."""
    rows = [np.asarray(row.values) for row in view.rows[:2]]
    everything = np.concatenate(rows)
    low, high = everything.min(0), everything.max(0)
    inner = rect.adjusted(8, 8, -8, -8)
    scale = min(inner.width() / (high - low)[0], inner.height() / (high - low)[1])
    middle = (low + high) / 2
    for points, name, alpha in zip(rows, ("muted", "accent"), (0.45, 0.8), strict=True):
        colour = sheet.theme.colour(name)
        colour.setAlphaF(alpha)
        sheet.painter.setPen(Qt.PenStyle.NoPen)
        sheet.painter.setBrush(colour)
        for x, y in ((points - middle) * scale).tolist():
            at = QPointF(inner.center().x() + x, inner.center().y() - y)
            radius = (1.9 if name == "muted" else 1.3) * sheet.unit
            sheet.painter.drawEllipse(at, radius, radius)


def _draw_texts(sheet: Sheet, view: SamplesView, rect: QRectF) -> None:
    """Draw lines of text; answers are coloured, long generated texts are wrapped."""
    long = any(span.kind == "made" for line in view.captions for span in line.spans)
    size = 11.0 / sheet.unit
    width = QFontMetricsF(mono_font(round(size * sheet.unit))).horizontalAdvance("0")
    columns = int((rect.width() - 16) / width)
    step = 15.0 * sheet.unit
    capacity = int((rect.height() - 10) / step)
    rows: list[list[tuple[str, str]]] = []
    order = _order_with_mistake(view.captions, 2)
    for line in (view.captions[index] for index in order):
        if long and sum(map(str.isalpha, line.text)) < _LETTERS * len(line.text):
            continue
        wrapped = _coloured_rows(sheet, line, columns)
        if not long and len(rows) + len(wrapped) > capacity:
            continue
        rows += wrapped
    rows = rows[:capacity]
    top = rect.center().y() - len(rows) * step / 2
    for index, row in enumerate(rows):
        x = rect.left() + 8
        for text, colour in row:
            place = QRectF(x, top + index * step, len(text) * width + 4, step)
            left = Qt.AlignmentFlag.AlignLeft
            sheet.text(place, text, colour=colour, size=size, mono=True, align=left)
            x += len(text) * width


def _coloured_rows(sheet: Sheet, line: TokenLine, columns: int) -> list[list[tuple[str, str]]]:
    """Return the rows of a text, each as pieces with their colours."""
    theme = sheet.theme
    colours = {
        "given": theme.muted,
        "made": theme.text,
        "right": theme.good_text,
        "wrong": WRONG[theme.name],
        "missing": WRONG[theme.name],
    }
    is_answer = line.is_correct is False
    letters = [
        (" " if letter.isspace() else letter, colours[span.kind])
        for span in line.spans
        for letter in (f"{span.text} ✕" if span.kind == "wrong" and is_answer else span.text)
    ]
    rows: list[list[tuple[str, str]]] = []
    while letters:
        end = min(columns, len(letters))
        if end < len(letters):
            spaces = [i for i in range(1, end) if letters[i][0] == " "]
            end = spaces[-1] + 1 if spaces else end
        rows.append(letters[:end])
        letters = letters[end:]
    return rows
