"""Memory for activations of a whole network: each storage is counted once, where first saved."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch

from dlstudio.design.model.signals import Signal
from dlstudio.network.check.meta import MetaResult

OutputRef = tuple[str, str]
"""A node's path and one of its output ports."""


@dataclass(slots=True)
class ActivationMemory:
    """Tracks tensors through layers that return a view of their input, such as Flatten."""

    _origin: dict[OutputRef, OutputRef] = field(default_factory=dict)
    _bytes: dict[OutputRef, int] = field(default_factory=dict)
    _counted: set[OutputRef] = field(default_factory=set)

    def add_input(self, path: str, outputs: Mapping[str, Signal]) -> None:
        """Add a tensor from outside the network."""
        for port, signal in outputs.items():
            self._add_storage((path, port), signal)

    def add_layer(
        self,
        path: str,
        meta_result: MetaResult,
        outputs: Mapping[str, Signal],
        sources: Sequence[OutputRef],
        times: int = 1,
    ) -> int:
        """Add a layer's outputs; return the bytes per sample that it is the first to save.

        Args:
            path: The layer's path.
            meta_result: Its run on the meta device.
            outputs: Output signals by port.
            sources: Sources of the layer's inputs, in the order of the run.
            times: How often the layer runs per sample: once for each time step.
        """
        for (port, signal), view in zip(outputs.items(), meta_result.views, strict=False):
            if view < 0:
                self._add_storage((path, port), signal, times)
            else:
                self._origin[path, port] = self._origin[sources[view]]
        newly_saved = sum(self._newly_saved(path, meta_result, outputs, sources))
        return times * meta_result.cost.activation_bytes + newly_saved

    def _add_storage(self, ref: OutputRef, signal: Signal, times: int = 1) -> None:
        self._origin[ref] = ref
        self._bytes[ref] = times * signal_bytes(signal)

    def _newly_saved(
        self,
        path: str,
        meta_result: MetaResult,
        outputs: Mapping[str, Signal],
        sources: Sequence[OutputRef],
    ) -> Iterator[int]:
        ports = list(outputs)
        saved = [sources[i] for i in meta_result.saved_for_backward.inputs]
        saved += [(path, ports[i]) for i in meta_result.saved_for_backward.outputs]
        for ref in saved:
            origin = self._origin[ref]
            if origin not in self._counted:
                self._counted.add(origin)
                yield self._bytes[origin]


def signal_bytes(signal: Signal) -> int:
    """Return the bytes of one sample of a signal."""
    dtype: torch.dtype = getattr(torch, signal.dtype)
    return math.prod(signal.shape) * dtype.itemsize
