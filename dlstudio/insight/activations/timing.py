"""Measures the time of each layer, in a separate forward pass over training samples."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import nn

from dlstudio.training.loop.observer import RunView
from dlstudio.training.tasks.core.objective import ordered_inputs

Clock = Callable[[], float]


def layer_times(view: RunView, batch_size: int) -> Mapping[str, float]:
    """Return the milliseconds of each layer's forward pass on a batch, by path.

    The module must be in evaluation mode with gradients off. Empty without training samples.
    """
    subset = view.subsets.get("train")
    if subset is None or not len(subset):
        return {}
    inputs = {
        role: view.normaliser.apply(role, raw[:batch_size]).to(view.device)
        for role, raw in subset.inputs.items()
    }
    times: dict[str, float] = {}
    for component in view.objective.compiled.components:
        samples = ordered_inputs(view.objective.fill_inputs(component, inputs), component)
        with _timed(component.module, _device_clock(view.device)) as durations:
            component.module(*samples)
        times.update(durations)
    return times


def fastest(before: Mapping[str, float], now: Mapping[str, float]) -> Mapping[str, float]:
    """Return the faster of two measurements of each layer."""
    return {path: min(value, before.get(path, value)) for path, value in now.items()}


def _device_clock(device: torch.device) -> Clock:
    """Return a clock in milliseconds that waits for the device's pending work."""
    if device.type != "cuda":
        return lambda: 1000 * time.perf_counter()

    def stamp() -> float:
        torch.cuda.synchronize(device)
        return 1000 * time.perf_counter()

    return stamp


@contextmanager
def _timed(module: torch.fx.GraphModule, clock: Clock) -> Iterator[dict[str, float]]:
    """Yield a mapping that a forward pass fills with each layer's time."""
    durations: dict[str, float] = {}
    starts: dict[str, float] = {}

    def before(path: str) -> Callable[[nn.Module, object], None]:
        def hook(_module: nn.Module, _inputs: object) -> None:
            starts[path] = clock()

        return hook

    def after(path: str) -> Callable[[nn.Module, object, object], None]:
        def hook(_module: nn.Module, _inputs: object, _output: object) -> None:
            durations[path] = durations.get(path, 0.0) + clock() - starts[path]

        return hook

    hooks = []
    paths = [str(node.target) for node in module.graph.nodes if node.op == "call_module"]
    for path in dict.fromkeys(paths):
        layer = module.get_submodule(path)
        hooks += [
            layer.register_forward_pre_hook(before(path)),
            layer.register_forward_hook(after(path)),
        ]
    try:
        yield durations
    finally:
        for hook in hooks:
            hook.remove()
