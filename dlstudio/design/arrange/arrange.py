"""Automatic layout: columns by depth, rows by path, so that no wire passes behind a card.

The network is split into paths. The first, along the shortest routes (skip connections), is the
spine; every other path gets the nearest row in which its cards and wires overlap no others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from statistics import median

from dlstudio.design.arrange.layout_columns import (
    Alignment,
    Columns,
    assign_columns,
    connected_components,
)
from dlstudio.design.arrange.layout_rows import assign_rows
from dlstudio.design.model.canvas_metrics import CARD_SIZE, COLUMN_GAP, ROW_GAP, Position
from dlstudio.design.model.model import Graph

COLUMN_GAPS = (COLUMN_GAP, 2 * COLUMN_GAP, 3 * COLUMN_GAP)
"""Gaps between columns to try; the first without wires behind cards is used."""


def arrange(
    graph: Graph,
    sizes: Mapping[str, tuple[float, float]] | None = None,
    keep: Mapping[str, Position] | None = None,
) -> Mapping[str, Position]:
    """Return the top left corner of each node's card; wires run left to right.

    Args:
        graph: The nodes and wires; wires that close a cycle are ignored.
        sizes: Width and height of cards that differ from the default.
        keep: Positions of cards that must not move.
    """
    sizes, keep = sizes or {}, keep or {}
    width = max((CARD_SIZE[0], *(size[0] for size in sizes.values())))
    height = max((CARD_SIZE[1], *(size[1] for size in sizes.values())))
    columns_for = cache(partial(assign_columns, graph))
    positions: dict[str, Position] = {}
    lowest = 0
    for component in connected_components(graph):
        gap, columns, cells = _assign_cells(columns_for, width, component)
        down = lowest - min(cells.values())
        for node_id, row in cells.items():
            box = sizes.get(node_id, CARD_SIZE)
            x = columns.index[node_id] * (width + gap) + (width - box[0]) / 2
            positions[node_id] = (x, (row + down) * (height + ROW_GAP) + (height - box[1]) / 2)
        lowest += max(cells.values()) - min(cells.values()) + 1
    return _fit_around(positions, keep, height + ROW_GAP) if keep else positions


def _assign_cells(
    columns_for: Callable[[Alignment], Columns], width: float, component: Sequence[str]
) -> tuple[float, Columns, Mapping[str, int]]:
    """Return the gap, columns and rows of a component for which wires cross the fewest cards.

    Wires bend less with larger gaps, so these are tried last.
    """
    leans: tuple[Alignment, ...] = ("middle", "early", "late")
    tries = [(gap, lean) for gap in COLUMN_GAPS for lean in leans]
    best, fewest = (COLUMN_GAPS[0], columns_for(leans[0]), dict[str, int]()), -1
    for gap, lean in tries:
        columns = columns_for(lean)
        rows, overlaps = assign_rows(columns, width / (width + gap), component)
        if fewest < 0 or overlaps < fewest:
            best, fewest = (gap, columns, rows), overlaps
        if fewest == 0:
            break
    return best


def _fit_around(
    positions: Mapping[str, Position], keep: Mapping[str, Position], pitch: float
) -> Mapping[str, Position]:
    """Return the positions aligned with the kept cards; overlapping cards move down."""
    fixed = {node_id: keep[node_id] for node_id in positions if node_id in keep}
    if not fixed:
        return positions
    dx = median(fixed[node_id][0] - positions[node_id][0] for node_id in fixed)
    dy = median(fixed[node_id][1] - positions[node_id][1] for node_id in fixed)
    taken = list(fixed.values())
    fitted = dict(fixed)
    for node_id, (x, y) in positions.items():
        if node_id not in fixed:
            fitted[node_id] = _free_position((x + dx, y + dy), taken, pitch)
            taken.append(fitted[node_id])
    return {node_id: fitted[node_id] for node_id in positions}


def _free_position(preferred: Position, taken: Sequence[Position], pitch: float) -> Position:
    x, y = preferred
    column = sorted(top for left, top in taken if abs(left - x) < CARD_SIZE[0] + COLUMN_GAP / 2)
    for top in column:
        if abs(top - y) < CARD_SIZE[1] + COLUMN_GAP / 2:
            y = top + pitch
    return x, y
