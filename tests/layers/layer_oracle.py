"""The truth about a layer: build it on the CPU, run it forward and backward, sample by sample."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
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

SAMPLES_MEET: Mapping[str, str] = {
    "batch_norm1d": "takes mean and variance of the batch while training",
    "batch_norm2d": "takes mean and variance of the batch while training",
    "dropout": "draws other zeros for each sample while training",
    "dropout2d": "draws other zeros for each sample while training",
}
"""Kinds whose answer to a sample depends on more than the sample while training, and why."""


@dataclass(frozen=True)
class Executed:
    """What came out for one sample."""

    shape: Shape
    dtype: str


def arriving(signals: Signals) -> list[Signal]:
    return [each for group in signals.values() for each in group]


def tensor(signal: Signal, batch: int, limit: int = 2) -> Tensor:
    shape = (batch, *signal.shape)
    if signal.dtype == "float32":
        return torch.randn(shape)
    high = 2 if signal.dtype == "bool" else limit
    return torch.randint(0, high, shape).to(getattr(torch, signal.dtype))


def run(module: nn.Module, inputs: Sequence[Tensor]) -> Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "Using padding='same' with even kernel")
        output = module(*inputs)
    if not isinstance(output, Tensor):
        raise TypeError("a layer gives one tensor")
    return output


def execute(kind: Kind, signals: Signals) -> Executed:
    """Return what the CPU makes of these inputs; one of `REFUSALS` where it does not run.

    A layer that mixes the samples of a batch counts as one that does not run.
    """
    call = kind.call(signals)
    limit = call.arguments.get("num_embeddings", 2)
    outputs = [_train(build(call, "cpu"), signals, batch, limit) for batch in (2, 3)]
    _keeps_samples_apart(kind, call, signals, limit)
    first, second = outputs
    if first.shape[1:] != second.shape[1:]:
        raise ValueError("the sample shape depends on the batch")
    return Executed(tuple(first.shape[1:]), str(first.dtype).removeprefix("torch."))


def infer(kind: Kind, signals: Signals) -> Executed:
    """Return what the meta device says of these inputs."""
    module = build(kind.call(signals), "meta").train()
    dtypes = [getattr(torch, each.dtype) for each in arriving(signals)]
    inputs = [
        torch.empty((2, *each.shape), dtype=dtype, device="meta")
        for each, dtype in zip(arriving(signals), dtypes, strict=True)
    ]
    output = run(module, inputs)
    return Executed(tuple(output.shape[1:]), str(output.dtype).removeprefix("torch."))


def _train(module: nn.Module, signals: Signals, batch: int, limit: int) -> Tensor:
    inputs = [tensor(each, batch, limit) for each in arriving(signals)]
    for each in inputs:
        each.requires_grad_(each.is_floating_point())
    output = run(module.train(), inputs)
    if output.shape[:1] != (batch,):
        raise ValueError(f"{batch} samples went in, {tuple(output.shape)} came out")
    if output.numel() == 0 or not torch.isfinite(output).all():
        raise ValueError("nothing usable came out")
    if output.requires_grad:
        output.square().sum().backward()
        if any(each.requires_grad and each.grad is None for each in inputs):
            raise ValueError("no gradient came back")
    return output.detach()


def _keeps_samples_apart(kind: Kind, call: Call, signals: Signals, limit: int) -> None:
    module = build(call, "cpu")
    inputs = [tensor(each, 3, limit) for each in arriving(signals)]
    modes = (False,) if kind.name in SAMPLES_MEET else (False, True)
    with torch.no_grad():
        for mode in modes:
            module.train(mode)
            together = run(module, inputs)
            for i in range(3):
                alone = run(module, [each[i : i + 1] for each in inputs])
                if alone.shape != together[i : i + 1].shape:
                    raise ValueError("a sample's shape depends on the batch")
                if not torch.allclose(alone[0].float(), together[i].float(), atol=1e-4):
                    raise ValueError("one sample leaks into another")
