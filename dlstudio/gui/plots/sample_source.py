"""Where samples come from: a run that goes on, one that is over, or a network opened with weights.

Knows no widget.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from dlstudio.design.model import Project
from dlstudio.gui.document import Document
from dlstudio.gui.newest_wish import NewestWish
from dlstudio.gui.panels.data_reading import Reading
from dlstudio.gui.session import IDLE, TrainingSession, learnt_from_other
from dlstudio.insight.sample_views import SamplesView
from dlstudio.training.events import Snapshot
from dlstudio.training.sampling import SampleRequest

if TYPE_CHECKING:
    from dlstudio.insight.reopened import Reopened
    from dlstudio.insight.samples import SampleProbe
    from dlstudio.training.observer import Observer


class SampleSource(QObject):
    """Asks the present network for samples; what nobody looks at is not made.

    Signals:
        drawn: A `SamplesView`.
        failed: In words, why samples could not be made.
        emptied: What was drawn belongs to no network any more.
        network_changed: The design of the network whose samples come from now on, and whether it
            has another task than the one before.
        busy_changed: Whether samples are being made outside of a run.
        progress: The share of that which is done.
    """

    drawn = Signal(object)
    failed = Signal(str)
    emptied = Signal()
    network_changed = Signal(object, bool)
    busy_changed = Signal(bool)
    progress = Signal(float)

    def __init__(self, document: Document, session: TrainingSession, parent: QObject) -> None:
        """Watch every run of the session."""
        super().__init__(parent)
        self._document = document
        self._session = session
        self._probe: SampleProbe | None = None
        self._task = ""
        self._is_due = self._is_watched = False
        self._request = self._proven = SampleRequest()
        self.is_restored = False
        """Whether the network came with the opened design, not out of a run."""
        self._draws = NewestWish(self, "The samples could not be made")
        self._draws.done.connect(self._take_drawn)
        self._draws.failed.connect(self._fail)
        self._draws.busy_changed.connect(self.busy_changed)
        self._draws.progress.connect(self.progress)
        session.observers.append(self._make_probe)
        session.snapshot.connect(self._take)
        session.history_reset.connect(self.forget)
        session.state_changed.connect(self._show_last)
        document.reset.connect(self.forget)
        document.project_changed.connect(lambda _change: self._forget_other_data())

    @property
    def request(self) -> SampleRequest:
        """What is asked for."""
        return self._request

    @property
    def is_busy(self) -> bool:
        """Whether samples are being made outside of a run."""
        return self._draws.is_busy

    def draw_with(self, **wanted: Any) -> None:
        """Have other samples made, by the run or by a worker where there is none.

        Args:
            wanted: Fields of `SampleRequest`; what is not named stays as it was.
        """
        self._request = replace(self._request, **wanted)
        if self._probe is None:
            return
        self._probe.ask(self._request)
        if self._session.state == IDLE:
            self._draw_again(self._probe)

    def watch(self, *, watched: bool) -> None:
        """Make what is due where somebody looks; where nobody does, a run makes nothing."""
        was_visible, self._is_watched = self._is_watched, watched
        if self._probe is None:
            return
        self._probe.is_watched = watched
        if watched and (self._is_due or not was_visible):
            self._probe.ask(self._request)
        if watched and self._is_due and self._session.state == IDLE:
            self._draw_again(self._probe)

    def cancel(self) -> None:
        """Give the samples up that are being made."""
        self._draws.cancel()

    def take_restored(self, found: Reopened) -> None:
        """Draw from a network that was opened with its weights."""
        self._follow(self._document.project)
        self._draws.cancel()
        self._probe = found.samples
        self.is_restored = True
        self._fall_due()

    @Slot()
    def forget(self) -> None:
        """Have no network any more."""
        self._draws.cancel()
        self._probe = None
        self._is_due = self.is_restored = False
        self.emptied.emit()

    def _make_probe(self) -> Observer:
        from dlstudio.insight.samples import SampleProbe

        self._draws.cancel()
        self._is_due = self.is_restored = False
        self._probe = SampleProbe()
        project = self._session.project
        if project is not None:
            self._follow(project)
        self._probe.is_watched = self._is_watched
        self._probe.ask(self._request)
        return self._probe

    def _show_last(self, state: str) -> None:
        """Have the network drawn from as the run left it."""
        if state == IDLE and self._probe is not None:
            self._fall_due()

    def _fall_due(self) -> None:
        self._is_due = True
        self.watch(watched=self._is_watched)

    def _follow(self, project: Project) -> None:
        task = project.training.task
        is_other, self._task = task != self._task, task
        if is_other:
            self._request = self._proven = SampleRequest()
        self.network_changed.emit(project, is_other)

    def _draw_again(self, probe: SampleProbe) -> None:
        self._is_due = False
        request, step = self._request, self._session.history.step

        def work(task: Reading) -> SamplesView | None:
            from dlstudio.data.errors import Cancelled

            def report_progress(share: float) -> None:
                if task.is_cancelled():
                    raise Cancelled
                task.tell("", share)

            return probe.draw_again(replace(request, follow=report_progress), step)

        self._draws.ask(work)

    def _take(self, snapshot: Snapshot) -> None:
        if isinstance(snapshot.payload, SamplesView):
            self._tell(snapshot.payload)

    def _take_drawn(self, view: SamplesView | None) -> None:
        if view is not None:
            self._tell(view)

    def _tell(self, view: SamplesView) -> None:
        if view.trouble:
            self._fail(view.trouble)
        else:
            self._proven = self._request
            self.drawn.emit(view)

    def _fail(self, text: str) -> None:
        """Go back to what could be made."""
        self._request = self._proven
        self.failed.emit(text)

    def _forget_other_data(self) -> None:
        """Show nothing made of data that the design no longer names."""
        restored = self.is_restored
        if not restored and learnt_from_other(self._session, self._document.project.data):
            self.forget()
