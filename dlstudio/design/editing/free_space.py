"""Finds positions for new cards and moves others aside, so that no card covers another."""

from __future__ import annotations

from collections.abc import Iterable

from dlstudio.design.editing.lookup import set_positions
from dlstudio.design.model.canvas_metrics import CARD_SIZE, COLUMN_GAP, ROW_GAP, Position
from dlstudio.design.model.model import Edge, Project

WIDTH, HEIGHT = CARD_SIZE


def free_place_right_of(project: Project, node_id: str | None, scope: str) -> Position:
    """Return a free position right of a card, or right of all cards."""
    positions = project.layout_at(scope).positions
    if node_id is not None and node_id in positions:
        x, y = positions[node_id]
        return free_place(project, (x + WIDTH + COLUMN_GAP, y), scope)
    if not positions:
        return 0.0, 0.0
    x, y = max(positions.values())
    return x + WIDTH + COLUMN_GAP, y


def free_place(project: Project, preferred: Position, scope: str) -> Position:
    """Return the preferred position, or the nearest free one below it."""
    x, y = preferred
    column = sorted(
        top for left, top in project.layout_at(scope).positions.values() if abs(left - x) < WIDTH
    )
    for top in column:
        if abs(top - y) < HEIGHT:
            y = top + HEIGHT + ROW_GAP
    return x, y


def make_room(
    project: Project, node_id: str, edge: Edge, position: Position | None, scope: str
) -> Project:
    """Return the project with a card inserted on a former wire; others move to the right.

    Without a `position` the card is centred in the gap after the source.
    """
    positions = dict(project.layout_at(scope).positions)
    positions.pop(node_id, None)
    source_position = positions.get(edge.source, (0.0, 0.0))
    target_position = positions.get(
        edge.target, (source_position[0] + 2 * (WIDTH + COLUMN_GAP), source_position[1])
    )
    behind = source_position[0] + WIDTH + COLUMN_GAP
    if position is None:
        middle = (source_position[0] + target_position[0]) / 2
        y = (
            target_position[1]
            if source_position[1] == target_position[1]
            else (source_position[1] + target_position[1]) / 2
        )
        position = (max(behind, middle), y)
    elif (
        position[0] < source_position[0] + WIDTH and abs(position[1] - source_position[1]) < HEIGHT
    ):
        position = (behind, position[1])
    x, y = position
    backwards = target_position[0] <= source_position[0]
    crowded = not backwards and target_position[0] < x + WIDTH + COLUMN_GAP
    if crowded or _overlaps_any(position, positions.values()):
        others = {
            node_id: corner for node_id, corner in positions.items() if node_id != edge.source
        }
        right = {node_id: corner for node_id, corner in others.items() if corner[0] + WIDTH > x}
        shift = x + WIDTH + COLUMN_GAP - min((corner[0] for corner in right.values()), default=x)
        moved = {node_id: (corner[0] + shift, corner[1]) for node_id, corner in right.items()}
    else:
        moved = {}
    return set_positions(project, {**moved, node_id: (x, y)}, scope)


def _overlaps_any(position: Position, others: Iterable[Position]) -> bool:
    x, y = position
    return any(abs(left - x) < WIDTH and abs(top - y) < HEIGHT for left, top in others)
