"""The input `trace`: one training step, traced on request."""

from __future__ import annotations

from PySide6.QtCore import QObject

from dlstudio.gui.plots.inputs.input_source import InputCallback, InputSource, PreparedInput
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.insight.trace.step_trace import StepTrace

TRACE = "Trace the next step"
_NO_TRACE = f"Press Train or Step, then {TRACE}."
_ENDED = "The run ended before it took another step."


class TraceSource(InputSource):
    """Provides the next step of a run or, after the run, the last traced step."""

    def __init__(self, services: ViewServices, parent: QObject | None = None) -> None:
        super().__init__(services, parent)
        self._run = services.shown_run
        self._run.enable_tracing()
        self._waiting: list[InputCallback] = []
        self._run.traced.connect(lambda: self._deliver(self._run.trace))
        self._run.changed.connect(self._on_changed)

    @property
    def missing_text(self) -> str:
        is_there = self._run.is_active or self._run.trace is not None
        return "" if is_there else _NO_TRACE

    @property
    def start_text(self) -> str:
        return TRACE if self._run.is_active or self._run.trace is None else ""

    @property
    def waiting_text(self) -> str:
        return "Press Step to take the step" if self._run.is_paused else "Waiting for the step"

    def request(self, callback: InputCallback, *, refresh: bool) -> None:
        trace = self._run.trace
        if trace is not None and not (refresh and self._run.is_active):
            callback(lambda _task: _prepared(trace))
            return
        self._waiting.append(callback)
        self._run.request_trace(self)

    def cancel_request(self, callback: InputCallback) -> None:
        self._waiting = [other for other in self._waiting if other != callback]
        if not self._waiting:
            self._run.withdraw_trace(self)

    def _deliver(self, trace: StepTrace | None) -> None:
        waiting, self._waiting = self._waiting, []
        for callback in waiting:
            callback(lambda _task: _prepared(trace))

    def _on_changed(self) -> None:
        if self._waiting and not self._run.is_active:
            self._deliver(None)
        self.changed.emit()


def _prepared(trace: StepTrace | None) -> PreparedInput:
    from dlstudio.data.core.errors import DataError

    if trace is None:
        raise DataError(_ENDED)
    return PreparedInput(trace, f"step {format_integer(trace.step)}", " ".join(trace.notes))
