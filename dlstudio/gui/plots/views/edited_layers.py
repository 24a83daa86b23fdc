"""Leaves out the numbers of layers that were edited after the numbers were computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dlstudio.design.editing.definitions import placed_block_id
from dlstudio.design.model.model import TOP, Project
from dlstudio.design.model.values import Value
from dlstudio.insight.views.values import CardOverlay


def without_edited_layers(overlay: CardOverlay, before: Project, now: Project) -> CardOverlay:
    """Return the overlay of the design `before` with the numbers that still hold for `now`."""
    if before is now:
        return overlay
    values = {
        path: number
        for path, number in overlay.values.items()
        if _layers_on_path(before, path) == _layers_on_path(now, path)
    }
    return replace(overlay, values=values)


def _layers_on_path(project: Project, path: str) -> list[tuple[str, Mapping[str, Value]]]:
    """Return kind and settings of a layer, after those of the placed blocks around it."""
    layers: list[tuple[str, Mapping[str, Value]]] = []
    scope = TOP
    for segment in path.split("."):
        if segment.isdigit():  # the number of a repeat
            continue
        node = project.graph_at(scope).nodes.get(segment)
        if node is None:
            break
        layers.append((node.kind, node.settings))
        scope = placed_block_id(node)
        if scope not in project.blocks:
            break
    return layers
