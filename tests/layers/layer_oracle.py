"""Runs layers on the CPU, forward and backward, to find out what torch accepts and returns."""

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
    """Shape and dtype of one output, without the batch axis."""

    shape: Shape
    dtype: str


def signals_by_port(kind: LayerKind, signals: Signals) -> Iterator[tuple[str, Signal | None]]:
    """Yield each argument of the module with its port; None for an unwired port."""
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
        # RMSNorm logs this warning from C++ before it raises.
        warnings.filterwarnings("ignore", "Mismatch dtype between input and weight")
        output = module(*inputs)
    outputs = output if isinstance(output, tuple) else (output,)
    if not all(isinstance(output, Tensor) for output in outputs):
        raise TypeError("a layer must return tensors")
    return outputs


def run_on_cpu(
    kind: LayerKind,
    signals: Signals,
    *,
    batch_dependent: bool = False,
    unread_ports: Collection[str] = (),
) -> tuple[OutputInfo, ...]:
    """Return the shapes and dtypes of the outputs on the CPU.

    Args:
        batch_dependent: Whether samples of a batch may affect each other while training.
        unread_ports: Ports that must get no gradient; all others must get one.

    Raises:
        RuntimeError: Or another of `RUN_ERRORS`: the layer does not run or mixes samples.
    """
    call = kind.call(signals)
    arguments = input_signals(kind, signals)
    limit = call.arguments.get("num_embeddings", 2)
    expects_gradient = [port not in unread_ports for port, _ in signals_by_port(kind, signals)]
    results = [
        _train(build(call, "cpu"), arguments, expects_gradient, batch, limit) for batch in (2, 3)
    ]
    _check_samples_independent(call, arguments, limit, batch_dependent=batch_dependent)
    first, second = (tuple(_output_info(output) for output in outputs) for outputs in results)
    if first != second:
        raise ValueError("the sample shape depends on the batch")
    return first


def infer_on_meta(kind: LayerKind, signals: Signals) -> tuple[OutputInfo, ...]:
    """Return the shapes and dtypes of the outputs on the meta device."""
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
    expects_gradient: Sequence[bool],
    batch: int,
    limit: int,
) -> tuple[Tensor, ...]:
    inputs = [random_tensor(signal, batch, limit) for signal in signals]
    for tensor in inputs:
        if tensor is not None:
            tensor.requires_grad_(tensor.is_floating_point())
    outputs = run(module.train(), inputs)
    for output in outputs:
        if output.shape[:1] != (batch,):
            raise ValueError(f"the output of {batch} samples has the shape {tuple(output.shape)}")
        if output.numel() == 0 or not torch.isfinite(output).all():
            raise ValueError("the output is empty or not finite")
    differentiable = [output for output in outputs if output.requires_grad]
    if differentiable:
        torch.stack([output.square().sum() for output in differentiable]).sum().backward()
        for tensor, expected in zip(inputs, expects_gradient, strict=True):
            if (
                tensor is not None
                and tensor.requires_grad
                and (tensor.grad is not None) != expected
            ):
                raise ValueError("an input has no gradient, or an unexpected one")
    return tuple(output.detach() for output in outputs)


def _check_samples_independent(
    call: Call, signals: Sequence[Signal | None], limit: int, *, batch_dependent: bool
) -> None:
    module = build(call, "cpu")
    inputs = [random_tensor(signal, 3, limit) for signal in signals]
    with torch.no_grad():
        for mode in (False,) if batch_dependent else (False, True):
            module.train(mode)
            batched = run(deepcopy(module), inputs)
            for i in range(3):
                sample = [None if x is None else x[i : i + 1] for x in inputs]
                for single, batch in zip(run(deepcopy(module), sample), batched, strict=True):
                    _check_equal(single, batch[i : i + 1])


def _check_equal(single: Tensor, batched: Tensor) -> None:
    if single.shape != batched.shape:
        raise ValueError("a sample's shape depends on the batch")
    if not torch.allclose(single.float(), batched.float(), atol=1e-4):
        raise ValueError("a sample affects another")
