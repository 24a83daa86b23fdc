"""One slow view of a copy of the network: in a worker, with progress and a way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Value
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.background.latest_task import LatestTask, Work
from dlstudio.gui.runs.run_options import run_options
from dlstudio.gui.runs.trained_network import CopyFactory
from dlstudio.gui.runs.view_services import ViewServices
from dlstudio.insight.views.spec import ViewSpec
from dlstudio.training.protocol.events import RunOptions
from dlstudio.worker.client import WorkError
from dlstudio.worker.view_worker import ViewWorker

if TYPE_CHECKING:
    from dlstudio.insight.common.network_state import NetworkState


@dataclass(frozen=True, slots=True)
class _Request:
    """A view with its options, and what it is computed with."""

    spec: ViewSpec
    options: Mapping[str, Value]
    paths: RunOptions


@dataclass(frozen=True, slots=True)
class _Result:
    """The value of a view, and the steps that its network had been trained for."""

    value: Any
    step: int


class AnalysisTask(QObject):
    """Computes the newest view that was asked for; an older one ends.

    Signals:
        progress: What goes on, and the share done or None.
        done: The value of the view.
        failed: Words for people, and the traceback for the log or nothing.
        busy_changed: An analysis has begun or is over.
    """

    progress = Signal(str, object)
    done = Signal(object)
    failed = Signal(str, str)
    busy_changed = Signal()

    def __init__(self, services: ViewServices, parent: QObject | None = None) -> None:
        """Analyse the copies that the network of `services` hands out."""
        super().__init__(parent)
        self._services = services
        self._waiting: _Request | None = None
        self.step = 0
        """Steps that the network had been trained for at the last result."""
        self._task = LatestTask(self)
        self._task.progress.connect(self.progress)
        self._task.done.connect(self._finish)
        self._task.failed.connect(self.failed)
        self._task.busy_changed.connect(lambda _busy: self.busy_changed.emit())

    @property
    def is_busy(self) -> bool:
        """Whether an analysis goes on, or waits for the network."""
        return self._waiting is not None or self._task.is_busy

    def start(self, spec: ViewSpec, options: Mapping[str, Value]) -> None:
        """Begin to compute a view; defaults stand for the options that are not there."""
        self.cancel()
        self._waiting = _Request(spec, options, run_options(self._services.document, ""))
        self.busy_changed.emit()
        self.progress.emit("Waiting for the network", None)
        self._services.network.request_copy(self._run_on_copy)

    def cancel(self) -> None:
        """End the analysis; nothing comes of it."""
        self._services.network.cancel_request(self._run_on_copy)
        was_waiting, self._waiting = self._waiting is not None, None
        self._task.cancel()
        if was_waiting:
            self.busy_changed.emit()

    def _finish(self, result: _Result | None) -> None:
        if result is not None:
            self.step = result.step
            self.done.emit(result.value)

    def _run_on_copy(self, make_copy: CopyFactory) -> None:
        request, self._waiting = self._waiting, None
        network = self._services.network
        if request is not None:
            self._task.submit(
                _background_work(
                    self._services.worker,
                    make_copy,
                    request,
                    network.project,
                    beside_run=network.is_training,
                )
            )


def _background_work(
    worker: ViewWorker,
    make_copy: CopyFactory,
    request: _Request,
    project: Project | None,
    *,
    beside_run: bool,
) -> Work:
    """Return the work of a view; beside a run it takes one core, or both would wait in turns."""

    def work(task: BackgroundTask) -> _Result:
        from dlstudio.data.core.errors import DataError
        from dlstudio.insight.common.network_state import NetworkState

        view = make_copy()
        if view is None or project is None:
            raise DataError("There is no trained network yet. Press Train first.")
        paths = request.paths
        state = NetworkState(view, project, task.report_progress, paths.data_dir, paths.design_dir)
        return _Result(_compute(worker, request, state, task, beside_run=beside_run), view.step)

    return work


def _compute(
    worker: ViewWorker,
    request: _Request,
    state: NetworkState,
    task: BackgroundTask,
    *,
    beside_run: bool,
) -> Any:
    """Return the value of a view; DataError with words for people where there is none."""
    from dlstudio.data.core.errors import DataError
    from dlstudio.network.weights.weights import WeightsError

    try:
        return worker.compute(
            request.spec,
            request.options,
            state,
            beside_run=beside_run,
            is_cancelled=task.is_cancelled,
        )
    except WeightsError as error:
        raise DataError(str(error)) from error
    except WorkError as error:
        if not error.details:
            raise DataError(str(error)) from error
        failure = DataError(f"{request.spec.title} could not be computed: {error}")
        failure.add_note(error.details)
        raise failure from error
