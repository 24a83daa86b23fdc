"""The settings that can be changed during a run, each declared once.

A change is a pure function of the run's plan, so that a resumed run can replay it, and of the
design, to which it can be applied. Does not import torch.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from dlstudio.design.edits import EditError, set_settings, set_training
from dlstudio.design.model.model import TOP, Project
from dlstudio.design.model.training_settings import Clipping, ParameterGroup, chosen, with_epochs
from dlstudio.layers.normalisation.dropout import DROPOUT_KINDS
from dlstudio.training.optim.schedules import EpochSpan
from dlstudio.training.options.named_option import find_option
from dlstudio.training.options.training_options import CLIPPING, CLIPPING_LIMIT, LEARNING_RATE
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import SettingChanged
from dlstudio.training.step.plan import Plan, RunPosition, is_within, truncate_spans
from dlstudio.training.step.run_change import Arguments, RunChange
from dlstudio.training.step.training_changes import TRAINING_CHANGES

Groups = tuple[ParameterGroup, ...]


def apply_change(
    plan: Plan, change: str, arguments: Arguments, position: RunPosition
) -> tuple[Plan, str]:
    """Return the plan after a change, and a description for the user.

    Changes and their arguments: `learning_rate` (`learning_rate`, `group` name or empty for all),
    `clipping` (`mode`, `limit`, `group`), `dropout` (`p`, `path` or empty for all), `frozen`
    (`path`, `frozen`), `epochs` (total `epochs`; `new_span` if the run had finished), and those of
    `TRAINING_CHANGES`.

    Raises:
        TrainingError: The change is invalid; the message says why.
    """
    if change not in RUN_CHANGES:
        known = ", ".join(RUN_CHANGES)
        raise TrainingError(f"{change!r} cannot be changed during training; these can: {known}.")
    try:
        return RUN_CHANGES[change].in_plan(plan, arguments, position)
    except (KeyError, TypeError, ValueError) as error:
        raise TrainingError(f"The change of {change} is invalid: {error}.") from error


def keep_changes(project: Project, changes: Iterable[SettingChanged]) -> Project:
    """Return the project with all changes of the run applied in order.

    Raises:
        EditError: A changed layer no longer exists.
    """
    for change in changes:
        project = RUN_CHANGES[change.change].in_design(project, change.arguments)
    return project


def keep_training_changes(project: Project, changes: Iterable[SettingChanged]) -> Project:
    """Return the project with the changes of its training settings, but not those of layers."""
    return keep_changes(
        project, (change for change in changes if not RUN_CHANGES[change.change].of_layers)
    )


def _rate_of(arguments: Arguments) -> float:
    return chosen(LEARNING_RATE.parse(arguments["learning_rate"]))


def _with_rate(groups: Groups, arguments: Arguments) -> Groups:
    rate = _rate_of(arguments)
    return tuple(
        replace(group, optimiser=replace(group.optimiser, learning_rate=rate))
        if _concerns(group, arguments)
        else group
        for group in groups
    )


def _rate_in_plan(plan: Plan, arguments: Arguments, _: RunPosition) -> tuple[Plan, str]:
    groups = _with_rate(plan.groups, arguments)
    before = chosen(_concerned(plan, arguments).optimiser.learning_rate)
    return plan.with_groups(groups), f"learning rate {before:g} → {_rate_of(arguments):g}"


def _rate_in_design(project: Project, arguments: Arguments) -> Project:
    training = project.training
    return set_training(project, replace(training, groups=_with_rate(training.groups, arguments)))


def _clipping_of(arguments: Arguments) -> Clipping:
    mode = find_option(CLIPPING, arguments["mode"], "clipping").name
    return Clipping(mode, chosen(CLIPPING_LIMIT.parse(arguments.get("limit", 1.0))))


def _with_clipping(groups: Groups, arguments: Arguments) -> Groups:
    clipping = _clipping_of(arguments)
    return tuple(
        replace(group, clipping=clipping) if _concerns(group, arguments) else group
        for group in groups
    )


def _clipping_in_plan(plan: Plan, arguments: Arguments, _: RunPosition) -> tuple[Plan, str]:
    groups, clipping = _with_clipping(plan.groups, arguments), _clipping_of(arguments)
    _concerned(plan, arguments)
    title = CLIPPING[clipping.mode].title.lower()
    text = "off" if clipping.mode == "none" else f"{title} at {clipping.limit:g}"
    return plan.with_groups(groups), f"gradient clipping {text}"


def _clipping_in_design(project: Project, arguments: Arguments) -> Project:
    groups = _with_clipping(project.training.groups, arguments)
    return set_training(project, replace(project.training, groups=groups))


def _concerns(group: ParameterGroup, arguments: Arguments) -> bool:
    name = arguments.get("group", "")
    return not name or group.name == name


def _concerned(plan: Plan, arguments: Arguments) -> ParameterGroup:
    """Return the first parameter group that a change concerns."""
    for group in plan.groups:
        if _concerns(group, arguments):
            return group
    raise TrainingError(f"There is no parameter group called {arguments['group']!r}.")


def _dropout_in_plan(plan: Plan, arguments: Arguments, _: RunPosition) -> tuple[Plan, str]:
    p, path = float(arguments["p"]), arguments.get("path", "")
    if not (math.isfinite(p) and 0 <= p <= 1):
        raise TrainingError(f"A dropout probability must be between 0 and 1, not {p:g}.")
    paths = [layer for layer in plan.dropout if not path or is_within(layer, path)]
    if not paths:
        where = f"at {path!r}" if path else "in this network"
        raise TrainingError(f"There is no dropout layer {where}.")
    text = f"dropout of {path or 'all layers'} {plan.dropout[paths[0]]:g} → {p:g}"
    return replace(plan, dropout={**plan.dropout, **dict.fromkeys(paths, p)}), text


def _dropout_in_design(project: Project, arguments: Arguments) -> Project:
    path, changes = str(arguments.get("path", "")), {"p": float(arguments["p"])}
    if path:
        scope, node = _locate_node(project, path)
        return set_settings(project, (node,), changes, scope)
    for scope, nodes in _dropout_layers(project):
        project = set_settings(project, nodes, changes, scope)
    return project


def _dropout_layers(project: Project) -> Iterator[tuple[str, tuple[str, ...]]]:
    for scope in (TOP, *project.blocks):
        nodes = project.graph_at(scope).nodes
        dropouts = tuple(node_id for node_id, node in nodes.items() if node.kind in DROPOUT_KINDS)
        if dropouts:
            yield scope, dropouts


def _frozen_in_plan(plan: Plan, arguments: Arguments, _: RunPosition) -> tuple[Plan, str]:
    path, freeze = arguments["path"], bool(arguments["frozen"])
    paths = frozenset(layer for layer in plan.layers if is_within(layer, path))
    if not paths:
        raise TrainingError(f"There is no layer with weights at {path!r}.")
    frozen = plan.frozen | paths if freeze else plan.frozen - paths
    single = plan.frozen_parameters
    if not freeze:
        single = frozenset(name for name in single if not is_within(name, path))
    text = f"{path} {'frozen' if freeze else 'unfrozen'}"
    return replace(plan, frozen=frozen, frozen_parameters=single), text


def _frozen_in_design(project: Project, arguments: Arguments) -> Project:
    scope, node = _locate_node(project, str(arguments["path"]))
    return set_settings(project, (node,), {"frozen": bool(arguments["frozen"])}, scope)


def _locate_node(project: Project, path: str) -> tuple[str, str]:
    """Return scope and id of the node at a dotted path; numbers in it index a block's repeats."""
    scope, node_id = TOP, ""
    for segment in path.split("."):
        if segment.isdecimal():
            continue
        if node_id:
            scope = str(project.graph_at(scope).nodes[node_id].settings.get("block", ""))
        if scope not in {TOP, *project.blocks} or segment not in project.graph_at(scope).nodes:
            raise EditError(f"The layer {path!r} no longer exists in the design")
        node_id = segment
    return scope, node_id


def _epochs_in_plan(plan: Plan, arguments: Arguments, position: RunPosition) -> tuple[Plan, str]:
    epochs = int(arguments["epochs"])
    done = position.epoch + (1 if position.index else 0)
    if epochs < max(done, 1):
        raise TrainingError(
            f"The run is in epoch {done} already and cannot end after {epochs}. "
            "Choose a larger number."
        )
    text = f"epochs {plan.epochs} → {epochs}"
    plan = replace(plan, training=with_epochs(plan.training, plan.training.epochs))
    if arguments.get("new_span"):
        if epochs == position.epoch:
            raise TrainingError(f"{epochs} epochs are already completed. Choose a larger number.")
        spans = (
            *truncate_spans(plan, position.epoch),
            EpochSpan(position.epoch, epochs - position.epoch),
        )
        return replace(plan, spans=spans), text
    if epochs > plan.epochs:
        extra_span = EpochSpan(plan.epochs, epochs - plan.epochs)
        return replace(plan, spans=(*plan.spans, extra_span)), text
    return replace(plan, spans=truncate_spans(plan, epochs)), text


def _epochs_in_design(project: Project, arguments: Arguments) -> Project:
    return set_training(project, with_epochs(project.training, int(arguments["epochs"])))


RUN_CHANGES: Mapping[str, RunChange] = {
    "learning_rate": RunChange(_rate_in_plan, _rate_in_design),
    "clipping": RunChange(_clipping_in_plan, _clipping_in_design),
    "dropout": RunChange(_dropout_in_plan, _dropout_in_design, of_layers=True),
    "frozen": RunChange(_frozen_in_plan, _frozen_in_design, of_layers=True),
    "epochs": RunChange(_epochs_in_plan, _epochs_in_design),
    **TRAINING_CHANGES,
}
"""All changes by the name in commands, events and run folders."""
