"""Keeps parameter groups with their layers where these go into a block or come out of one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from dlstudio.design.model import BLOCK, TOP, Project
from dlstudio.design.training_settings import ParameterGroup, TrainingSettings

Parts = Sequence[str]


def led_in(
    project: Project, scope: str, chosen: Collection[str], placement: str
) -> TrainingSettings:
    """Return the training settings once these cards of a scope stand in a new block."""

    def rewrite(before: Parts, segment: str, after: Parts) -> list[Parts]:
        return [
            (*before, placement, segment, *after)
            if segment in chosen
            else (*before, segment, *after)
        ]

    return _changed(project, scope, rewrite)


def led_out(
    project: Project, scope: str, placement: str, names: Sequence[Mapping[str, str]]
) -> TrainingSettings:
    """Return the training settings once a block is written out.

    Args:
        project: The project, still with the placement.
        scope: The placement's scope.
        placement: Its id.
        names: For each repeat the new ids of the inner cards.
    """

    def rewrite(before: Parts, segment: str, after: Parts) -> list[Parts]:
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

    return _changed(project, scope, rewrite)


def _changed(
    project: Project, scope: str, lead: Callable[[Parts, str, Parts], list[Parts]]
) -> TrainingSettings:
    def update(group: ParameterGroup) -> ParameterGroup:
        old_paths = group.selector.paths
        new_paths = tuple(new for path in old_paths for new in _led(project, scope, path, lead))
        if new_paths == old_paths or not new_paths:
            return group
        return replace(group, selector=replace(group.selector, paths=new_paths))

    groups = tuple(map(update, project.training.groups))
    same = all(map(lambda a, b: a is b, groups, project.training.groups))
    return project.training if same else replace(project.training, groups=groups)


def _led(
    project: Project, scope: str, path: str, lead: Callable[[Parts, str, Parts], list[Parts]]
) -> list[str]:
    """Follow a path into its blocks; where it passes the scope, lead it another way."""
    segments, current = path.split("."), TOP
    for index, segment in enumerate(segments):
        if segment.isdigit():
            continue
        if current == scope:
            return [".".join(new) for new in lead(segments[:index], segment, segments[index + 1 :])]
        node = project.graph_at(current).nodes.get(segment)
        current = str(node.settings.get("block", "")) if node and node.kind == BLOCK else ""
        if current not in project.blocks:
            break
    return [path]
