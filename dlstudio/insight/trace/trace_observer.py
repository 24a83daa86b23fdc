"""Records all values of one training step on request."""

from __future__ import annotations

from torch import Tensor, nn

from dlstudio.data.core.batches import Batch
from dlstudio.insight.common.layer_modules import layer_modules
from dlstudio.insight.trace.array_copies import ArrayCopies, to_array
from dlstudio.insight.trace.call_recorder import CallRecorder
from dlstudio.insight.trace.step_trace import (
    MAX_BYTES,
    Array,
    LayerTrace,
    ParameterTrace,
    PhaseTrace,
    StepTrace,
)
from dlstudio.training.loop.observer import RunView
from dlstudio.training.loop.step_observer import StepObserver
from dlstudio.training.metrics.batch_result import BatchResult, Phase

_NAMED = 6
"""Maximum number of names listed in a note."""


class TraceObserver(StepObserver):
    """Returns a `StepTrace` of the next step after each request."""

    name = "trace"

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        """Wait for a request; the arrays of a trace take at most `max_bytes` together."""
        self._max_bytes = max_bytes
        self._requested = False
        self._recording: _Recording | None = None

    def request(self) -> None:
        """Record the next step; may be called from any thread."""
        self._requested = True

    def withdraw(self) -> None:
        """Cancel the request; may be called from any thread."""
        self._requested = False

    def wants_step(self, step: int) -> bool:
        """Whether a trace is requested."""
        del step
        return self._requested

    def begin_step(self, view: RunView) -> None:
        """Copy the parameters and register hooks."""
        self._requested = False
        self._recording = _Recording(view, ArrayCopies(self._max_bytes))

    def begin_phase(self, batch: Batch, phase: Phase) -> None:
        """Copy the batch."""
        if self._recording is not None:
            self._recording.begin_phase(batch, phase)

    def after_forward(self, result: BatchResult) -> None:
        """Copy the loss."""
        if self._recording is not None:
            self._recording.copy_loss(result.loss)

    def after_backward(self, view: RunView) -> None:
        """Copy the gradients of the parameters."""
        del view
        if self._recording is not None:
            self._recording.copy_gradients()

    def end_step(self, view: RunView) -> StepTrace | None:
        """Return the trace."""
        return None if self._recording is None else self._recording.finish(view)

    def close(self) -> None:
        """Remove the hooks and forget the step."""
        if self._recording is not None:
            self._recording.close()
            self._recording = None


class _Parameter:
    """A parameter of a layer during the step."""

    def __init__(self, parameter: nn.Parameter) -> None:
        self.parameter = parameter
        self.before = to_array(parameter)
        self.gradients: list[Array | None] = []


class _Recording:
    """The trace of a step in progress."""

    def __init__(self, view: RunView, copies: ArrayCopies) -> None:
        self._losses: list[float] = []
        self._copies = copies
        self._phases: list[str] = []
        self._batch: dict[str, Array | None] = {}
        self._target: Array | None = None
        self._missing: dict[str, None] = {}
        layers = layer_modules(view.objective.compiled)
        self._parameters = {
            path: self._copy_parameters(path, module) for path, module in layers.items()
        }
        self._calls = CallRecorder(layers, copies)

    def begin_phase(self, batch: Batch, phase: Phase) -> None:
        self._calls.phase = len(self._phases)
        self._phases.append(phase.name)
        for parameter in self._all_parameters():
            parameter.gradients.append(None)
        if len(self._phases) == 1:
            self._batch = {role: self._copies.copy(raw) for role, raw in batch.inputs.items()}
            self._target = None if batch.target is None else self._copies.copy(batch.target)
            copies = {**self._batch, **({} if batch.target is None else {"target": self._target})}
            self._missing.update((f"the {name}", None) for name in copies if copies[name] is None)

    def copy_loss(self, loss: Tensor) -> None:
        self._losses.append(float(loss.detach()))
        self._calls.watch_loss(loss)

    def copy_gradients(self) -> None:
        for path, parameters in self._parameters.items():
            for name, traced in parameters.items():
                gradient = traced.parameter.grad
                if gradient is not None:
                    traced.gradients[-1] = self._copies.copy_once(gradient)
                    if traced.gradients[-1] is None:
                        self._missing[f"{path}.{name}"] = None

    def finish(self, view: RunView) -> StepTrace:
        layers = {
            path: LayerTrace(
                self._calls.calls(path),
                {
                    name: ParameterTrace(
                        traced.before, to_array(traced.parameter), tuple(traced.gradients)
                    )
                    for name, traced in parameters.items()
                },
            )
            for path, parameters in self._parameters.items()
        }
        phases = zip(self._phases, self._losses, strict=True)
        return StepTrace(
            view.step,
            view.epoch,
            tuple(PhaseTrace(name, loss) for name, loss in phases),
            self._batch,
            self._target,
            layers,
            tuple(self._notes()),
        )

    def close(self) -> None:
        self._calls.close()
        self._copies.forget()

    def _copy_parameters(self, path: str, module: nn.Module) -> dict[str, _Parameter]:
        """Copy the parameters of a layer that fit in memory, before and after the step."""
        parameters = {}
        for name, parameter in module.named_parameters():
            if self._copies.reserve(2 * parameter.numel() * parameter.element_size()):
                parameters[name] = _Parameter(parameter)
            else:
                self._missing[f"{path}.{name}"] = None
        return parameters

    def _all_parameters(self) -> list[_Parameter]:
        return [traced for layer in self._parameters.values() for traced in layer.values()]

    def _notes(self) -> list[str]:
        notes = [
            f"{path} could not be recorded: {reason}."
            for path, reason in self._calls.failures.items()
        ]
        missing = [*self._missing, *self._calls.incomplete]
        if missing:
            more = len(missing) - _NAMED
            names = ", ".join(missing[:_NAMED]) + (f" and {more} more" if more > 0 else "")
            notes.append(
                f"Not all values fit into the limit of the trace: some of {names} are missing. "
                "Use a smaller batch size."
            )
        return notes
