"""The rule that an output has the shape of the samples it is compared with."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dlstudio.design.model.problems import Problem, Repair, error
from dlstudio.design.model.short_texts import unequal
from dlstudio.design.model.signals import Signal
from dlstudio.design.model.values import Ref
from dlstudio.training.readiness.core.check_context import CheckContext
from dlstudio.training.readiness.core.data_fixes import task_data_fix
from dlstudio.training.readiness.core.last_layer import resize_fix
from dlstudio.training.readiness.core.roles import output_path, task_spec


def reconstruction_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if the reconstruction does not have the shape of the samples."""
    available = context.facts.inputs
    if available and "samples" not in available:
        title = task_spec(context).title
        yield error(
            "no-samples",
            f"{title} needs samples of numbers",
            f"{title} compares its output with the sample number by number, but this data "
            f"provides {', '.join(available)}. Choose other data, or another task.",
            task_data_fix(context),
        )
    why = "The reconstruction is compared with the sample number by number"
    yield from sample_shape_problems(context, "reconstruction", "reconstruction-shape", why)


def sample_shape_problems(
    context: CheckContext, role: str, code: str, why: str
) -> Iterator[Problem]:
    """Yield a problem if an Output does not have the shape of the samples.

    Args:
        context: The design.
        role: Role of the Output.
        code: Code of the problem.
        why: A main clause that explains why the shapes must be equal.
    """
    path = output_path(context, role)
    signal, target = context.input_signal(path), context.facts.inputs.get("samples")
    if not path or signal is None or target is None or signal.shape == target.shape:
        return
    yield error(
        code,
        f"The output is {signal.text()} instead of {target.text()}",
        f"{why}, so it must have the shape {target.text()}, not {signal.text()}. Set the last "
        f"layer to {math.prod(target.shape)} outputs and reshape them.",
        *_shape_fixes(context, path, signal, target),
        path=path,
        short=unequal(signal.shape, target.shape),
    )


def _shape_fixes(
    context: CheckContext, path: str, signal: Signal, expected: Signal
) -> Iterator[Repair]:
    """Yield fixes of the shape; a vector of the right length is reshaped by a second fix."""
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
