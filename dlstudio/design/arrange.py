"""Automatic arrangement: columns by depth, rows by path, so that wires run free of cards.

The network is taken apart into paths. The first, along the shortest ways (skip connections), is the
spine; every other path gets the nearest row in which neither its cards nor its wires meet others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from statistics import median

from dlstudio.design.columns import Columns, Lean, columns_of, components
from dlstudio.design.layout import CARD, GAP, ROW_GAP, Position
from dlstudio.design.model import Graph
from dlstudio.design.rows import rows_of

GAPS = (GAP, 2 * GAP, 3 * GAP)
"""Between columns: the first where all wires run clear of cards."""


def arrange(
    graph: Graph,
    sizes: Mapping[str, tuple[float, float]] | None = None,
    keep: Mapping[str, Position] | None = None,
) -> Mapping[str, Position]:
    """Return a place, the top left corner, for every node; wires run left to right.

    Args:
        graph: The nodes and wires; wires that close a circle do not count.
        sizes: Width and height of cards that are not plain.
        keep: Cards that stay where they are.
    """
    sizes, keep = sizes or {}, keep or {}
    width = max((CARD[0], *(size[0] for size in sizes.values())))
    height = max((CARD[1], *(size[1] for size in sizes.values())))
    columns_for = cache(partial(columns_of, graph))
    positions: dict[str, Position] = {}
    lowest = 0
    for component in components(graph):
        gap, columns, cells = _cells(columns_for, width, component)
        down = lowest - min(cells.values())
        for node_id, row in cells.items():
            box = sizes.get(node_id, CARD)
            x = columns.of[node_id] * (width + gap) + (width - box[0]) / 2
            positions[node_id] = (x, (row + down) * (height + ROW_GAP) + (height - box[1]) / 2)
        lowest += max(cells.values()) - min(cells.values()) + 1
    return _around(positions, keep, height + ROW_GAP) if keep else positions


def _cells(
    columns_by: Callable[[Lean], Columns], width: float, part: Sequence[str]
) -> tuple[float, Columns, Mapping[str, int]]:
    """Return gap, columns and rows of a component: those where wires cross the fewest cards.

    Wires bend less where the columns stand farther apart, so that is tried last.
    """
    leans: tuple[Lean, ...] = ("middle", "early", "late")
    tries = [(gap, lean) for gap in GAPS for lean in leans]
    best, fewest = (GAPS[0], columns_by(leans[0]), dict[str, int]()), -1
    for gap, lean in tries:
        columns = columns_by(lean)
        rows, overlaps = rows_of(columns, width / (width + gap), part)
        if fewest < 0 or overlaps < fewest:
            best, fewest = (gap, columns, rows), overlaps
        if fewest == 0:
            break
    return best


def _around(
    placed: Mapping[str, Position], keep: Mapping[str, Position], pitch: float
) -> Mapping[str, Position]:
    """Return the arrangement moved to fit the kept cards; those in their way step down."""
    fixed = {node_id: keep[node_id] for node_id in placed if node_id in keep}
    if not fixed:
        return placed
    dx = median(fixed[node_id][0] - placed[node_id][0] for node_id in fixed)
    dy = median(fixed[node_id][1] - placed[node_id][1] for node_id in fixed)
    taken = list(fixed.values())
    fitted = dict(fixed)
    for node_id, (x, y) in placed.items():
        if node_id not in fixed:
            fitted[node_id] = _free((x + dx, y + dy), taken, pitch)
            taken.append(fitted[node_id])
    return {node_id: fitted[node_id] for node_id in placed}


def _free(wanted: Position, taken: Sequence[Position], pitch: float) -> Position:
    x, y = wanted
    column = sorted(top for left, top in taken if abs(left - x) < CARD[0] + GAP / 2)
    for top in column:
        if abs(top - y) < CARD[1] + GAP / 2:
            y = top + pitch
    return x, y
