"""Does what a network gives back have the shape of what it is compared with?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.signals import Signal
from dlstudio.design.model.values import Ref
from dlstudio.training.readiness.core.check_context import CheckContext, change_data, error
from dlstudio.training.readiness.core.last_layer import resize_fix
from dlstudio.training.readiness.core.roles import output_path, task_spec


def reconstruction_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem where the reconstruction has not the shape of the samples."""
    available = context.facts.inputs
    if available and "samples" not in available:
        title = task_spec(context).title
        yield error(
            "no-samples",
            f"{title} needs samples of numbers",
            f"{title} compares what it gives back with the sample, number by number; this data "
            f"brings {', '.join(available)}. Choose other data, or another task.",
            change_data("Use the handwritten digits", source="digits", options={}, facts=None),
        )
    why = "What is rebuilt is compared with the sample number by number"
    yield from sample_shape_problems(context, "reconstruction", "reconstruction-shape", why)


def sample_shape_problems(
    context: CheckContext, role: str, code: str, why: str
) -> Iterator[Problem]:
    """Yield a problem where an Output has not the shape of the samples.

    Args:
        context: The design.
        role: Of the Output.
        code: Of the problem.
        why: A main clause that says why the shapes must be the same.
    """
    path = output_path(context, role)
    signal, target = context.input_signal(path), context.facts.inputs.get("samples")
    if not path or signal is None or target is None or signal.shape == target.shape:
        return
    yield error(
        code,
        f"{signal.text()} leave the network, {target.text()} are needed",
        f"{why}, so it must have the shape {target.text()}; {signal.text()} arrives. Let the last "
        f"layer give {math.prod(target.shape)} numbers and reshape them.",
        *_shape_fixes(context, path, signal, target),
        path=path,
    )


def _shape_fixes(
    context: CheckContext, path: str, signal: Signal, expected: Signal
) -> Iterator[Repair]:
    """Yield what makes one shape the other; a row of the right length is reshaped afterwards."""
    count = math.prod(expected.shape)
    if math.prod(signal.shape) == count:
        yield _insert_fix(f"Reshape to {expected.text()}", "reshape", {"shape": expected.shape})
    elif len(signal.shape) == 1:
        yield resize_fix(context, path, count, Ref("features"))
    elif len(expected.shape) == 3 and signal.shape[1:] == expected.shape[1:]:
        channels = expected.shape[0]
        settings = {"out_channels": channels, "kernel_size": (1, 1)}
        yield _insert_fix(f"1×1 Conv2d ({signal.shape[0]} → {channels})", "conv2d", settings)


def _insert_fix(what: str, kind: str, settings: dict[str, object]) -> Repair:
    arguments = {"port": "input", "slot": 0, "kind": kind, "settings": settings}
    return Repair(f"Insert {what}", "insert_before", arguments)
