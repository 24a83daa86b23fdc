"""Finds flaws of an arrangement: overlapping cards, crossed cards, wires to the left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dlstudio.design.model.canvas_metrics import CARD_SIZE, Position
from dlstudio.design.model.model import Edge, Graph

STEPS = 60


def overlaps(positions: Mapping[str, Position]) -> list[tuple[str, str]]:
    names = sorted(positions, key=lambda node_id: positions[node_id])
    pairs = []
    for number, name in enumerate(names):
        x, y = positions[name]
        for other in names[number + 1 :]:
            if positions[other][0] >= x + CARD_SIZE[0]:
                break
            if abs(positions[other][1] - y) < CARD_SIZE[1]:
                pairs.append((name, other))
    return pairs


def backward_wires(graph: Graph, positions: Mapping[str, Position]) -> list[str]:
    return [
        edge.key
        for edge in graph.edges.values()
        if positions[edge.target][0] < positions[edge.source][0] + CARD_SIZE[0]
    ]


def crossed_cards(graph: Graph, positions: Mapping[str, Position]) -> list[tuple[str, str]]:
    """Return pairs of a wire and a card that it crosses."""
    return [
        (edge.key, node)
        for edge in graph.edges.values()
        for node in _between(edge, positions)
        if any(_inside(point, positions[node]) for point in curve(edge, positions))
    ]


def curve(edge: Edge, positions: Mapping[str, Position]) -> Iterator[Position]:
    """Yield points on the wire's Bézier curve, as the canvas draws it."""
    x0, y0 = positions[edge.source][0] + CARD_SIZE[0], positions[edge.source][1] + CARD_SIZE[1] / 2
    x1, y1 = positions[edge.target][0], positions[edge.target][1] + CARD_SIZE[1] / 2
    offset = (x1 - x0) / 2
    for step in range(STEPS + 1):
        t = step / STEPS
        s = 1 - t
        weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
        xs, ys = (x0, x0 + offset, x1 - offset, x1), (y0, y0, y1, y1)
        yield (
            sum(w * x for w, x in zip(weights, xs, strict=True)),
            sum(w * y for w, y in zip(weights, ys, strict=True)),
        )


def _between(edge: Edge, positions: Mapping[str, Position]) -> list[str]:
    left, right = positions[edge.source][0], positions[edge.target][0]
    return [
        node_id
        for node_id, (x, _) in positions.items()
        if left < x < right and node_id not in (edge.source, edge.target)
    ]


def _inside(point: Position, corner: Position) -> bool:
    return 0 < point[0] - corner[0] < CARD_SIZE[0] and 0 < point[1] - corner[1] < CARD_SIZE[1]
