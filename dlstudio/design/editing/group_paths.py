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

    def lead(before: Parts, here: str, after: Parts) -> list[Parts]:
        return [(*before, placement, here, *after) if here in chosen else (*before, here, *after)]

    return _changed(project, scope, lead)


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

    def lead(before: Parts, here: str, after: Parts) -> list[Parts]:
        if here != placement:
            return [(*before, here, *after)]
        numbered = bool(after) and after[0].isdigit()
        repeats = names[int(after[0]) :][:1] if numbered else names
        inner, *rest = (*after[numbered:], "")
        return [
            (*before, new, *rest[:-1])
            for repeat in repeats
            for each, new in repeat.items()
            if inner in {each, ""}
        ]

    return _changed(project, scope, lead)


def _changed(
    project: Project, scope: str, lead: Callable[[Parts, str, Parts], list[Parts]]
) -> TrainingSettings:
    def changed(group: ParameterGroup) -> ParameterGroup:
        held = group.selector.paths
        paths = tuple(new for path in held for new in _led(project, scope, path, lead))
        if paths == held or not paths:
            return group
        return replace(group, selector=replace(group.selector, paths=paths))

    groups = tuple(map(changed, project.training.groups))
    same = all(map(lambda a, b: a is b, groups, project.training.groups))
    return project.training if same else replace(project.training, groups=groups)


def _led(
    project: Project, scope: str, path: str, lead: Callable[[Parts, str, Parts], list[Parts]]
) -> list[str]:
    """Follow a path into its blocks; where it passes the scope, lead it another way."""
    parts, around = path.split("."), TOP
    for at, each in enumerate(parts):
        if each.isdigit():
            continue
        if around == scope:
            return [".".join(new) for new in lead(parts[:at], each, parts[at + 1 :])]
        node = project.graph_at(around).nodes.get(each)
        around = str(node.settings.get("block", "")) if node and node.kind == BLOCK else ""
        if around not in project.blocks:
            break
    return [path]
