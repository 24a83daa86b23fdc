"""Records the calls of layers with hooks, which copy values and change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from dlstudio.entry_points import reason_text
from dlstudio.insight.trace.array_copies import ArrayCopies
from dlstudio.insight.trace.step_trace import Array, LayerCall


@dataclass(slots=True)
class _Call:
    """A call in progress, or one whose gradients may not have arrived yet."""

    phase: int
    inputs: list[Array | None] = field(default_factory=list)
    outputs: list[Array | None] = field(default_factory=list)
    gradients: list[Array | None] = field(default_factory=list)


class CallRecorder:
    """Records inputs, outputs and the gradients of outputs until it is closed.

    Attributes:
        phase: Index of the current phase, assigned to new calls.
        incomplete: Paths of layers with omitted values.
        failures: Messages why layers could not be recorded, by path.
    """

    def __init__(self, layers: Mapping[str, nn.Module], copies: ArrayCopies) -> None:
        """Register the hooks of all layers."""
        self.phase = 0
        self.incomplete: dict[str, None] = {}
        self.failures: dict[str, str] = {}
        self._copies = copies
        self._loss_scale = 1.0
        self._calls: dict[str, list[_Call]] = {path: [] for path in layers}
        self._handles: list[RemovableHandle] = []
        for path, module in layers.items():
            before, after = partial(self._before_call, path), partial(self._after_call, path)
            self._handles += [
                module.register_forward_pre_hook(before, with_kwargs=True),
                module.register_forward_hook(after, with_kwargs=True),
            ]

    def watch_loss(self, loss: Tensor) -> None:
        """Record the factor by which mixed precision scales the loss and thus all gradients."""

        def record(gradient: Tensor) -> None:
            self._loss_scale = float(gradient)

        if loss.requires_grad:
            self._handles.append(loss.register_hook(record))

    def calls(self, path: str) -> tuple[LayerCall, ...]:
        """Return the calls of a layer so far."""
        return tuple(
            LayerCall(call.phase, tuple(call.inputs), tuple(call.outputs), tuple(call.gradients))
            for call in self._calls[path]
        )

    def close(self) -> None:
        """Remove all hooks."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    def _before_call(
        self, path: str, _module: nn.Module, arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> None:
        call = _Call(self.phase)
        self._calls[path].append(call)
        self._guard(path, lambda: call.inputs.extend(self._copy(path, (arguments, named))))

    def _after_call(
        self,
        path: str,
        _module: nn.Module,
        _arguments: tuple[Any, ...],
        _named: dict[str, Any],
        result: Any,
    ) -> None:
        call = self._calls[path][-1]
        self._guard(path, lambda: self._record_outputs(path, call, result))

    def _record_outputs(self, path: str, call: _Call, result: Any) -> None:
        call.outputs.extend(self._copy(path, result))
        call.gradients.extend(None for _ in call.outputs)
        for index, output in enumerate(_tensors(result)):
            if output.requires_grad:
                hook = partial(self._after_gradient, path, call, index)
                self._handles.append(output.register_hook(hook))

    def _after_gradient(self, path: str, call: _Call, index: int, gradient: Tensor) -> None:
        def record() -> None:
            call.gradients[index] = self._copies.copy_once(gradient / self._loss_scale)
            if call.gradients[index] is None:
                self.incomplete[path] = None

        self._guard(path, record)

    def _copy(self, path: str, values: Any) -> Iterator[Array | None]:
        for tensor in _tensors(values):
            array = self._copies.copy(tensor)
            if array is None:
                self.incomplete[path] = None
            yield array

    def _guard(self, path: str, record: Callable[[], None]) -> None:
        """Call `record`, so that its exceptions do not reach the training step."""
        try:
            record()
        except Exception as error:  # noqa: BLE001 - the step goes on; the trace names the reason
            self.failures[path] = reason_text(error)


def _tensors(values: Any) -> Iterator[Tensor]:
    """Yield the tensors in nested tuples, lists and dictionaries, in order."""
    if isinstance(values, Tensor):
        yield values
    elif isinstance(values, Mapping):
        yield from _tensors(tuple(values.values()))
    elif isinstance(values, (tuple, list)):
        for value in values:
            yield from _tensors(value)
