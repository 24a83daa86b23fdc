"""Looks into a network where no run does it: in the background, one look at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dlstudio.gui.panels.data_reading import Reading
from dlstudio.insight.views import ActivationView, SampleChoice

if TYPE_CHECKING:
    from dlstudio.insight.activations import ActivationProbe

_Wish = tuple["ActivationProbe", str, SampleChoice, int]


class LookingAgain(QObject):
    """Keeps the newest wish while a look goes on.

    Signals:
        seen: The `ActivationView` asked for.
        failed: A line for people.
    """

    seen = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        """Wait for a wish."""
        super().__init__(parent)
        self._wish: _Wish | None = None
        self._probe: ActivationProbe | None = None
        self._reading: Reading | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a look goes on."""
        return self._reading is not None

    def ask(self, probe: ActivationProbe, path: str, choice: SampleChoice, step: int) -> None:
        """Look at a layer with a sample, in the network as it is after `step` steps."""
        self._wish = (probe, path, choice, step)
        self._probe = probe
        if self._reading is None:
            self._start()

    def forget(self) -> None:
        """Tell no more of what was asked for."""
        self._wish = self._probe = None

    def _start(self) -> None:
        if self._wish is None:
            return
        (probe, path, choice, step), self._wish = self._wish, None
        self._reading = Reading(lambda _reading: probe.look_again(path, choice, step), self)
        self._reading.done.connect(lambda view: self._take(probe, view))
        self._reading.failed.connect(lambda text, _details: self._fail(text))
        self._reading.start()

    def _take(self, probe: ActivationProbe, view: ActivationView | None) -> None:
        self._end()
        if view is not None and probe is self._probe:
            self.seen.emit(view)

    def _fail(self, text: str) -> None:
        self._end()
        self.failed.emit(text)

    def _end(self) -> None:
        if self._reading is not None:
            self._reading.wait()
            self._reading = None
        self._start()
