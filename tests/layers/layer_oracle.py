"""The truth about a layer: build it on the CPU, run it forward and backward, sample by sample."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlstudio.design.model.signals import Shape, Signal
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.network.build.build import build

RUN_ERRORS = (
    RuntimeError,
    ValueError,
    TypeError,
    IndexError,
    AssertionError,
    ZeroDivisionError,
    UserWarning,
)


@dataclass(frozen=True)
class OutputInfo:
    """What came out of one port for one sample."""

    shape: Shape
    dtype: str


def signals_by_port(kind: LayerKind, signals: Signals) -> Iterator[tuple[str, Signal | None]]:
    """Yield the module's arguments with their ports; None for a port that is not wired."""
    for port in kind.inputs:
        group = signals.get(port.name, ())
        for signal in group or (() if port.variadic else (None,)):
            yield port.name, signal


def input_signals(kind: LayerKind, signals: Signals) -> list[Signal | None]:
    """Return the module's arguments in port order."""
    return [signal for _, signal in signals_by_port(kind, signals)]


def random_tensor(signal: Signal | None, batch: int, limit: int = 2) -> Tensor | None:
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


def run_on_cpu(
    kind: LayerKind,
    signals: Signals,
    *,
    batch_dependent: bool = False,
    unread_ports: Collection[str] = (),
) -> tuple[OutputInfo, ...]:
    """Return what the CPU makes of these inputs; one of `RUN_ERRORS` where it does not run.

    A layer that mixes the samples of a batch counts as one that does not run; with
    `batch_dependent` it may do so while training. From a port in `unread_ports` no gradient may
    come back, from any other one must.
    """
    call = kind.call(signals)
    signals_in = input_signals(kind, signals)
    limit = call.arguments.get("num_embeddings", 2)
    carries_values = [port not in unread_ports for port, _ in signals_by_port(kind, signals)]
    results = [
        _train(build(call, "cpu"), signals_in, carries_values, batch, limit) for batch in (2, 3)
    ]
    _check_samples_independent(call, signals_in, limit, batch_dependent=batch_dependent)
    first, second = (tuple(_output_info(output) for output in outputs) for outputs in results)
    if first != second:
        raise ValueError("the sample shape depends on the batch")
    return first


def infer_on_meta(kind: LayerKind, signals: Signals) -> tuple[OutputInfo, ...]:
    """Return what the meta device says of these inputs."""
    module = build(kind.call(signals), "meta").train()
    inputs = [
        None
        if signal is None
        else torch.empty((2, *signal.shape), dtype=getattr(torch, signal.dtype), device="meta")
        for signal in input_signals(kind, signals)
    ]
    return tuple(_output_info(output) for output in run(module, inputs))


def _output_info(output: Tensor) -> OutputInfo:
    return OutputInfo(tuple(output.shape[1:]), str(output.dtype).removeprefix("torch."))


def _train(
    module: nn.Module,
    signals: Sequence[Signal | None],
    carries_values: Sequence[bool],
    batch: int,
    limit: int,
) -> tuple[Tensor, ...]:
    inputs = [random_tensor(signal, batch, limit) for signal in signals]
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


def _check_samples_independent(
    call: Call, signals: Sequence[Signal | None], limit: int, *, batch_dependent: bool
) -> None:
    built = build(call, "cpu")
    inputs = [random_tensor(signal, 3, limit) for signal in signals]
    with torch.no_grad():
        for mode in (False,) if batch_dependent else (False, True):
            built.train(mode)
            together = run(deepcopy(built), inputs)
            for i in range(3):
                alone = run(deepcopy(built), [None if x is None else x[i : i + 1] for x in inputs])
                for one, all_ in zip(alone, together, strict=True):
                    _check_equal(one, all_[i : i + 1])


def _check_equal(alone: Tensor, together: Tensor) -> None:
    if alone.shape != together.shape:
        raise ValueError("a sample's shape depends on the batch")
    if not torch.allclose(alone.float(), together.float(), atol=1e-4):
        raise ValueError("one sample leaks into another")
