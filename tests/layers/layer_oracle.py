"""The truth about a layer: build it on the CPU, run it forward and backward, sample by sample."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlstudio.design.signals import Shape, Signal
from dlstudio.layers.kind import Call, Kind, Signals
from dlstudio.network.build import build

REFUSALS = (
    RuntimeError,
    ValueError,
    TypeError,
    IndexError,
    AssertionError,
    ZeroDivisionError,
    UserWarning,
)


@dataclass(frozen=True)
class Executed:
    """What came out of one port for one sample."""

    shape: Shape
    dtype: str


def by_port(kind: Kind, signals: Signals) -> Iterator[tuple[str, Signal | None]]:
    """Yield the module's arguments with their ports; None for a port that is not wired."""
    for port in kind.inputs:
        group = signals.get(port.name, ())
        for signal in group or (() if port.variadic else (None,)):
            yield port.name, signal


def arriving(kind: Kind, signals: Signals) -> list[Signal | None]:
    """Return the module's arguments in port order."""
    return [signal for _, signal in by_port(kind, signals)]


def tensor(signal: Signal | None, batch: int, limit: int = 2) -> Tensor | None:
    if signal is None:
        return None
    shape = (batch, *signal.shape)
    if signal.dtype == "float32":
        return torch.randn(shape)
    high = 2 if signal.dtype == "bool" else limit
    return torch.randint(0, high, shape).to(getattr(torch, signal.dtype))


def run(module: nn.Module, inputs: Sequence[Tensor | None]) -> tuple[Tensor, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "Using padding='same' with even kernel")
        # RMSNorm warns where nothing can catch it, just before it raises.
        warnings.filterwarnings("ignore", "Mismatch dtype between input and weight")
        output = module(*inputs)
    outputs = output if isinstance(output, tuple) else (output,)
    if not all(isinstance(output, Tensor) for output in outputs):
        raise TypeError("a layer gives tensors")
    return outputs


def execute(
    kind: Kind, signals: Signals, *, meets: bool = False, valueless: Collection[str] = ()
) -> tuple[Executed, ...]:
    """Return what the CPU makes of these inputs; one of `REFUSALS` where it does not run.

    A layer that mixes the samples of a batch counts as one that does not run; with `meets` it may
    do so while training. From a port in `valueless` no gradient may come back, from any other one
    must.
    """
    call = kind.call(signals)
    signals_in = arriving(kind, signals)
    limit = call.arguments.get("num_embeddings", 2)
    carries_values = [port not in valueless for port, _ in by_port(kind, signals)]
    results = [
        _train(build(call, "cpu"), signals_in, carries_values, batch, limit) for batch in (2, 3)
    ]
    _keeps_samples_apart(call, signals_in, limit, meets=meets)
    first, second = (tuple(_executed(output) for output in outputs) for outputs in results)
    if first != second:
        raise ValueError("the sample shape depends on the batch")
    return first


def infer(kind: Kind, signals: Signals) -> tuple[Executed, ...]:
    """Return what the meta device says of these inputs."""
    module = build(kind.call(signals), "meta").train()
    inputs = [
        None
        if signal is None
        else torch.empty((2, *signal.shape), dtype=getattr(torch, signal.dtype), device="meta")
        for signal in arriving(kind, signals)
    ]
    return tuple(_executed(output) for output in run(module, inputs))


def _executed(output: Tensor) -> Executed:
    return Executed(tuple(output.shape[1:]), str(output.dtype).removeprefix("torch."))


def _train(
    module: nn.Module,
    given: Sequence[Signal | None],
    carries_values: Sequence[bool],
    batch: int,
    limit: int,
) -> tuple[Tensor, ...]:
    inputs = [tensor(signal, batch, limit) for signal in given]
    present = [tensor_in for tensor_in in inputs if tensor_in is not None]
    for tensor_in in present:
        tensor_in.requires_grad_(tensor_in.is_floating_point())
    outputs = run(module.train(), inputs)
    for output in outputs:
        if output.shape[:1] != (batch,):
            raise ValueError(f"{batch} samples went in, {tuple(output.shape)} came out")
        if output.numel() == 0 or not torch.isfinite(output).all():
            raise ValueError("nothing usable came out")
    differentiable = [output for output in outputs if output.requires_grad]
    if differentiable:
        torch.stack([output.square().sum() for output in differentiable]).sum().backward()
        for tensor_in, expects_gradient in zip(inputs, carries_values, strict=True):
            if (
                tensor_in is not None
                and tensor_in.requires_grad
                and (tensor_in.grad is not None) != expects_gradient
            ):
                raise ValueError("no gradient came back, or one from values that are not read")
    return tuple(output.detach() for output in outputs)


def _keeps_samples_apart(
    call: Call, given: Sequence[Signal | None], limit: int, *, meets: bool
) -> None:
    built = build(call, "cpu")
    inputs = [tensor(signal, 3, limit) for signal in given]
    with torch.no_grad():
        for mode in (False,) if meets else (False, True):
            built.train(mode)
            together = run(deepcopy(built), inputs)
            for i in range(3):
                alone = run(deepcopy(built), [None if x is None else x[i : i + 1] for x in inputs])
                for one, all_ in zip(alone, together, strict=True):
                    _same(one, all_[i : i + 1])


def _same(alone: Tensor, together: Tensor) -> None:
    if alone.shape != together.shape:
        raise ValueError("a sample's shape depends on the batch")
    if not torch.allclose(alone.float(), together.float(), atol=1e-4):
        raise ValueError("one sample leaks into another")
