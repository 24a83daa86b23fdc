"""A line that says that samples are being made, how far that is, and how to end it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from dlstudio.gui.panels.dressing import button, label

_PATIENCE = 300
"""Milliseconds that nobody needs to be told of."""
_FULL = 1000


class MakingBar(QWidget):
    """Hidden while nothing is made, and for a moment after.

    Signals:
        stop_wanted: Nobody wants to wait for it.
    """

    stop_wanted = Signal()

    def __init__(self) -> None:
        """Start hidden."""
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.stop = button("Stop", self.stop_wanted.emit, icon_name="stop", tip="Make no more")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(label("Making samples…", "muted"))
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_PATIENCE)
        self._wait.timeout.connect(self.show)
        self.hide()

    def show_busy(self, busy: bool) -> None:
        """Appear soon, or go."""
        self.bar.setRange(0, 0)
        if busy:
            self._wait.start()
        else:
            self._wait.stop()
            self.hide()

    def show_share(self, share: float) -> None:
        """Show how much is done."""
        self.bar.setRange(0, _FULL)
        self.bar.setValue(round(share * _FULL))
