"""Applies the settings changed during a run to the design, as one edit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from dlstudio.design.edits import EditError, set_settings, set_training
from dlstudio.design.model.model import TOP, Project
from dlstudio.design.model.training_settings import Clipping, ParameterGroup
from dlstudio.layers.normalisation.dropout import DROPOUT_KINDS
from dlstudio.training.protocol.events import SettingChanged


def apply_run_changes(project: Project, changes: Iterable[SettingChanged]) -> Project:
    """Return the project with all changes of the run applied in order.

    Raises:
        EditError: A changed layer no longer exists.
    """
    for change in changes:
        project = _APPLY_CHANGE[change.change](project, dict(change.arguments))
    return project


def _set_learning_rate(project: Project, arguments: dict[str, Any]) -> Project:
    rate = float(arguments["learning_rate"])

    def with_rate(group: ParameterGroup) -> ParameterGroup:
        return replace(group, optimiser=replace(group.optimiser, learning_rate=rate))

    return _with_groups(project, arguments, with_rate)


def _set_clipping(project: Project, arguments: dict[str, Any]) -> Project:
    clipping = Clipping(str(arguments["mode"]), float(arguments.get("limit", 1.0)))
    return _with_groups(project, arguments, lambda group: replace(group, clipping=clipping))


def _set_epochs(project: Project, arguments: dict[str, Any]) -> Project:
    return set_training(project, replace(project.training, epochs=int(arguments["epochs"])))


def _set_frozen(project: Project, arguments: dict[str, Any]) -> Project:
    scope, node = _locate_node(project, str(arguments["path"]))
    return set_settings(project, (node,), {"frozen": bool(arguments["frozen"])}, scope)


def _set_dropout(project: Project, arguments: dict[str, Any]) -> Project:
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


def _with_groups(project: Project, arguments: dict[str, Any], change_group: Any) -> Project:
    name, training = arguments.get("group", ""), project.training
    groups = tuple(
        change_group(group) if not name or group.name == name else group
        for group in training.groups
    )
    return set_training(project, replace(training, groups=groups))


_APPLY_CHANGE = {
    "learning_rate": _set_learning_rate,
    "clipping": _set_clipping,
    "dropout": _set_dropout,
    "frozen": _set_frozen,
    "epochs": _set_epochs,
}
