"""Edits of the parameter groups: a group for the selected layers, moving layers between groups.

Groups give layers their own learning rate and optimiser. Imports no widget.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from dlstudio.design.edits import set_training
from dlstudio.design.model.model import TOP
from dlstudio.design.model.training_settings import Selector, TrainingSettings
from dlstudio.gui.actions.action_table import action_title
from dlstudio.gui.canvas.model.frozen import has_weights
from dlstudio.gui.document.document import Document
from dlstudio.training.specs.registry import TASKS

OWN_RATE = action_title("own-group")
CREATE_GROUP = "Create parameter group"
_MAX_NAMES = 2
"""A new group is named after its layers up to this number, else by their count."""


def selected_layers(document: Document) -> tuple[str, ...]:
    """Return the selected layers and blocks that have weights, in the design's order."""
    if document.scope != TOP:
        return ()
    return tuple(
        path
        for path, node in document.project.graph.nodes.items()
        if path in document.selection and has_weights(document.project, node)
    )


def can_edit_groups(training: TrainingSettings) -> bool:
    """Whether layers can be moved: not if the task or component roles define the groups."""
    task = TASKS.get(training.task)
    by_task = task is not None and bool(task.groups)
    return not by_task and not any(group.selector.role for group in training.groups)


def can_create_group(document: Document) -> bool:
    """Whether a group can be created for the selection."""
    return can_edit_groups(document.project.training) and bool(selected_layers(document))


def create_group(document: Document) -> bool:
    """Create a group for the selected layers as one undo step; return whether it was done."""
    layers = selected_layers(document)
    if not can_create_group(document):
        return False
    result = document.try_edit(
        lambda project: set_training(project, split_group(project.training, layers)),
        CREATE_GROUP,
    )
    return result is not None


def group_number(training: TrainingSettings, path: str) -> int:
    """Return the number of the first group that contains a path, or −1."""
    for number, group in enumerate(training.groups):
        if not group.selector.paths or group.selector.matches(path):
            return number
    return -1


def move_paths(training: TrainingSettings, paths: Collection[str], number: int) -> TrainingSettings:
    """Return the settings with `paths` moved to the group `number`; empty groups are removed."""
    groups, moved_paths = [], Selector(paths=tuple(paths))
    for index, group in enumerate(training.groups):
        group_paths = group.selector.paths
        remaining = tuple(path for path in group_paths if not moved_paths.matches(path))
        if group_paths and index == number:
            remaining = (*remaining, *paths)
        if group_paths and not remaining:
            continue
        unchanged = remaining == group_paths
        groups.append(group if unchanged else replace(group, selector=Selector(paths=remaining)))
    return replace(training, groups=tuple(groups))


def split_group(training: TrainingSettings, paths: Sequence[str]) -> TrainingSettings:
    """Return the settings with a new first group of `paths`, copied from the first path's group."""
    template = training.groups[max(0, group_number(training, paths[0]))]
    name = _group_name(tuple(paths), {group.name for group in training.groups})
    new_group = replace(template, name=name, selector=Selector(paths=tuple(paths)))
    rest = move_paths(training, paths, -1)
    return replace(rest, groups=(new_group, *rest.groups))


def _group_name(layers: Sequence[str], existing: set[str]) -> str:
    base = ", ".join(layers) if len(layers) <= _MAX_NAMES else f"{len(layers)} layers"
    name, number = base, 2
    while name in existing:
        name, number = f"{base} ({number})", number + 1
    return name
