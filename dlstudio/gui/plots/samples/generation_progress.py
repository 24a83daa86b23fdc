"""A line that says that samples are being made, how far that is, and how to end it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from dlstudio.gui.widgets.basic_widgets import button, label

_SHOW_DELAY_MS = 300
"""Milliseconds that nobody needs to be told of."""
_FULL = 1000


class GenerationProgress(QWidget):
    """Hidden while nothing is made, and for a moment after.

    Signals:
        stop_requested: Nobody wants to wait for it.
    """

    stop_requested = Signal()

    def __init__(self) -> None:
        """Start hidden."""
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.stop_button = button(
            "Stop", self.stop_requested.emit, icon_name="stop", tip="Make no more"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(label("Making samples…", "muted"))
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop_button)
        self._delay_timer = QTimer(self)
        self._delay_timer.setSingleShot(True)
        self._delay_timer.setInterval(_SHOW_DELAY_MS)
        self._delay_timer.timeout.connect(self.show)
        self.hide()

    def show_busy(self, busy: bool) -> None:
        """Appear soon, or go."""
        self.bar.setRange(0, 0)
        if busy:
            self._delay_timer.start()
        else:
            self._delay_timer.stop()
            self.hide()

    def show_progress(self, share: float) -> None:
        """Show how much is done."""
        self.bar.setRange(0, _FULL)
        self.bar.setValue(round(share * _FULL))
