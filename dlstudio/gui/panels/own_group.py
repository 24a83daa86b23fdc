"""A parameter group for the selected layers, so that they learn at a rate of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dlstudio.design.edits import set_training
from dlstudio.design.model import BLOCK, TOP, Project
from dlstudio.design.training_settings import ParameterGroup, Selector, TrainingSettings
from dlstudio.gui.document import Document
from dlstudio.layers.registry import find
from dlstudio.training.task_table import TASKS

GIVE_GROUP = "Give the selected layers a group of their own"
_MOST_NAMES = 2
"""Of more layers than this a group's name tells the number."""


def selected_layers(document: Document) -> tuple[str, ...]:
    """Return the selected layers and blocks that may hold weights, in the design's order."""
    if document.scope != TOP:
        return ()
    return tuple(
        path for path in document.project.graph.nodes
        if path in document.selection and _may_learn(document.project, path)
    )  # fmt: skip


def may_get_group(document: Document) -> bool:
    """Whether the selection can be given a group: some tasks bring groups of their own."""
    task = TASKS.get(document.project.training.task)
    return bool(selected_layers(document)) and not (task is not None and task.groups)


def give_own_group(document: Document) -> bool:
    """Give the selected layers a group, as one undo step; whether that was done."""
    layers = selected_layers(document)
    if not may_get_group(document):
        return False
    done = document.try_edit(
        lambda project: set_training(project, _split(project.training, layers)),
        "Give layers a group of their own",
    )
    return done is not None


def _may_learn(project: Project, path: str) -> bool:
    node = project.graph.nodes[path]
    kind = find(node.kind)
    return node.kind == BLOCK or (kind is not None and kind.has_weights)


def _split(training: TrainingSettings, layers: Sequence[str]) -> TrainingSettings:
    """Return the settings with a new first group; one that loses all its layers goes."""
    others = tuple(left for group in training.groups if (left := _without(group, layers)))
    taken = {group.name for group in others}
    selector = Selector(paths=tuple(layers))
    made = replace(training.groups[-1], name=_name(layers, taken), selector=selector)
    return replace(training, groups=(made, *others))


def _without(group: ParameterGroup, layers: Sequence[str]) -> ParameterGroup | None:
    if not group.selector.paths:
        return group
    left = tuple(path for path in group.selector.paths if path not in layers)
    return replace(group, selector=replace(group.selector, paths=left)) if left else None


def _name(layers: Sequence[str], taken: set[str]) -> str:
    plain = ", ".join(layers) if len(layers) <= _MOST_NAMES else f"{len(layers)} layers"
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain} ({number})", number + 1
    return name
