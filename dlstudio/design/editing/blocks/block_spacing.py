"""Moves the cards to the right of a block when it is created or ungrouped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from dlstudio.design.model.canvas_metrics import CARD_SIZE, MAX_COORDINATE, Position
from dlstudio.design.model.model import BLOCK_INPUT, BLOCK_OUTPUT, Edge, Graph, Layout

WIDTH, HEIGHT = CARD_SIZE
_TOLERANCE = 1e-6
_BLOCK_ENDS = {BLOCK_INPUT, BLOCK_OUTPUT}
Positions = Mapping[str, Position]


def block_corner(inner: Graph, layout: Layout) -> Position:
    """Return a position for a new block's card that keeps its incoming wire straight.

    That is the first column, and the row of the leftmost card that is fed from outside.
    """
    positions = {
        node.id: layout.positions[node.id]
        for node in inner.nodes.values()
        if node.kind not in _BLOCK_ENDS and node.id in layout.positions
    }
    if not positions:
        return 0.0, 0.0
    input_ids = {node.id for node in inner.nodes.values() if node.kind == BLOCK_INPUT}
    fed_positions = [
        positions[e.target]
        for e in inner.edges.values()
        if e.source in input_ids and e.target in positions
    ]
    _, row = min(fed_positions or positions.values())
    return min(x for x, _ in positions.values()), row


def close_gap(
    layout: Layout, placement: str, positions: Positions, wires: Collection[Edge]
) -> Layout:
    """Return the layout with the cards after a new block moved to the left, next to it.

    Only where `open_gap` would move all of them back, so that nothing is covered or lost.

    Args:
        layout: The scope's layout with the placement, without the cards inside the block.
        placement: Id of the block's card.
        positions: Positions of the cards that are now inside the block.
        wires: The wires from those cards to others.
    """
    left, extent = _extent(layout, placement, positions)
    moved = _shift(layout, placement, left + extent, -extent)
    if moved is layout or _has_overlap(moved, placement):
        return layout
    restored = open_gap(moved, placement, positions, wires)
    return moved if _same_positions(restored, layout) else layout


def open_gap(
    layout: Layout, placement: str, positions: Positions, wires: Collection[Edge]
) -> Layout:
    """Return the layout with room for a block's inner cards in place of its card.

    Args:
        layout: The scope's layout, still with the placement.
        placement: Id of the block's card.
        positions: Future positions of the inner cards.
        wires: Future wires from those cards to others.
    """
    left, extent = _extent(layout, placement, positions)
    others = {
        node_id: position for node_id, position in layout.positions.items() if node_id != placement
    }
    crowded = any(
        left < others[e.target][0] < positions[e.source][0] + WIDTH
        for e in wires
        if e.source in positions and e.target in others
    )
    if crowded or any(_overlaps_any(position, others.values()) for position in positions.values()):
        return _shift(layout, placement, left, extent)
    return layout


def _extent(layout: Layout, placement: str, positions: Positions) -> tuple[float, float]:
    """Return the left edge of the placement, and the distance from it to the rightmost card."""
    left = layout.positions[placement][0] if placement in layout.positions else 0.0
    return left, max(0.0, max((x for x, _ in positions.values()), default=left) - left)


def _shift(layout: Layout, placement: str, beyond: float, by: float) -> Layout:
    """Return the layout with all cards and notes right of a column shifted horizontally."""
    cards = {
        node_id: position
        for node_id, position in layout.positions.items()
        if position[0] > beyond and node_id != placement
    }
    if not cards or not by:
        return layout
    notes = {note_id: note for note_id, note in layout.notes.items() if note.x >= beyond + WIDTH}
    return replace(
        layout,
        positions={
            **layout.positions,
            **{node_id: (min(x + by, MAX_COORDINATE), y) for node_id, (x, y) in cards.items()},
        },
        notes={
            **layout.notes,
            **{
                note_id: replace(note, x=min(note.x + by, MAX_COORDINATE))
                for note_id, note in notes.items()
            },
        },
    )


def _has_overlap(layout: Layout, placement: str) -> bool:
    """Whether a card right of the placement's column overlaps one that is not."""
    left = layout.positions[placement][0]
    still = [position for position in layout.positions.values() if position[0] <= left]
    return any(
        position[0] > left and _overlaps_any(position, still)
        for position in layout.positions.values()
    )


def _overlaps_any(position: Position, others: Iterable[Position]) -> bool:
    x, y = position
    return any(abs(left - x) < WIDTH and abs(top - y) < HEIGHT for left, top in others)


def _same_positions(one: Layout, other: Layout) -> bool:
    """Whether two layouts of the same cards have equal positions."""
    return all(
        abs(x - other.positions[node_id][0]) < _TOLERANCE
        for node_id, (x, _) in one.positions.items()
    )
