"""The network that slow views look at: a living run's, a finished one's, or an opened design's.

It is handed out as a copy, so that training goes on untouched. Imports torch late.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

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

    It alone watches document and session for what becomes of the network.

    Signals:
        changed: Another network is there, or none any more.
        restored: A `Reopened` network, on show from now on.
        lost: The network that was restored is not the design's any more.
        failed: A line: why a network could not be restored, where nobody would expect it.
        reading_changed: Data and weights are being read now, or no more.
    """

    changed = Signal()
    restored = Signal(object)
    lost = Signal()
    failed = Signal(str)
    reading_changed = Signal()

    def __init__(
        self, document: Document, session: TrainingSession, parent: QObject | None = None
    ) -> None:
        """Watch every run of the session, and what is restored without one."""
        super().__init__(parent)
        self._document = document
        self._session = session
        self._still: StillProbe | None = None
        self._waiting: list[Callable[[Copying], None]] = []
        self._reopening = Reopening(document, session, self)
        self.project: Project | None = None
        """The design that the network was made of; None while there is none."""
        self._watch_document()
        self._watch_session()
        self._reopening.restored.connect(self._adopt)
        self._reopening.lost.connect(self._lose)
        self._reopening.failed.connect(self.failed)
        self._reopening.busy_changed.connect(self.reading_changed)

    def _watch_document(self) -> None:
        document, reopening = self._document, self._reopening
        document.reset.connect(self._forget_all)
        document.project_changed.connect(reopening.follow)
        document.report_changed.connect(reopening.look)

    def _watch_session(self) -> None:
        session, reopening = self._session, self._reopening
        session.observers.append(self._make_probe)
        session.about_to_start.connect(reopening.leave)
        session.started.connect(reopening.forget)
        session.snapshot.connect(self._take)
        session.state_changed.connect(self._serve_idle)
        session.history_reset.connect(self._forget)

    @property
    def is_reading(self) -> bool:
        """Whether data and weights are being read."""
        return self._reopening.is_busy

    @property
    def is_restored(self) -> bool:
        """Whether the network on show came with the opened design, not out of a run."""
        return self._reopening.is_shown

    @Slot(object)
    def restore(self, weights: Path | None) -> None:
        """Show the design with these weights, None for nothing."""
        self._reopening.take(weights)

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
        return "with the restored weights" if self.is_restored else f"step {whole(step)}"

    def ask(self, take: Callable[[Copying], None]) -> None:
        """Have a copy made as soon as it can be; `take` gets the way to it."""
        self._waiting.append(take)
        if self._session.state == IDLE:
            self._serve()
        elif self._still is not None:
            self._still.ask()

    def leave(self, take: Callable[[Copying], None]) -> None:
        """Wait for no copy any more."""
        self._waiting = [other for other in self._waiting if other != take]

    def _make_probe(self) -> Observer:
        from dlstudio.insight.still import StillProbe

        self._still = StillProbe()
        self.project = self._session.project
        self.changed.emit()
        return self._still

    def _adopt(self, found: Reopened) -> None:
        from dlstudio.insight.still import StillProbe

        self.restored.emit(found)
        if found.probe.network is None:
            return
        self._still = StillProbe()
        self._still.adopt(found.probe.network)
        self.project = self._document.project
        self.changed.emit()

    def _lose(self) -> None:
        self.lost.emit()
        self._forget()

    def _take(self, snapshot: Snapshot) -> None:
        from dlstudio.insight.still import StillTaken

        if isinstance(snapshot.payload, StillTaken) and self._still is not None:
            network_copy = self._still.take()
            self._hand_out(lambda: network_copy)

    def _serve_idle(self, state: str) -> None:
        self._reopening.look()
        if state == IDLE:
            self._serve()

    def _serve(self) -> None:
        observer = self._still
        if observer is not None:
            step = self._session.history.step
            self._hand_out(lambda: observer.rest(step))

    def _hand_out(self, copying: Copying) -> None:
        callbacks, self._waiting = self._waiting, []
        for callback in callbacks:
            callback(copying)

    def _forget_all(self) -> None:
        self._reopening.forget()
        self._forget()

    def _forget(self) -> None:
        self._still = self.project = None
        self.changed.emit()
