"""Layers that make wires fit each other, found from their shapes. Knows no particular kind."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dlstudio.design.problems import Repair
from dlstudio.design.signals import Shape, Signal
from dlstudio.layers.dense import MAPS
from dlstudio.layers.mistakes import by, insert_many

INPUTS = "inputs"

Insert = tuple[int, str, Mapping[str, Any]]
"""Place of a wire in the order of slots, kind and settings of a layer to be put there."""


def lists_of_one(given: Sequence[Signal]) -> tuple[Repair, ...]:
    """Return the repair that makes a list of every single number."""
    inserts: list[Insert] = [(wire, "reshape", {"shape": (1,)}) for wire in range(len(given))]
    return (insert_many("Insert Reshape to 1 on each wire", inserts, INPUTS),)


def pool_to_smallest(given: Sequence[Signal]) -> tuple[Repair, ...]:
    """Return the repairs that pool maps (C, H, W) to the smallest height and width."""
    if any(each.dtype != "float32" for each in given):
        return ()
    height, width = (min(each.shape[axis] for each in given) for axis in (1, 2))
    larger = [i for i, each in enumerate(given) if each.shape[1:] != (height, width)]
    adaptive: list[Insert] = [
        (wire, "adaptive_avg_pool2d", {"output_size": (height, width)}) for wire in larger
    ]
    repairs = [insert_many(f"Insert AdaptiveAvgPool2d to {height}×{width}", adaptive, INPUTS)]
    steps = [(given[i].shape[1] / height, given[i].shape[2] / width) for i in larger]
    if all(each.is_integer() for pair in steps for each in pair):
        kernels = [(int(down), int(across)) for down, across in steps]
        pooled: list[Insert] = [
            (wire, "max_pool2d", {"kernel_size": kernel})
            for wire, kernel in zip(larger, kernels, strict=True)
        ]
        sizes = " and ".join(sorted({by(kernel) for kernel in kernels}))
        repairs.append(insert_many(f"Insert MaxPool2d {sizes}", pooled, INPUTS))
    return tuple(repairs)


def flatten_all(given: Sequence[Signal]) -> tuple[Repair, ...]:
    """Return the repair that makes a list of every signal that is none yet."""
    if any(not each.shape for each in given):
        return ()
    inserts: list[Insert] = [
        (i, "flatten", {}) for i, each in enumerate(given) if len(each.shape) > 1
    ]
    return (insert_many("Insert Flatten on each wire", inserts, INPUTS),) if inserts else ()


def equalise(given: Sequence[Signal]) -> tuple[Repair, ...]:
    """Return the repair that brings signals with equally many axes to one shape."""
    if any(each.dtype != "float32" for each in given):
        return ()
    target = _target([each.shape for each in given])
    inserts: list[Insert] = []
    for wire, each in enumerate(given):
        steps = _steps(each, target)
        if steps is None:
            return ()
        inserts += [(wire, kind, settings) for kind, settings in steps]
    return (insert_many(_title(given, target, inserts), inserts, INPUTS),)


def flatten_and_equalise(given: Sequence[Signal]) -> tuple[Repair, ...]:
    """Return the repair that makes lists of equal length of all signals."""
    if any(each.dtype != "float32" or not each.shape for each in given):
        return ()
    target = min(given, key=lambda each: len(each.shape)).shape
    features = math.prod(target)
    inserts: list[Insert] = []
    for wire, each in enumerate(given):
        if len(each.shape) > 1:
            inserts.append((wire, "flatten", {}))
        if math.prod(each.shape) != features:
            inserts.append((wire, "linear", {"out_features": features}))
    linear = any(kind == "linear" for _, kind, _ in inserts)
    layers = "Flatten and Linear" if linear else "Flatten"
    return (insert_many(f"Insert {layers} ({features} features each)", inserts, INPUTS),)


def on_one_port(repairs: Sequence[Repair], ports: Sequence[str]) -> tuple[Repair, ...]:
    """Return those repairs of wires to a variadic port that touch one wire, put to its own port.

    Args:
        repairs: As `equalise` and its like return them.
        ports: The port of each wire.
    """
    moved = []
    for repair in repairs:
        inserts = repair.arguments["inserts"]
        wires = {each["wire"] for each in inserts}
        if len(wires) == 1:
            layers = [(0, each["kind"], each["settings"]) for each in inserts]
            moved.append(insert_many(repair.title, layers, ports[wires.pop()]))
    return tuple(moved)


def _target(shapes: Sequence[Shape]) -> Shape:
    """Return the first axis that most have, the larger in a tie, and the smallest sizes else."""
    if len(shapes[0]) != 3:
        return _commonest(shapes)
    channels = _commonest([shape[:1] for shape in shapes])
    return (*channels, *(min(shape[axis] for shape in shapes) for axis in (1, 2)))


def _commonest(shapes: Sequence[Shape]) -> Shape:
    counts = Counter(shapes)
    return max(counts, key=lambda shape: (counts[shape], math.prod(shape)))


def _steps(signal: Signal, target: Shape) -> list[tuple[str, dict[str, Any]]] | None:
    """Return kinds and settings that lead from a signal to a shape, None where none do."""
    shape = signal.shape
    if shape == target:
        return []
    if len(shape) == 3:
        return _map_steps(shape, target)
    if len(shape) == 2 and shape[1] == target[1]:
        return [("conv1d", {"out_channels": target[0], "kernel_size": (1,)})]
    if shape[:-1] == target[:-1] and (len(shape) == 1 or signal.meaning not in MAPS):
        return [("linear", {"out_features": target[-1]})]
    return None


def _map_steps(shape: Shape, target: Shape) -> list[tuple[str, dict[str, Any]]]:
    """Return a 1×1 convolution, with a stride where one leads exactly there, else with a pool."""
    convolution: dict[str, Any] = {"out_channels": target[0], "kernel_size": (1, 1)}
    if shape[1:] == target[1:]:
        return [("conv2d", convolution)]
    pool = ("adaptive_avg_pool2d", {"output_size": target[1:]})
    if shape[0] == target[0]:
        return [pool]
    stride = tuple(round(size / wanted) for size, wanted in zip(shape[1:], target[1:], strict=True))
    reached = tuple((size - 1) // step + 1 for size, step in zip(shape[1:], stride, strict=True))
    if reached == target[1:]:
        return [("conv2d", {**convolution, "stride": stride})]
    return [pool, ("conv2d", convolution)]


TITLES = {
    "conv2d": "1×1 Conv2d",
    "conv1d": "1×1 Conv1d",
    "linear": "Linear",
    "adaptive_avg_pool2d": "AdaptiveAvgPool2d",
}


def _title(given: Sequence[Signal], target: Shape, inserts: Sequence[Insert]) -> str:
    """Return what the button says: `Insert 1×1 Conv2d (16 → 32)`."""
    kinds = list(dict.fromkeys(kind for _, kind, _ in inserts))
    names = " and ".join(TITLES[kind] for kind in kinds)
    odd = given[inserts[0][0]].shape
    if kinds[-1] in ("conv2d", "conv1d"):
        return f"Insert {names} ({odd[0]} → {target[0]})"
    if kinds == ["linear"]:
        return f"Insert Linear ({odd[-1]} → {target[-1]})"
    return f"Insert {names} to {by(target[1:])}"
