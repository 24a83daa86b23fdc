"""Rules for parameter groups and frozen layers: what contradicts who owns and trains a weight."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from dlstudio.design.model.model import TOP
from dlstudio.design.model.problems import Problem, Repair, warning
from dlstudio.design.model.training_settings import Optimiser, ParameterGroup, TrainingSettings
from dlstudio.network.check.sharing import weight_owner
from dlstudio.network.compile.subgraph import connected_subgraphs, select_subgraph
from dlstudio.training.optim.group_optimiser import matches, selects_single
from dlstudio.training.readiness.core.check_context import CheckContext, change_training
from dlstudio.training.specs.registry import TASKS

_REST = "others"


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer with weights.

    Attributes:
        owner: Path of the layer that owns its weights, its own if they are not shared.
        group: Number of the group of its own path, None if it is in none.
    """

    path: str
    owner: str
    title: str
    group: int | None
    is_frozen: bool


def parameter_group_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield layers without a group, groups without a layer, and settings without an effect."""
    if not context.analysis.report.ok or not context.paths("output"):
        return
    layers = {layer.path: layer for layer in _layers_with_weights(context)}
    owners = {layer.owner for layer in layers.values()}
    grouped = {layers[path].group for path in owners if path in layers} - {None}
    grouped |= {
        number
        for number, group in enumerate(context.project.training.groups)
        if any(selects_single(group.selector, path) for path in owners)
    }
    if not grouped:
        return
    yield from _sharing_problems(context.project.training, layers)
    training = context.project.training
    if training.task in TASKS and TASKS[training.task].groups:
        return  # the task checks the groups that it needs
    yield from _missing_group_problems(context, [layers[p] for p in layers if p in owners])
    yield from _empty_group_problems(training, grouped)


def _layers_with_weights(context: CheckContext) -> Iterator[_Layer]:
    nodes, groups = context.analysis.expanded.nodes, context.project.training.groups
    whole = select_subgraph(context.analysis, (), ())
    for subgraph in connected_subgraphs(context.analysis, whole):
        ends = (*subgraph.inputs, *subgraph.outputs)
        roles = {str(context.setting(path, "role")) for path in ends}
        for path in subgraph.order:
            evaluation = context.analysis.evaluations.get(path)
            result = evaluation.meta_result if evaluation else None
            if result is None or not result.cost.parameters:
                continue
            numbers = (i for i, group in enumerate(groups) if matches(group.selector, path, roles))
            node = nodes[path].node
            yield _Layer(
                path,
                weight_owner(nodes, path) or path,
                node.title or path,
                next(numbers, None),
                context.setting(path, "frozen") is True,
            )


def _sharing_problems(training: TrainingSettings, layers: dict[str, _Layer]) -> Iterator[Problem]:
    """Yield shared weights that a layer asks to train in another way than their owner does."""
    for layer in layers.values():
        owner = layers.get(layer.owner)
        if owner is None or owner is layer:
            continue
        if layer.is_frozen and not owner.is_frozen:
            yield warning(
                "shared-weights-train",
                "Frozen has no effect on shared weights",
                f"{layer.title} uses the weights of {owner.title}, which is trained. Weights are "
                "frozen where they belong.",
                *_freeze_repairs(owner),
                Repair("Turn “Frozen” off here", "set_settings", {"changes": {"frozen": False}}),
                path=layer.path,
                short="frozen, but shared",
            )
        if layer.group is None or layer.group == owner.group:
            continue
        group = training.groups[layer.group]
        if group.selector.paths:
            yield warning(
                "shared-weights-group",
                "Shared weights belong to another group",
                f"{layer.title} is in the group {group.name}, but its weights are those of "
                f"{owner.title} and follow the group of that layer.",
                path=layer.path,
                short="group of another",
            )


def _freeze_repairs(owner: _Layer) -> list[Repair]:
    if "." in owner.path:
        return []
    arguments = {"scope": TOP, "node": owner.path, "changes": {"frozen": True}}
    return [Repair(f"Freeze {owner.title}", "set_settings", arguments)]


def _missing_group_problems(context: CheckContext, layers: list[_Layer]) -> Iterator[Problem]:
    """Yield one problem for each card whose weights are in no group."""
    training, reported = context.project.training, set[str]()
    rest = (*training.groups, ParameterGroup(_rest_name(training), optimiser=_optimiser(training)))
    for layer in layers:
        card = layer.path.partition(".")[0]
        if layer.group is not None or layer.is_frozen or card in reported:
            continue
        reported.add(card)
        yield warning(
            "no-parameter-group",
            "No parameter group trains this layer",
            f"{layer.title} is in no parameter group, so its weights never change. Add a group for "
            "the layers that are in none, or freeze the layer if it should not learn.",
            change_training("Add a group for all other layers", groups=rest),
            Repair("Freeze it", "set_settings", {"changes": {"frozen": True}}),
            path=layer.path,
            short="never trained",
        )


def _rest_name(training: TrainingSettings) -> str:
    taken = {group.name for group in training.groups}
    return next(
        name for name in (_REST, *(f"{_REST} {n}" for n in range(2, 99))) if name not in taken
    )


def _optimiser(training: TrainingSettings) -> Optimiser:
    return training.groups[0].optimiser if training.groups else Optimiser()


def _empty_group_problems(
    training: TrainingSettings, grouped: Collection[int | None]
) -> Iterator[Problem]:
    for number, group in enumerate(training.groups):
        if number not in grouped:
            others = tuple(g for index, g in enumerate(training.groups) if index != number)
            yield warning(
                "empty-parameter-group",
                f"The parameter group {group.name} has no layer",
                f"No layer with weights belongs to the group {group.name}: its layers were removed "
                "or belong to a group above it. Its settings have no effect.",
                change_training(f"Remove the group {group.name}", groups=others),
            )
