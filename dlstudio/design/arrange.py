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
    columns_by = cache(partial(columns_of, graph))
    placed: dict[str, Position] = {}
    lowest = 0
    for part in components(graph):
        gap, columns, cells = _cells(columns_by, width, part)
        down = lowest - min(cells.values())
        for each, row in cells.items():
            box = sizes.get(each, CARD)
            x = columns.of[each] * (width + gap) + (width - box[0]) / 2
            placed[each] = (x, (row + down) * (height + ROW_GAP) + (height - box[1]) / 2)
        lowest += max(cells.values()) - min(cells.values()) + 1
    return _around(placed, keep, height + ROW_GAP) if keep else placed


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
        found, crowding = rows_of(columns, width / (width + gap), part)
        if fewest < 0 or crowding < fewest:
            best, fewest = (gap, columns, found), crowding
        if fewest == 0:
            break
    return best


def _around(
    placed: Mapping[str, Position], keep: Mapping[str, Position], pitch: float
) -> Mapping[str, Position]:
    """Return the arrangement moved to fit the kept cards; those in their way step down."""
    kept = {each: keep[each] for each in placed if each in keep}
    if not kept:
        return placed
    dx = median(kept[each][0] - placed[each][0] for each in kept)
    dy = median(kept[each][1] - placed[each][1] for each in kept)
    taken = list(kept.values())
    fitted = dict(kept)
    for each, (x, y) in placed.items():
        if each not in kept:
            fitted[each] = _free((x + dx, y + dy), taken, pitch)
            taken.append(fitted[each])
    return {each: fitted[each] for each in placed}


def _free(wanted: Position, taken: Sequence[Position], pitch: float) -> Position:
    x, y = wanted
    column = sorted(top for left, top in taken if abs(left - x) < CARD[0] + GAP / 2)
    for top in column:
        if abs(top - y) < CARD[1] + GAP / 2:
            y = top + pitch
    return x, y
