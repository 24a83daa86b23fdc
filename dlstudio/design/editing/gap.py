"""How the cards behind a block close up when it is made, and give way when it is written out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from dlstudio.design.layout import CARD, FARTHEST, Position
from dlstudio.design.model import BLOCK_INPUT, BLOCK_OUTPUT, Edge, Graph, Layout

WIDTH, HEIGHT = CARD
_NEAR = 1e-6
_ENDS = {BLOCK_INPUT, BLOCK_OUTPUT}
Spots = Mapping[str, Position]


def corner_of(inner: Graph, layout: Layout) -> Position:
    """Return where the placement of a block stands so that the wire into it stays straight.

    That is in the first column, and in the row of the leftmost card that is fed from outside.
    """
    positions = {
        node.id: layout.positions[node.id]
        for node in inner.nodes.values()
        if node.kind not in _ENDS and node.id in layout.positions
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


def closed_up(layout: Layout, placement: str, spots: Spots, wires: Collection[Edge]) -> Layout:
    """Return the layout with what stands behind the new block moved to where it now ends.

    Only where `give_way` would move all of it back, so that nothing is covered or lost.

    Args:
        layout: The scope's layout with the placement, without the cards that went into it.
        placement: The block's card.
        spots: Where the cards that went into the block stood.
        wires: The wires that led from those cards to others.
    """
    left, extent = _reach(layout, placement, spots)
    moved = _shifted(layout, placement, left + extent, -extent)
    if moved is layout or _crowds(moved, placement):
        return layout
    restored = give_way(moved, placement, spots, wires)
    return moved if _same(restored, layout) else layout


def give_way(layout: Layout, placement: str, spots: Spots, wires: Collection[Edge]) -> Layout:
    """Return the layout with room for a block's inner cards where its placement stands.

    Args:
        layout: The scope's layout, still with the placement.
        placement: The block's card.
        spots: Where the inner cards are to stand.
        wires: The wires that are to lead from those cards to others.
    """
    left, extent = _reach(layout, placement, spots)
    others = {
        node_id: position for node_id, position in layout.positions.items() if node_id != placement
    }
    crowded = any(
        left < others[e.target][0] < spots[e.source][0] + WIDTH
        for e in wires
        if e.source in spots and e.target in others
    )
    if crowded or any(_covers(position, others.values()) for position in spots.values()):
        return _shifted(layout, placement, left, extent)
    return layout


def _reach(layout: Layout, placement: str, spots: Spots) -> tuple[float, float]:
    """Return the left edge of the placement, and how far right of it the last card stands."""
    left = layout.positions[placement][0] if placement in layout.positions else 0.0
    return left, max(0.0, max((x for x, _ in spots.values()), default=left) - left)


def _shifted(layout: Layout, placement: str, beyond: float, by: float) -> Layout:
    """Return the layout with all cards and notes behind a column moved sideways."""
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
            **{node_id: (min(x + by, FARTHEST), y) for node_id, (x, y) in cards.items()},
        },
        notes={
            **layout.notes,
            **{
                note_id: replace(note, x=min(note.x + by, FARTHEST))
                for note_id, note in notes.items()
            },
        },
    )


def _crowds(layout: Layout, placement: str) -> bool:
    """Whether a card behind the placement's column covers one that does not stand behind it."""
    left = layout.positions[placement][0]
    still = [position for position in layout.positions.values() if position[0] <= left]
    return any(
        position[0] > left and _covers(position, still) for position in layout.positions.values()
    )


def _covers(position: Position, others: Iterable[Position]) -> bool:
    x, y = position
    return any(abs(left - x) < WIDTH and abs(top - y) < HEIGHT for left, top in others)


def _same(one: Layout, other: Layout) -> bool:
    """Whether two layouts of the same cards have them at the same places."""
    return all(
        abs(x - other.positions[node_id][0]) < _NEAR for node_id, (x, _) in one.positions.items()
    )
