"""Exports samples: an image of the drawing, or texts as a text file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from dlstudio.gui.plots.samples.sample_drawing import SampleDrawing
from dlstudio.gui.style.png import png_bytes
from dlstudio.gui.style.theme import current_theme
from dlstudio.insight.samples.sample_views import SamplesView

IMAGE_WIDTH = 1600
_IMAGE_FILTER, _TEXT_FILTER = "Image (*.png)", "Text (*.txt)"
_SEPARATOR = "\n\n"


def filters_for(view: SamplesView) -> str:
    """Return the file dialog's name filters for a view."""
    return f"{_TEXT_FILTER};;{_IMAGE_FILTER}" if view.form == "texts" else _IMAGE_FILTER


def export_path(name: str, selected_filter: str) -> Path:
    """Return the path; a name without a suffix gets that of the selected filter."""
    path = Path(name)
    return (
        path
        if path.suffix
        else path.with_suffix(".txt" if selected_filter == _TEXT_FILTER else ".png")
    )


def save_samples(path: Path, drawing: SampleDrawing, view: SamplesView) -> None:
    """Write texts as `.txt`, or any samples as `.png`.

    Raises:
        OSError: The file cannot be written.
        ValueError: The suffix is not supported for these samples.
    """
    suffix = path.suffix.lower()
    if suffix == ".txt" and view.form == "texts":
        text = _SEPARATOR.join(line.text for line in view.captions)
        path.write_text(f"{text}\n", encoding="utf-8")
    elif suffix == ".png":
        path.write_bytes(_render_png(drawing))
    else:
        known = ".txt or .png" if view.form == "texts" else ".png"
        raise ValueError(f"These samples can be saved as {known}, not as “{suffix or path.name}”.")


def _render_png(drawing: SampleDrawing) -> bytes:
    scale = IMAGE_WIDTH / max(drawing.width(), 1)
    height = max(round(drawing.height() * scale), 1)
    image = QImage(IMAGE_WIDTH, height, QImage.Format.Format_RGB32)
    image.fill(current_theme().colour("panel"))
    painter = QPainter(image)
    painter.scale(scale, scale)
    drawing.draw(painter, QRectF(drawing.rect()))
    painter.end()
    return png_bytes(image)
