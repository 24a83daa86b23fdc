"""The run that views show: its folder, and tracing of its steps.

It is the run of the session or, before its first run, the last run of the opened design.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.gui.runs.earlier.previous_run import PreviousCurves
from dlstudio.gui.runs.session import IDLE, PAUSED, TrainingSession
from dlstudio.insight.trace.step_trace import StepTrace
from dlstudio.training.protocol.events import Snapshot

if TYPE_CHECKING:
    from dlstudio.insight.trace.trace_observer import TraceObserver
    from dlstudio.training.loop.step_observer import StepObserver

RUN_GONE = "The run that trained this network no longer exists. Press Train to start a new one."
"""Tells the user that the run's folder was deleted."""


class ShownRun(QObject):
    """Provides the folder of the shown run, and traces steps on request.

    Signals:
        changed: Another run is shown, or the state or the folder of the run has changed.
        traced: A requested step was traced.
    """

    changed = Signal()
    traced = Signal()

    def __init__(self, session: TrainingSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._previous_folder = ""
        self._is_tracing = False
        self._requests: set[object] = set()
        self._observer: TraceObserver | None = None
        self.trace: StepTrace | None = None
        """The last traced step of this run, or None."""
        session.about_to_start.connect(self._forget_trace)
        session.history_reset.connect(self._forget_trace)
        session.started.connect(self.changed)
        session.state_changed.connect(self.changed)
        session.run_moved.connect(self.changed)
        session.snapshot.connect(self._on_snapshot)
        session.step_observer_factories.append(self._create_observers)

    @property
    def folder(self) -> str:
        """The folder of the run; empty if there is none."""
        return self._session.run.folder or self._previous_folder

    @property
    def exists(self) -> bool:
        """Whether there is a run whose folder has not been deleted."""
        return bool(self.folder) and Path(self.folder).is_dir()

    @property
    def is_active(self) -> bool:
        """Whether a run is in progress, even if paused."""
        return self._session.state != IDLE

    @property
    def is_paused(self) -> bool:
        """Whether a run is paused."""
        return self._session.state == PAUSED

    @Slot(object)
    def show_previous(self, previous: PreviousCurves | None) -> None:
        """Use the last run of an opened design."""
        self._previous_folder = "" if previous is None else previous.run_dir
        self.changed.emit()

    def enable_tracing(self) -> None:
        """Observe future runs, so that steps can be traced; needed only if a view uses traces."""
        self._is_tracing = True

    def request_trace(self, owner: object) -> None:
        """Trace the next step of the run; several requests share the trace."""
        self._requests.add(owner)
        if self._observer is not None:
            self._observer.request()

    def withdraw_trace(self, owner: object) -> None:
        """Cancel the request of `owner`."""
        self._requests.discard(owner)
        if self._observer is not None and not self._requests:
            self._observer.withdraw()

    def _create_observers(self) -> Sequence[StepObserver]:
        """Return the step observers of a run that is about to start."""
        from dlstudio.insight.series.series_observer import series_observers
        from dlstudio.insight.trace.trace_observer import TraceObserver

        self._observer = TraceObserver() if self._is_tracing else None
        tracers = () if self._observer is None else (self._observer,)
        return (*series_observers(), *tracers)

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if isinstance(snapshot.payload, StepTrace):
            self.trace = snapshot.payload
            self._requests.clear()
            self.traced.emit()

    def _forget_trace(self) -> None:
        self.trace = None
        self._requests.clear()
        self.changed.emit()
