"""Runs a call on the meta device to infer its output shapes and its cost.

PyTorch's own messages are raised as `MetaError`. Independent of designs and layer kinds.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from dlstudio.design.model.report import Cost
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.design.model.values import freeze
from dlstudio.layers.framework.kind import NO_NORM, Call
from dlstudio.network.build.build import build
from dlstudio.network.build.cost import (
    SavedForBackward,
    buffer_count,
    multiply_adds,
    parameter_count,
    saved_tensors,
    storage_id,
    weight_storages,
)

BATCH_SIZE = 2
"""Samples in a run: BatchNorm rejects a single one in training mode."""

TORCH_ERRORS = (
    RuntimeError,
    ValueError,
    TypeError,
    IndexError,
    AssertionError,
    OverflowError,
    ZeroDivisionError,
)
"""What torch raises when it cannot build or run a layer."""


class MetaError(Exception):
    """Torch rejected the arguments or the inputs; the text is PyTorch's own message."""


@dataclass(frozen=True, slots=True)
class MetaInput:
    """An input of a run: its signal, and whether a gradient flows back through it."""

    shape: Shape
    dtype: str
    requires_grad: bool


@dataclass(frozen=True, slots=True)
class MetaResult:
    """Result of a run on the meta device.

    Attributes:
        shapes: Sample shape of each output.
        dtypes: Torch's name of each output's element type.
        requires_grad: Whether a gradient flows back through each output.
        views: For each output the index of the input whose memory it shares, or -1.
        cost: Per sample; its activation bytes contain only `kept.inner`.
        saved_for_backward: Inputs and outputs that the backward pass needs.
    """

    shapes: tuple[Shape, ...]
    dtypes: tuple[str, ...]
    requires_grad: tuple[bool, ...]
    views: tuple[int, ...]
    cost: Cost
    saved_for_backward: SavedForBackward


@dataclass(frozen=True, slots=True)
class _Built:
    """A module on the meta device, with the properties that do not depend on its inputs.

    Attributes:
        module: The module that is trained.
        runnable: The module without weight norm, which changes no shape and whose saved tensors
            are counted per step instead of per sample.
        parameters: Parameters of `runnable`.
        weights: Storages of `runnable`.
        cost: Number of parameters and buffers.
    """

    module: nn.Module
    runnable: nn.Module
    parameters: tuple[nn.Parameter, ...]
    weights: frozenset[int]
    cost: Cost


class MetaRunner:
    """Builds modules on the meta device once per call and runs them; for one thread only."""

    def __init__(self, capacity: int = 20_000) -> None:
        """Cache at most `capacity` modules."""
        self._built: OrderedDict[object, _Built] = OrderedDict()
        self._capacity = capacity

    def module(self, call: Call) -> nn.Module:
        """Return the module of a call, without memory for its weights.

        Raises:
            MetaError: Torch rejects the arguments.
        """
        return self._build(call).module

    def run(
        self, call: Call, inputs: Sequence[MetaInput | None], frozen: bool = False
    ) -> MetaResult:
        """Return the result for these inputs; None is an unconnected optional port.

        Raises:
            MetaError: Torch rejects the arguments or the inputs.
        """
        built = self._build(call)
        for parameter in built.parameters:
            parameter.requires_grad_(not frozen)
        tensors = [None if meta_input is None else _tensor(meta_input) for meta_input in inputs]
        try:
            with saved_tensors() as saved, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = built.runnable(*tensors)
        except TORCH_ERRORS as error:
            raise MetaError(str(error)) from error
        outputs = result if isinstance(result, tuple) else (result,)
        if any(output.ndim == 0 or output.shape[0] != BATCH_SIZE for output in outputs):
            raise MetaError("the layer mixes the samples of a batch")
        present = [tensor for tensor in tensors if tensor is not None]
        return _meta_result(
            built, present, outputs, saved.classify(built.weights, present, outputs)
        )

    def _build(self, call: Call) -> _Built:
        key = (call.target, freeze(call.arguments), call.norm)
        built = self._built.get(key)
        if built is None:
            built = self._built[key] = _build(call)
            if len(self._built) > self._capacity:
                self._built.popitem(last=False)
        else:
            self._built.move_to_end(key)
        return built


def _build(call: Call) -> _Built:
    try:
        module = runnable = build(call, "meta").train()
        if call.norm != NO_NORM:
            runnable = build(replace(call, norm=NO_NORM), "meta").train()
    except TORCH_ERRORS as error:
        raise MetaError(str(error)) from error
    cost = Cost(parameters=parameter_count(module), buffers=buffer_count(module))
    return _Built(module, runnable, tuple(runnable.parameters()), weight_storages(runnable), cost)


def _meta_result(
    built: _Built,
    inputs: Sequence[Tensor],
    outputs: Sequence[Tensor],
    saved_for_backward: SavedForBackward,
) -> MetaResult:
    memory = {storage_id(tensor): i for i, tensor in reversed(list(enumerate(inputs)))}
    return MetaResult(
        shapes=tuple(tuple(output.shape[1:]) for output in outputs),
        dtypes=tuple(dtype_name(output.dtype) for output in outputs),
        requires_grad=tuple(output.requires_grad for output in outputs),
        views=tuple(memory.get(storage_id(output), -1) for output in outputs),
        cost=replace(
            built.cost,
            multiply_adds=multiply_adds(built.runnable, inputs, outputs),
            activation_bytes=saved_for_backward.inner // BATCH_SIZE,
        ),
        saved_for_backward=saved_for_backward,
    )


def dtype_name(dtype: torch.dtype) -> str:
    """Return the name that `Signal.dtype` uses: `float32`."""
    return str(dtype).removeprefix("torch.")


def dtype_of(signal: Signal | MetaInput) -> torch.dtype:
    """Return torch's element type of a signal."""
    dtype = getattr(torch, signal.dtype, None)
    if not isinstance(dtype, torch.dtype):
        raise MetaError(f"{signal.dtype!r} is not an element type")
    return dtype


def _tensor(meta_input: MetaInput) -> Tensor:
    dtype = dtype_of(meta_input)
    requires_grad = meta_input.requires_grad and dtype.is_floating_point
    try:
        return torch.empty(
            (BATCH_SIZE, *meta_input.shape), dtype=dtype, device="meta", requires_grad=requires_grad
        )
    except TORCH_ERRORS as error:
        raise MetaError(str(error)) from error
