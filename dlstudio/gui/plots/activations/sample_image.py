"""The sample shown by the activations panel, if it is an image."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dlstudio.gui.data.drawings.data_plots import to_qimage
from dlstudio.insight.activations.activation_views import ActivationView


class SampleImage(QWidget):
    """Shows the sample as an image; hidden if it is not one."""

    def __init__(self) -> None:
        super().__init__()
        self._view: ActivationView | None = None
        self.setFixedSize(QSize(40, 40))

    def show_view(self, view: ActivationView | None) -> None:
        self._view = view
        self.setVisible(view is not None and view.image is not None)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw without smoothing, so that pixels stay visible."""
        if self._view is not None and self._view.image is not None:
            painter = QPainter(self)
            painter.drawImage(QRectF(self.rect()), to_qimage(self._view.image))
            painter.end()
