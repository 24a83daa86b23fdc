"""The line above a slow view: its choices, the button that begins, progress, what went wrong."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from dlstudio.gui.panels.dressing import ElidedLabel, button, label, restyle
from dlstudio.gui.plots.network_at_hand import NetworkAtHand
from dlstudio.gui.plots.slow_look import SlowLook

_PROGRESS_WIDTH = 110


class LookBar(QWidget):
    """Begins, follows and cancels a slow look.

    Signals:
        wanted: The look is to begin.
    """

    wanted = Signal()

    def __init__(self, network: NetworkAtHand, verb: str, tip: str) -> None:
        """Begin by a button that says `verb`."""
        super().__init__()
        self._network = network
        self.look = SlowLook(network, self)
        self.begin = button(verb, self.wanted.emit, look="primary", tip=tip)
        self.stop = button("Cancel", self.look.cancel, tip="End the work; nothing is changed")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_PROGRESS_WIDTH)
        self.bar.setAccessibleName("Progress")
        self.words = ElidedLabel("small")
        self.choices = QHBoxLayout()
        self.choices.setSpacing(6)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(self.choices)
        for widget in (self.begin, self.stop, self.bar):
            row.addWidget(widget)
        row.addWidget(self.words, 1)
        self.look.progress.connect(self._tell)
        self.look.busy_changed.connect(self._show)
        self.look.failed.connect(self._fail)
        self.look.done.connect(lambda _result: self.say(""))
        network.changed.connect(self._change)
        self._show()

    def add_choice(self, title: str, widget: QWidget) -> None:
        """Add something to choose, with its name before it."""
        caption = label(title, "small")
        caption.setBuddy(widget)
        widget.setAccessibleName(title)
        self.choices.addWidget(caption)
        self.choices.addWidget(widget)

    def say(self, text: str, role: str = "small") -> None:
        """Write a line beside the button."""
        restyle(self.words, "role", role)
        self.words.setText(text)

    def _tell(self, text: str, share: float | None) -> None:
        self.say(f"{text}…")
        self.bar.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self.bar.setValue(round(1000 * share))

    def _fail(self, text: str, _details: str) -> None:
        self.say(text, "error")

    def _change(self) -> None:
        self.look.cancel()
        self.say("")
        self._show()

    def _show(self) -> None:
        busy = self.look.is_busy
        self.begin.setVisible(not busy)
        self.begin.setEnabled(self._network.is_there)
        self.stop.setVisible(busy)
        self.bar.setVisible(busy)
        if not busy:
            self.say("")
