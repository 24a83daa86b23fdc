"""Keeps parameter groups with their layers when these move into or out of a block."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from dlstudio.design.model.model import BLOCK, TOP, Project
from dlstudio.design.model.training_settings import ParameterGroup, TrainingSettings

Segments = Sequence[str]


def paths_into_block(
    project: Project, scope: str, chosen: Collection[str], placement: str
) -> TrainingSettings:
    """Return the training settings after these cards of a scope moved into a new block."""

    def rewrite(before: Segments, segment: str, after: Segments) -> list[Segments]:
        return [
            (*before, placement, segment, *after)
            if segment in chosen
            else (*before, segment, *after)
        ]

    return _with_rewritten_paths(project, scope, rewrite)


def paths_out_of_block(
    project: Project, scope: str, placement: str, names: Sequence[Mapping[str, str]]
) -> TrainingSettings:
    """Return the training settings after a block was ungrouped.

    Args:
        project: The project, still with the placement.
        scope: The placement's scope.
        placement: Its id.
        names: For each repeat the new ids of the inner cards.
    """

    def rewrite(before: Segments, segment: str, after: Segments) -> list[Segments]:
        if segment != placement:
            return [(*before, segment, *after)]
        has_index = bool(after) and after[0].isdigit()
        repeats = names[int(after[0]) :][:1] if has_index else names
        inner, *rest = (*after[has_index:], "")
        return [
            (*before, new, *rest[:-1])
            for repeat in repeats
            for old, new in repeat.items()
            if inner in {old, ""}
        ]

    return _with_rewritten_paths(project, scope, rewrite)


def _with_rewritten_paths(
    project: Project, scope: str, rewrite: Callable[[Segments, str, Segments], list[Segments]]
) -> TrainingSettings:
    def update(group: ParameterGroup) -> ParameterGroup:
        old_paths = group.selector.paths
        new_paths = tuple(
            new for path in old_paths for new in _rewrite_path(project, scope, path, rewrite)
        )
        if new_paths == old_paths or not new_paths:
            return group
        return replace(group, selector=replace(group.selector, paths=new_paths))

    groups = tuple(map(update, project.training.groups))
    same = all(map(lambda a, b: a is b, groups, project.training.groups))
    return project.training if same else replace(project.training, groups=groups)


def _rewrite_path(
    project: Project,
    scope: str,
    path: str,
    rewrite: Callable[[Segments, str, Segments], list[Segments]],
) -> list[str]:
    """Follow a path into its blocks and rewrite the part that lies in the scope."""
    segments, current = path.split("."), TOP
    for index, segment in enumerate(segments):
        if segment.isdigit():
            continue
        if current == scope:
            return [
                ".".join(new) for new in rewrite(segments[:index], segment, segments[index + 1 :])
            ]
        node = project.graph_at(current).nodes.get(segment)
        current = str(node.settings.get("block", "")) if node and node.kind == BLOCK else ""
        if current not in project.blocks:
            break
    return [path]
