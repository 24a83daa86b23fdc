"""The network that slow views look at: a living run's, a finished one's, or an opened design's.

It is handed out as a copy, so that training goes on untouched. Imports torch late.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dlstudio.design.model import Project
from dlstudio.gui.document import Document
from dlstudio.gui.panels.figures import whole
from dlstudio.gui.plots.reopening import Reopening
from dlstudio.gui.session import IDLE, TrainingSession
from dlstudio.training.events import Snapshot

if TYPE_CHECKING:
    from dlstudio.insight.reopened import Reopened
    from dlstudio.insight.still import StillProbe
    from dlstudio.training.observer import Observer, RunView

Copying = Callable[[], "RunView | None"]
"""Makes or fetches the copy; called in the thread that needs it."""


class NetworkAtHand(QObject):
    """Knows whether there is a trained network, and gives copies of it.

    Signals:
        changed: Another network is there, or none any more.
    """

    changed = Signal()

    def __init__(self, document: Document, session: TrainingSession, reopening: Reopening) -> None:
        """Watch every run of the session, and what is restored without one."""
        super().__init__(reopening)
        self._document = document
        self._session = session
        self._still: StillProbe | None = None
        self._waiting: list[Callable[[Copying], None]] = []
        self._is_restored = False
        self.project: Project | None = None
        """The design that the network was made of; None while there is none."""
        session.observers.append(self._make_probe)
        session.snapshot.connect(self._take)
        session.state_changed.connect(self._serve_idle)
        session.history_reset.connect(self._forget)
        document.reset.connect(self._forget)
        reopening.restored.connect(self._adopt)
        reopening.lost.connect(self._forget)

    @property
    def is_there(self) -> bool:
        """Whether a copy can be had, now or once a run has begun."""
        return self._still is not None

    @property
    def is_learning(self) -> bool:
        """Whether a run goes on, which needs the processor's cores."""
        return self._session.state != IDLE

    def after(self, step: int) -> str:
        """Return in words when a look at the network was taken."""
        return "with the restored weights" if self._is_restored else f"step {whole(step)}"

    def ask(self, take: Callable[[Copying], None]) -> None:
        """Have a copy made as soon as it can be; `take` gets the way to it."""
        self._waiting.append(take)
        if self._session.state == IDLE:
            self._serve_idle(IDLE)
        elif self._still is not None:
            self._still.ask()

    def leave(self, take: Callable[[Copying], None]) -> None:
        """Wait for no copy any more."""
        self._waiting = [each for each in self._waiting if each != take]

    def _make_probe(self) -> Observer:
        from dlstudio.insight.still import StillProbe

        self._still = StillProbe()
        self._is_restored = False
        self.project = self._session.project
        self.changed.emit()
        return self._still

    def _adopt(self, found: Reopened) -> None:
        from dlstudio.insight.still import StillProbe

        if found.probe.network is None:
            return
        self._still = StillProbe()
        self._still.adopt(found.probe.network)
        self._is_restored = True
        self.project = self._document.project
        self.changed.emit()

    def _take(self, snapshot: Snapshot) -> None:
        from dlstudio.insight.still import StillTaken

        if isinstance(snapshot.payload, StillTaken) and self._still is not None:
            still = self._still.take()
            self._hand_out(lambda: still)

    def _serve_idle(self, state: str) -> None:
        still = self._still
        if state == IDLE and still is not None:
            step = self._session.history.step
            self._hand_out(lambda: still.rest(step))

    def _hand_out(self, copying: Copying) -> None:
        waiting, self._waiting = self._waiting, []
        for take in waiting:
            take(copying)

    def _forget(self) -> None:
        self._still = self.project = None
        self.changed.emit()
