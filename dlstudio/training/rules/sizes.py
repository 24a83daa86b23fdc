"""Does what a network gives back have the shape of what it is compared with?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from dlstudio.design.problems import Problem, Repair
from dlstudio.design.signals import Signal
from dlstudio.design.values import Ref
from dlstudio.training.rules.last_layer import resize
from dlstudio.training.rules.roles import output_of, task_of
from dlstudio.training.rules.situation import Situation, change_data, error


def reconstruction_problems(situation: Situation) -> Iterator[Problem]:
    """Yield a problem where the reconstruction has not the shape of the samples."""
    available = situation.facts.inputs
    if available and "samples" not in available:
        title = task_of(situation).title
        yield error(
            "no-samples",
            f"{title} needs samples of numbers",
            f"{title} compares what it gives back with the sample, number by number; this data "
            f"brings {', '.join(available)}. Choose other data, or another task.",
            change_data("Use the handwritten digits", source="digits", options={}, facts=None),
        )
    why = "What is rebuilt is compared with the sample number by number"
    yield from unlike_samples(situation, "reconstruction", "reconstruction-shape", why)


def unlike_samples(situation: Situation, role: str, code: str, why: str) -> Iterator[Problem]:
    """Yield a problem where an Output has not the shape of the samples.

    Args:
        situation: The design.
        role: Of the Output.
        code: Of the problem.
        why: A main clause that says why the shapes must be the same.
    """
    path = output_of(situation, role)
    signal, target = situation.arriving(path), situation.facts.inputs.get("samples")
    if not path or signal is None or target is None or signal.shape == target.shape:
        return
    yield error(
        code,
        f"{signal.text()} leave the network, {target.text()} are needed",
        f"{why}, so it must have the shape {target.text()}; {signal.text()} arrives. Let the last "
        f"layer give {math.prod(target.shape)} numbers and reshape them.",
        *_remedies(situation, path, signal, target),
        path=path,
    )


def _remedies(situation: Situation, path: str, given: Signal, wanted: Signal) -> Iterator[Repair]:
    """Yield what makes one shape the other; a row of the right length is reshaped afterwards."""
    count = math.prod(wanted.shape)
    if math.prod(given.shape) == count:
        yield _insert(f"Reshape to {wanted.text()}", "reshape", {"shape": wanted.shape})
    elif len(given.shape) == 1:
        yield resize(situation, path, count, Ref("features"))
    elif len(wanted.shape) == 3 and given.shape[1:] == wanted.shape[1:]:
        channels = wanted.shape[0]
        settings = {"out_channels": channels, "kernel_size": (1, 1)}
        yield _insert(f"1×1 Conv2d ({given.shape[0]} → {channels})", "conv2d", settings)


def _insert(what: str, kind: str, settings: dict[str, object]) -> Repair:
    arguments = {"port": "input", "slot": 0, "kind": kind, "settings": settings}
    return Repair(f"Insert {what}", "insert_before", arguments)
