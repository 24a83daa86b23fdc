"""The progress of samples being generated, with a button to stop."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from dlstudio.gui.widgets.basic_widgets import button, label

_SHOW_DELAY_MS = 300
"""Milliseconds before the progress is shown; most samples take less."""
_FULL = 1000


class GenerationProgress(QWidget):
    """A progress bar, shown only after a delay.

    Signals:
        stop_requested: The user pressed Stop.
    """

    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.stop_button = button(
            "Stop", self.stop_requested.emit, icon_name="stop", tip="Stop generating"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(label("Generating samples…", "muted"))
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop_button)
        self._delay_timer = QTimer(self)
        self._delay_timer.setSingleShot(True)
        self._delay_timer.setInterval(_SHOW_DELAY_MS)
        self._delay_timer.timeout.connect(self.show)
        self.hide()

    def show_busy(self, busy: bool) -> None:
        """Show the progress after a delay, or hide it."""
        self.bar.setRange(0, 0)
        if busy:
            self._delay_timer.start()
        else:
            self._delay_timer.stop()
            self.hide()

    def show_progress(self, share: float) -> None:
        """Show the fraction done, 0…1."""
        self.bar.setRange(0, _FULL)
        self.bar.setValue(round(share * _FULL))
