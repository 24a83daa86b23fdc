"""Records the norms of layers in the folder of a run, at intervals."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn

from dlstudio.insight.common.layer_modules import layer_modules
from dlstudio.insight.views.registry import VIEWS
from dlstudio.training.loop.observer import RunView
from dlstudio.training.loop.pacing import Pacer
from dlstudio.training.loop.step_observer import StepObserver
from dlstudio.training.storage.json_files import encode_line
from dlstudio.training.storage.runs import SERIES

SHARE = 0.02
"""Maximum share of the training time for recording."""
_PER_RUN = 250
_DIGITS = 5


def series_observers() -> tuple[StepObserver, ...]:
    """Return the observer if any view uses the recorded values."""
    is_used = any(view.input == "series" for view in VIEWS.values())
    return (SeriesObserver(),) if is_used else ()


class SeriesObserver(StepObserver):
    """Appends a line to `RUN/series.jsonl` every few steps.

    A line contains the step and, for each layer with parameters by its path, the three values of
    `series.UNITS`. In tasks with several phases per step, the gradients are those of the last
    phase that trains the layer.
    """

    name = "series"

    def __init__(self, pacer: Pacer | None = None) -> None:
        """Record from the first step on; `pacer` decides how often."""
        self._pacer = pacer or Pacer(SHARE, _PER_RUN)
        self._layers: Mapping[str, Sequence[int]] = {}
        self._parameters: list[nn.Parameter] = []
        self._before: list[Tensor] = []
        self._gradients: dict[int, Tensor] = {}
        self._seconds = 0.0

    def wants_step(self, step: int) -> bool:
        """Whether a record is due."""
        del step
        return self._pacer.is_due

    @torch.no_grad()
    def begin_step(self, view: RunView) -> None:
        """Copy the parameters."""
        self._seconds = 0.0
        with self._timed():
            self._find_parameters(view)
            self._before = [parameter.detach().clone() for parameter in self._parameters]
            self._gradients = {}

    @torch.no_grad()
    def after_backward(self, view: RunView) -> None:
        """Measure the gradients of this phase."""
        del view
        with self._timed():
            pairs = enumerate(parameter.grad for parameter in self._parameters)
            gradients = {index: gradient for index, gradient in pairs if gradient is not None}
            if gradients:
                norms = torch._foreach_norm(list(gradients.values()))
                self._gradients.update(zip(gradients, norms, strict=True))

    @torch.no_grad()
    def end_step(self, view: RunView) -> None:
        """Append the record of this step."""
        with self._timed():
            after = [parameter.detach() for parameter in self._parameters]
            if view.run_dir and after:
                line = encode_line({"step": view.step, "layers": self._rows(after)})
                with (Path(view.run_dir) / SERIES).open("ab") as file:
                    file.write(line)
        self._pacer.schedule(self._seconds)

    def close(self) -> None:
        """Release the copies."""
        self._before, self._gradients = [], {}

    def _rows(self, after: Sequence[Tensor]) -> dict[str, list[float | None]]:
        """Return the values of each layer for a line."""
        updates = torch._foreach_sub(list(after), self._before)
        norms = [
            *torch._foreach_norm(self._before),
            *torch._foreach_norm(list(after)),
            *torch._foreach_norm(list(updates)),
            *self._gradients.values(),
        ]
        values = torch.stack([norm.float() for norm in norms]).tolist()
        count = len(after)
        before, weights, changes = (values[i * count : (i + 1) * count] for i in range(3))
        gradients = dict(zip(self._gradients, values[3 * count :], strict=True))
        rows = {}
        for path, indices in self._layers.items():
            norm = _joined(before[index] for index in indices)
            change = _joined(changes[index] for index in indices)
            trained = [gradients[index] for index in indices if index in gradients]
            rows[path] = [
                _rounded(_joined(weights[index] for index in indices)),
                _rounded(_joined(trained)) if trained else None,
                _rounded(change / norm) if norm else None,
            ]
        return rows

    def _find_parameters(self, view: RunView) -> None:
        """Collect the parameters of all layers, each once, and their indices by layer."""
        numbers: dict[nn.Parameter, int] = {}
        layers = {}
        for path, module in layer_modules(view.objective.compiled).items():
            indices = [
                numbers.setdefault(parameter, len(numbers)) for parameter in module.parameters()
            ]
            if indices:
                layers[path] = indices
        self._layers, self._parameters = layers, list(numbers)

    @contextmanager
    def _timed(self) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self._seconds += time.perf_counter() - began


def _joined(norms: Iterator[float] | Sequence[float]) -> float:
    """Return the norm of several tensors together from their separate norms."""
    return math.hypot(*norms)


def _rounded(value: float) -> float | None:
    """Return the value rounded to five digits; None if it is not finite, as JSON requires."""
    return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None
