"""One slow view: computed in a worker, with progress and a way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from dlstudio.design.model.values import Value
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.background.latest_task import LatestTask, Work
from dlstudio.gui.plots.inputs.input_source import InputFactory, InputSource
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.insight.views.spec import ViewSpec
from dlstudio.worker.client import WorkError
from dlstudio.worker.view_worker import ViewWorker

if TYPE_CHECKING:
    from dlstudio.worker.view_inputs import ViewInput


@dataclass(frozen=True, slots=True)
class _Request:
    """A view with its options."""

    spec: ViewSpec
    options: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class _Result:
    """The value of a view, and texts about its input."""

    value: Any
    moment: str
    note: str


class AnalysisTask(QObject):
    """Computes the last requested view; an earlier computation is cancelled.

    Signals:
        progress: A message, and the fraction completed or None.
        done: The value of the view.
        failed: A message for the user, and the traceback for the log or an empty string.
        busy_changed: A computation has started or ended.
    """

    progress = Signal(str, object)
    done = Signal(object)
    failed = Signal(str, str)
    busy_changed = Signal()

    def __init__(
        self, services: ViewServices, source: InputSource, parent: QObject | None = None
    ) -> None:
        """Compute views of the inputs that `source` provides."""
        super().__init__(parent)
        self._services = services
        self._source = source
        self._waiting: _Request | None = None
        self.moment = ""
        """Moment of the run at which the input of the last result was taken, as text."""
        self.note = ""
        """Note on values missing from that input, or empty."""
        source.changed.connect(self._report_waiting)
        self._task = LatestTask(self)
        self._task.progress.connect(self.progress)
        self._task.done.connect(self._finish)
        self._task.failed.connect(self.failed)
        self._task.busy_changed.connect(lambda _busy: self.busy_changed.emit())

    @property
    def is_busy(self) -> bool:
        """Whether a view is being computed, or waits for its input."""
        return self._waiting is not None or self._task.is_busy

    def start(self, spec: ViewSpec, options: Mapping[str, Value], *, refresh: bool = True) -> None:
        """Start computing a view.

        Args:
            spec: The view.
            options: Values of its options; defaults replace those that are missing.
            refresh: Whether to request the current input; else that of the last result is reused.
        """
        self.cancel()
        self._waiting = _Request(spec, options)
        self.busy_changed.emit()
        self._report_waiting()
        self._source.request(self._run_on_input, refresh=refresh)

    def warm_up(self) -> None:
        """Prepare the worker, so that the first view does not wait for it to start."""
        services = self._services
        services.worker.warm_up(beside_run=services.network.is_training)

    def cancel(self) -> None:
        """Cancel the computation; no result is emitted."""
        self._source.cancel_request(self._run_on_input)
        was_waiting, self._waiting = self._waiting is not None, None
        self._task.cancel()
        if was_waiting:
            self.busy_changed.emit()

    def _report_waiting(self) -> None:
        if self._waiting is not None:
            self.progress.emit(self._source.waiting_text, None)

    def _finish(self, result: _Result | None) -> None:
        if result is not None:
            self.moment, self.note = result.moment, result.note
            self.done.emit(result.value)

    def _run_on_input(self, make_input: InputFactory) -> None:
        request, self._waiting = self._waiting, None
        if request is not None:
            beside_run = self._services.network.is_training
            worker = self._services.worker
            self._task.submit(_background_work(worker, make_input, request, beside_run=beside_run))


def _background_work(
    worker: ViewWorker, make_input: InputFactory, request: _Request, *, beside_run: bool
) -> Work:
    """Return the task function of a view; during a run it uses one core, to not slow it down."""

    def work(task: BackgroundTask) -> _Result:
        prepared = make_input(task)
        value = _compute(worker, request, prepared.value, task, beside_run=beside_run)
        return _Result(value, prepared.moment, prepared.note)

    return work


def _compute(
    worker: ViewWorker,
    request: _Request,
    value: ViewInput,
    task: BackgroundTask,
    *,
    beside_run: bool,
) -> Any:
    """Return the value of a view; raises DataError with a message for the user."""
    from dlstudio.data.core.errors import DataError
    from dlstudio.network.weights.weights import WeightsError

    try:
        return worker.compute(
            request.spec,
            request.options,
            value,
            beside_run=beside_run,
            is_cancelled=task.is_cancelled,
        )
    except (WeightsError, OSError) as error:
        raise DataError(f"{request.spec.title} could not be computed. {error}") from error
    except WorkError as error:
        if not error.details:
            raise DataError(str(error)) from error
        failure = DataError(f"{request.spec.title} could not be computed: {error}")
        failure.add_note(error.details)
        raise failure from error
