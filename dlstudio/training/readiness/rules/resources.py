"""Rules for what a training step needs: batch size, trainable weights and memory."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dlstudio.design.model.problems import MEMORY, Problem, Repair, error, incomplete, warning
from dlstudio.design.model.training_settings import Optimiser, ParameterGroup, chosen
from dlstudio.layers.normalisation.channel_norms import BATCH_NORMS
from dlstudio.network.check.memory import (
    MemoryNeed,
    available_memory,
    bytes_text,
    memory_needed,
)
from dlstudio.network.compile.subgraph import connected_subgraphs, select_subgraph
from dlstudio.training.optim.group_optimiser import matches, selects_single
from dlstudio.training.readiness.core.check_context import CheckContext, change_training
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.step.devices import choose_device

DEFAULT_BATCH_SIZE = 32


def batch_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield the first BatchNorm with a single number per channel."""
    if context.training.batch_size != 1:
        return
    for kind in BATCH_NORMS:
        for path in context.paths(kind):
            signal = context.input_signal(path)
            if signal is not None and math.prod(signal.shape[1:]) == 1:
                yield error(
                    "batch-of-one",
                    "BatchNorm needs more than one sample",
                    "BatchNorm computes a mean and a deviation over the batch, and a batch of one "
                    "sample has no deviation. Use a batch size of at least 2.",
                    change_training(
                        f"Set the batch size to {DEFAULT_BATCH_SIZE}", batch_size=DEFAULT_BATCH_SIZE
                    ),
                    path=path,
                    short="batch of 1",
                )
                return


def trainability_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if no weight can be trained."""
    if not context.analysis.report.ok or not context.paths("output"):
        return
    weighted = {
        path: report.cost.parameters
        for path, report in context.analysis.report.nodes.items()
        if report.cost.parameters
    }
    trainable = [path for path in weighted if context.setting(path, "frozen") is not True]
    if trainable:
        yield from _group_problems(context, trainable)
        return
    last, nodes = next(reversed(weighted), ""), context.analysis.expanded.nodes
    if not last:
        yield incomplete(
            "nothing-learns",
            "No layer has weights",
            "There is nothing to train: no layer in the network has weights. Add a Linear layer.",
        )
        return
    yield error(
        "nothing-learns",
        "Every layer is frozen",
        "All layers with weights are frozen, so no weight would change. Unfreeze one of them.",
        Repair(
            f"Unfreeze {nodes[last].node.title or last}",
            "set_settings",
            {"changes": {"frozen": False}},
        ),
        path=last,
        short="all frozen",
    )


def _group_problems(context: CheckContext, trainable: list[str]) -> Iterator[Problem]:
    """Yield a problem if trainable layers are in no parameter group, or only in frozen ones."""
    training = context.project.training
    for subgraph in connected_subgraphs(
        context.analysis, select_subgraph(context.analysis, (), ())
    ):
        ends = (*subgraph.inputs, *subgraph.outputs)
        roles = {str(context.setting(path, "role")) for path in ends}
        for path in set(trainable).intersection(subgraph.order):
            candidates = (
                group for group in training.groups if matches(group.selector, path, roles)
            )
            group = next(candidates, None)
            if group is not None and not group.frozen:
                return
            if any(
                selects_single(other.selector, path) and not other.frozen
                for other in training.groups
            ):
                return
    required = TASKS[training.task].groups if training.task in TASKS else ()
    yield error(
        "nothing-learns",
        "No parameter group is trained",
        "No parameter group contains a layer with weights, or the groups that do are frozen, so "
        "no weight would change. Add the layers to train to a group.",
        change_training("Reset the groups", groups=required or (ParameterGroup(),)),
    )


def memory_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a warning if training needs more memory than is available; a run is refused then."""
    training = context.training
    device, _ = choose_device(training.device)
    optimiser = training.groups[0].optimiser if training.groups else Optimiser()
    batch_size = chosen(training.batch_size)
    need = memory_needed(
        context.analysis.report,
        batch_size,
        optimiser.name,
        momentum=bool(optimiser.settings.get("momentum")),
    )
    available = available_memory(device)
    if not available or need.total <= available:
        return
    smaller = _largest_batch(need, batch_size, available)
    repairs = []
    if smaller:
        repairs.append(change_training(f"Set the batch size to {smaller}", batch_size=smaller))
    yield warning(
        MEMORY,
        f"Needs {bytes_text(need.total)} of memory",
        f"Training needs {bytes_text(need.total)} ({bytes_text(need.activations)} for the "
        f"activations of {batch_size} sample{'' if batch_size == 1 else 's'}, the rest for "
        "weights, gradients and the optimiser), but "
        f"{'this computer' if device.type == 'cpu' else f'the {device.type.upper()} device'} has "
        f"{bytes_text(available)} free. "
        "Use a smaller batch or smaller layers.",
        *repairs,
    )


def _largest_batch(need: MemoryNeed, batch_size: int, memory: int) -> int:
    """Return the largest power of two that fits in memory, 0 if no sample fits."""
    available = memory - (need.total - need.activations)
    batch = available * batch_size // need.activations if need.activations else 0
    return 1 << (batch.bit_length() - 1) if batch >= 1 else 0
