"""The source of samples: the current run, a finished run, or a network opened with weights.

Imports no widget.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from dlstudio.design.model.model import Project
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.background.latest_task import LatestTask
from dlstudio.gui.plots.services.live_rate import rate_text
from dlstudio.gui.runs.session import IDLE, TrainingSession
from dlstudio.gui.runs.trained_network import TrainedNetwork
from dlstudio.insight.samples.sample_views import SamplesView
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.events import Snapshot

if TYPE_CHECKING:
    from dlstudio.insight.common.observed_network import ObservedNetwork
    from dlstudio.insight.samples.samples import SampleObserver


class SampleSource(QObject):
    """Requests samples from the current network, only while the panel is visible.

    Signals:
        samples_ready: A `SamplesView`.
        failed: Message why samples could not be generated.
        cleared: There is no network any more.
        network_changed: The design of the new network, and whether its task differs from the
            previous one.
        busy_changed: Whether samples are being generated outside a run.
        progress: The fraction done.
    """

    samples_ready = Signal(object)
    failed = Signal(str)
    cleared = Signal()
    network_changed = Signal(object, bool)
    busy_changed = Signal(bool)
    progress = Signal(float)

    def __init__(self, network: TrainedNetwork, session: TrainingSession, parent: QObject) -> None:
        super().__init__(parent)
        self._network = network
        self._session = session
        self._observer: SampleObserver | None = None
        self._task_name = ""
        self._is_outdated = self._is_visible = False
        self._request = self._last_valid_request = SampleRequest()
        self._sampling_task = LatestTask(self, "The samples could not be generated")
        self._sampling_task.done.connect(self._on_sampled)
        self._sampling_task.failed.connect(lambda text, _details: self._fail(text))
        self._sampling_task.busy_changed.connect(self.busy_changed)
        self._sampling_task.progress.connect(lambda _text, share: self.progress.emit(share))
        network.observe(self._create_observer)
        network.changed.connect(self._on_network_changed)
        session.snapshot.connect(self._on_snapshot)
        session.state_changed.connect(self._on_state_changed)

    @property
    def request(self) -> SampleRequest:
        """The current request."""
        return self._request

    @property
    def rate_text(self) -> str:
        """The update rate and its cost; empty before the first update of a run."""
        return rate_text(self._session.live_scheduler, "samples")

    @property
    def is_busy(self) -> bool:
        """Whether samples are being generated outside a run."""
        return self._sampling_task.is_busy

    def request_samples(self, **changes: Any) -> None:
        """Request other samples, from the run or from a background task without one.

        Args:
            changes: Fields of `SampleRequest`; the other fields are kept.
        """
        self._request = replace(self._request, **changes)
        if self._observer is None:
            return
        self._observer.request(self._request)
        if self._session.state == IDLE:
            self._sample_in_background(self._observer)

    def set_visible(self, *, visible: bool) -> None:
        """Start or stop generating samples with the panel's visibility."""
        was_visible, self._is_visible = self._is_visible, visible
        if self._observer is None:
            return
        self._observer.is_watched = visible
        if visible and (self._is_outdated or not was_visible):
            self._observer.request(self._request)
        if visible and self._is_outdated and self._session.state == IDLE:
            self._sample_in_background(self._observer)

    def cancel(self) -> None:
        """Cancel the samples being generated in the background."""
        self._sampling_task.cancel()

    def _on_network_changed(self) -> None:
        if not self._network.is_available:
            self._clear()
        elif self._network.is_at_rest:
            self._mark_outdated()

    def _clear(self) -> None:
        self._sampling_task.cancel()
        self._observer = None
        self._is_outdated = False
        self.cleared.emit()

    def _create_observer(self, network: ObservedNetwork) -> SampleObserver:
        from dlstudio.insight.samples.samples import SampleObserver

        self._sampling_task.cancel()
        self._is_outdated = False
        self._observer = SampleObserver(self._session.live_scheduler, network)
        if self._network.project is not None:
            self._use_project(self._network.project)
        self._observer.is_watched = self._is_visible
        self._observer.request(self._request)
        return self._observer

    def _on_state_changed(self, state: str) -> None:
        """After a run, sample again with the final weights."""
        if state == IDLE and self._observer is not None:
            self._mark_outdated()

    def _mark_outdated(self) -> None:
        self._is_outdated = True
        self.set_visible(visible=self._is_visible)

    def _use_project(self, project: Project) -> None:
        task = project.training.task
        is_other, self._task_name = task != self._task_name, task
        if is_other:
            self._request = self._last_valid_request = SampleRequest()
        self.network_changed.emit(project, is_other)

    def _sample_in_background(self, observer: SampleObserver) -> None:
        self._is_outdated = False
        request, step = self._request, self._session.run.history.step

        def work(task: BackgroundTask) -> SamplesView | None:
            from dlstudio.data.core.errors import Cancelled

            def report_progress(share: float) -> None:
                if task.is_cancelled():
                    raise Cancelled
                task.report_progress("", share)

            return observer.sample_on_copy(replace(request, on_progress=report_progress), step)

        self._sampling_task.submit(work)

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if isinstance(snapshot.payload, SamplesView):
            self._publish(snapshot.payload)

    def _on_sampled(self, view: SamplesView | None) -> None:
        if view is not None:
            self._publish(view)

    def _publish(self, view: SamplesView) -> None:
        if view.error:
            self._fail(view.error)
        else:
            self._last_valid_request = self._request
            self.samples_ready.emit(view)

    def _fail(self, text: str) -> None:
        """Restore the last valid request."""
        self._request = self._last_valid_request
        self.failed.emit(text)
