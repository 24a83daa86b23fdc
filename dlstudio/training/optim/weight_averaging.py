"""Exponential moving averages of the weights. Imports no loop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from dlstudio.training.optim.module_tensors import clone_tensors, load_tensors, module_tensors


class WeightAverage:
    """Averages of a module's weights and norm statistics.

    After step `t`, counted from 0, each is `m ← d_t·m + (1 − d_t)·w` with
    `d_t = min(decay, (1 + t) / (10 + t))`, so that early weights decay quickly, as in TensorFlow's
    `ExponentialMovingAverage(num_updates=t)`. Integer buffers are copied.
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        """Start with the current weights."""
        self._module = module
        self._decay = decay
        self._averages = clone_tensors(module_tensors(module))

    def update(self, step: int) -> None:
        """Update the averages after a step."""
        averages_and_weights: tuple[list[Tensor], list[Tensor]] = ([], [])
        for name, tensor in module_tensors(self._module).items():
            if tensor.is_floating_point():
                averages_and_weights[0].append(self._averages[name])
                averages_and_weights[1].append(tensor.detach())
            else:
                self._averages[name].copy_(tensor)
        decay = min(self._decay, (1 + step) / (10 + step))
        get_ema_multi_avg_fn(decay)(averages_and_weights[0], averages_and_weights[1], step)

    def tensors(self) -> dict[str, Tensor]:
        """Return the averages by name; not copies."""
        return dict(self._averages)

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Restore the averages that `tensors` returned."""
        for name, average in self._averages.items():
            average.copy_(tensors[name])

    @contextmanager
    def swapped_in(self) -> Iterator[None]:
        """Put the averages into the module, and restore its own weights exactly on exit."""
        trained = clone_tensors(module_tensors(self._module))
        load_tensors(self._averages, self._module)
        try:
            yield
        finally:
            load_tensors(trained, self._module)
