"""Finds layers that make the shapes of several wires equal. Imports no particular kind."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dlstudio.design.model.problems import Repair
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.layers.framework.layer_problems import insert_on_wires, shape_text
from dlstudio.layers.framework.meanings import MAPS

INPUTS = "inputs"

Insert = tuple[int, str, Mapping[str, Any]]
"""Index of a wire in the order of slots, kind and settings of a layer to insert on it."""


def scalars_to_vectors(inputs: Sequence[Signal]) -> tuple[Repair, ...]:
    """Return the fix that reshapes every single number to a list."""
    inserts: list[Insert] = [(wire, "reshape", {"shape": (1,)}) for wire in range(len(inputs))]
    return (insert_on_wires("Insert Reshape to 1 on each wire", inserts, INPUTS),)


def pool_to_smallest(inputs: Sequence[Signal]) -> tuple[Repair, ...]:
    """Return the fixes that pool maps (C, H, W) to the smallest height and width."""
    if any(signal.dtype != "float32" for signal in inputs):
        return ()
    height, width = (min(signal.shape[axis] for signal in inputs) for axis in (1, 2))
    larger = [i for i, signal in enumerate(inputs) if signal.shape[1:] != (height, width)]
    adaptive_pools: list[Insert] = [
        (wire, "adaptive_avg_pool2d", {"output_size": (height, width)}) for wire in larger
    ]
    repairs = [
        insert_on_wires(f"Insert AdaptiveAvgPool2d to {height}×{width}", adaptive_pools, INPUTS)
    ]
    factors = [(inputs[i].shape[1] / height, inputs[i].shape[2] / width) for i in larger]
    if all(factor.is_integer() for pair in factors for factor in pair):
        kernels = [(int(down), int(across)) for down, across in factors]
        max_pools: list[Insert] = [
            (wire, "max_pool2d", {"kernel_size": kernel})
            for wire, kernel in zip(larger, kernels, strict=True)
        ]
        sizes = " and ".join(sorted({shape_text(kernel) for kernel in kernels}))
        repairs.append(insert_on_wires(f"Insert MaxPool2d {sizes}", max_pools, INPUTS))
    return tuple(repairs)


def flatten_all(inputs: Sequence[Signal]) -> tuple[Repair, ...]:
    """Return the fix that flattens every input that is not a list yet."""
    if any(not signal.shape for signal in inputs):
        return ()
    inserts: list[Insert] = [
        (i, "flatten", {}) for i, signal in enumerate(inputs) if len(signal.shape) > 1
    ]
    return (insert_on_wires("Insert Flatten on each wire", inserts, INPUTS),) if inserts else ()


def equalise(inputs: Sequence[Signal]) -> tuple[Repair, ...]:
    """Return the fix that gives inputs with equal numbers of axes one shape."""
    if any(signal.dtype != "float32" for signal in inputs):
        return ()
    target = _target([signal.shape for signal in inputs])
    inserts: list[Insert] = []
    for wire, signal in enumerate(inputs):
        steps = _layers_between(signal, target)
        if steps is None:
            return ()
        inserts += [(wire, kind, settings) for kind, settings in steps]
    return (insert_on_wires(_title(inputs, target, inserts), inserts, INPUTS),)


def flatten_and_equalise(inputs: Sequence[Signal]) -> tuple[Repair, ...]:
    """Return the fix that makes all inputs lists of equal length."""
    if any(signal.dtype != "float32" or not signal.shape for signal in inputs):
        return ()
    target = min(inputs, key=lambda signal: len(signal.shape)).shape
    features = math.prod(target)
    inserts: list[Insert] = []
    for wire, signal in enumerate(inputs):
        if len(signal.shape) > 1:
            inserts.append((wire, "flatten", {}))
        if math.prod(signal.shape) != features:
            inserts.append((wire, "linear", {"out_features": features}))
    linear = any(kind == "linear" for _, kind, _ in inserts)
    layers = "Flatten and Linear" if linear else "Flatten"
    return (insert_on_wires(f"Insert {layers} ({features} features each)", inserts, INPUTS),)


def single_wire_repairs(repairs: Sequence[Repair], ports: Sequence[str]) -> tuple[Repair, ...]:
    """Return those fixes of a variadic port that change one wire, for a port of its own.

    Args:
        repairs: Results of `equalise` and similar functions.
        ports: The port of each wire.
    """
    port_repairs = []
    for repair in repairs:
        inserts = repair.arguments["inserts"]
        wires = {insert["wire"] for insert in inserts}
        if len(wires) == 1:
            layers = [(0, insert["kind"], insert["settings"]) for insert in inserts]
            port_repairs.append(insert_on_wires(repair.title, layers, ports[wires.pop()]))
    return tuple(port_repairs)


def _target(shapes: Sequence[Shape]) -> Shape:
    """Return the most common first size, the larger in a tie, and the smallest of the others."""
    if len(shapes[0]) != 3:
        return _most_common(shapes)
    channels = _most_common([shape[:1] for shape in shapes])
    return (*channels, *(min(shape[axis] for shape in shapes) for axis in (1, 2)))


def _most_common(shapes: Sequence[Shape]) -> Shape:
    counts = Counter(shapes)
    return max(counts, key=lambda shape: (counts[shape], math.prod(shape)))


def _layers_between(signal: Signal, target: Shape) -> list[tuple[str, dict[str, Any]]] | None:
    """Return kinds and settings that convert an input to a shape, None if there are none."""
    shape = signal.shape
    if shape == target:
        return []
    if len(shape) == 3:
        return _map_layers(shape, target)
    if len(shape) == 2 and shape[1] == target[1]:
        return [("conv1d", {"out_channels": target[0], "kernel_size": (1,)})]
    if shape[:-1] == target[:-1] and (len(shape) == 1 or signal.meaning not in MAPS):
        return [("linear", {"out_features": target[-1]})]
    return None


def _map_layers(shape: Shape, target: Shape) -> list[tuple[str, dict[str, Any]]]:
    """Return a 1×1 convolution, with a stride if that gives the size, otherwise a pool too."""
    convolution: dict[str, Any] = {"out_channels": target[0], "kernel_size": (1, 1)}
    if shape[1:] == target[1:]:
        return [("conv2d", convolution)]
    pool = ("adaptive_avg_pool2d", {"output_size": target[1:]})
    if shape[0] == target[0]:
        return [pool]
    stride = tuple(
        round(size / target_size) for size, target_size in zip(shape[1:], target[1:], strict=True)
    )
    output_sizes = tuple(
        (size - 1) // step + 1 for size, step in zip(shape[1:], stride, strict=True)
    )
    if output_sizes == target[1:]:
        return [("conv2d", {**convolution, "stride": stride})]
    return [pool, ("conv2d", convolution)]


TITLES = {
    "conv2d": "1×1 Conv2d",
    "conv1d": "1×1 Conv1d",
    "linear": "Linear",
    "adaptive_avg_pool2d": "AdaptiveAvgPool2d",
}


def _title(inputs: Sequence[Signal], target: Shape, inserts: Sequence[Insert]) -> str:
    """Return the text of the button: `Insert 1×1 Conv2d (16 → 32)`."""
    kinds = list(dict.fromkeys(kind for _, kind, _ in inserts))
    names = " and ".join(TITLES[kind] for kind in kinds)
    shape = inputs[inserts[0][0]].shape
    if kinds[-1] in ("conv2d", "conv1d"):
        return f"Insert {names} ({shape[0]} → {target[0]})"
    if kinds == ["linear"]:
        return f"Insert Linear ({shape[-1]} → {target[-1]})"
    return f"Insert {names} to {shape_text(target[1:])}"
