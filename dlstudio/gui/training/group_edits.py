"""A parameter group for the selected layers, so that they learn at a rate of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from dlstudio.design.edits import set_training
from dlstudio.design.model.model import TOP
from dlstudio.design.model.training_settings import Selector, TrainingSettings
from dlstudio.gui.canvas.model.frozen import has_weights
from dlstudio.gui.document.document import Document
from dlstudio.training.options.task_specs import TASKS

OWN_RATE = "Own learning rate for the selection"
CREATE_GROUP = "Give layers a group of their own"
_MAX_NAMES = 2
"""Of more layers than this a group's name tells the number."""


def selected_layers(document: Document) -> tuple[str, ...]:
    """Return the selected layers and blocks that hold weights, in the design's order."""
    if document.scope != TOP:
        return ()
    return tuple(
        path
        for path, node in document.project.graph.nodes.items()
        if path in document.selection and has_weights(document.project, node)
    )


def can_edit_groups(training: TrainingSettings) -> bool:
    """Whether layers may change groups: some tasks bring groups, and roles make them."""
    task = TASKS.get(training.task)
    by_task = task is not None and bool(task.groups)
    return not by_task and not any(group.selector.role for group in training.groups)


def can_create_group(document: Document) -> bool:
    """Whether the selection can be given a group."""
    return can_edit_groups(document.project.training) and bool(selected_layers(document))


def create_group(document: Document) -> bool:
    """Give the selected layers a group, as one undo step; whether that was done."""
    layers = selected_layers(document)
    if not can_create_group(document):
        return False
    result = document.try_edit(
        lambda project: set_training(project, split_group(project.training, layers)),
        CREATE_GROUP,
    )
    return result is not None


def group_number(training: TrainingSettings, path: str) -> int:
    """Return the number of the first group that holds a path, −1 where none does."""
    for number, group in enumerate(training.groups):
        if not group.selector.paths or group.selector.matches(path):
            return number
    return -1


def move_paths(training: TrainingSettings, paths: Collection[str], number: int) -> TrainingSettings:
    """Return the settings with these paths in the group of a number; emptied groups go."""
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
    """Return the settings with a new first group of these paths, that learns as they did."""
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
