"""An edit that adds several wired cards at once, unwired below all others or on a wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dlstudio.design.editing.errors import EditError
from dlstudio.design.editing.free_space import free_place
from dlstudio.design.editing.lookup import graph_of, node_of, set_positions
from dlstudio.design.editing.nodes import add_node
from dlstudio.design.editing.wires import connect, disconnect
from dlstudio.design.model.canvas_metrics import CARD_SIZE, COLUMN_GAP, ROW_GAP, Position
from dlstudio.design.model.model import TOP, Edge, Project
from dlstudio.design.model.values import Value

SOURCE, TARGET = "<", ">"
"""Names that stand for the two ends of the wire on which a snippet is inserted."""


@dataclass(frozen=True, slots=True)
class SnippetCard:
    """One card of a snippet; `column` and `row` count from its top left."""

    name: str
    kind: str
    settings: Mapping[str, Value] = field(default_factory=dict)
    column: int = 0
    row: int = 0


@dataclass(frozen=True, slots=True)
class SnippetWire:
    """One wire of a snippet, between names of its cards, `SOURCE` and `TARGET`."""

    source: str
    target: str
    target_port: str = "input"
    slot: int = 0


@dataclass(frozen=True, slots=True)
class Snippet:
    """Cards and the wires between them."""

    cards: Sequence[SnippetCard]
    wires: Sequence[SnippetWire]


def add_snippet(project: Project, snippet: Snippet, *, scope: str = TOP) -> Project:
    """Return the project with a snippet below all other cards, wired only internally."""
    positions = project.layout_at(scope).positions.values()
    left = min((x for x, _ in positions), default=0.0)
    below = max((y for _, y in positions), default=-CARD_SIZE[1]) + CARD_SIZE[1] + 2 * ROW_GAP
    return _add_cards_and_wires(project, snippet, (left, below), None, scope)


def insert_snippet(
    project: Project,
    snippet: Snippet,
    *,
    node: str,
    port: str = "input",
    slot: int = 0,
    scope: str = TOP,
) -> Project:
    """Return the project with a snippet inserted on the wire into a port; others move right.

    Raises:
        EditError: The port has no wire any more.
    """
    graph = graph_of(project, scope)
    node_of(graph, node)
    port_key = (node, port, slot)
    edges = graph.edges.values()
    edge = next((e for e in edges if (e.target, e.target_port, e.slot) == port_key), None)
    if edge is None:
        raise EditError("The wire for these layers no longer exists.")
    project = disconnect(project, (edge.key,), scope)
    positions = project.layout_at(scope).positions
    corner = positions.get(node, (0.0, 0.0))
    width = (1 + max(card.column for card in snippet.cards)) * (CARD_SIZE[0] + COLUMN_GAP)
    right = {node_id: (x + width, y) for node_id, (x, y) in positions.items() if x >= corner[0]}
    return _add_cards_and_wires(set_positions(project, right, scope), snippet, corner, edge, scope)


def _add_cards_and_wires(
    project: Project, snippet: Snippet, corner: Position, edge: Edge | None, scope: str
) -> Project:
    """Add the cards and wires; `edge` is the removed wire that they replace, or None."""
    ids = {} if edge is None else {SOURCE: edge.source, TARGET: edge.target}
    for card in snippet.cards:
        x = corner[0] + card.column * (CARD_SIZE[0] + COLUMN_GAP)
        y = corner[1] + card.row * (CARD_SIZE[1] + ROW_GAP)
        position = free_place(project, (x, y), scope)
        project, ids[card.name] = add_node(project, card.kind, position, card.settings, scope=scope)
    for wire in snippet.wires:
        new_edge = Edge(
            ids[wire.source],
            ids[wire.target],
            edge.source_port if edge and wire.source == SOURCE else "output",
            edge.target_port if edge and wire.target == TARGET else wire.target_port,
            edge.slot if edge and wire.target == TARGET else wire.slot,
        )
        project = connect(project, new_edge, scope)
    return project
