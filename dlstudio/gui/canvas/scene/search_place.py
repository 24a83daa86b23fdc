"""What precedes the place of a search: the card, and the signal that leaves it."""

from __future__ import annotations

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.model.model import TOP
from dlstudio.design.model.signals import Signal
from dlstudio.gui.canvas.model.suggestions import Place
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext, SearchRequest


def place_for(context: CanvasContext, request: SearchRequest) -> Place:
    """Return the place that a request describes."""
    node_id, port = _preceding(context, request)
    card = context.scene.cards.get(node_id)
    if card is None or not card.description.ports.outputs:
        return Place()
    signal = context.scene.content.signal_at(
        node_id, port or card.description.ports.outputs[0].name
    )
    category = card.description.category
    is_end = context.scope == TOP and category != "io" and _is_expected(context, signal)
    return Place(category, signal, is_end)


def place_after(context: CanvasContext, node_id: str) -> Place:
    """Return the place after a card, at its first output."""
    card = context.scene.cards[node_id]
    outputs = card.description.ports.outputs
    signal = context.scene.content.signal_at(node_id, outputs[0].name) if outputs else None
    return Place(card.description.category, signal)


def _is_expected(context: CanvasContext, signal: Signal | None) -> bool:
    """Whether a signal has the shape of the class scores or of the target."""
    facts = info_of(context.project.data)
    shapes = [(facts.numbers.get("classes"),), facts.target.shape if facts.target else None]
    return signal is not None and bool(signal.shape) and signal.shape in shapes


def _preceding(context: CanvasContext, request: SearchRequest) -> tuple[str, str]:
    """Return the card before the place, and its port if that is known.

    Without a port, a wire or a card in the request: the selected card, else the nearest open end
    on the left, else the nearest one.
    """
    cards, wires = context.scene.cards, context.scene.wires
    if request.port is not None:
        return (request.port.node, request.port.port) if request.port.output else ("", "")
    if request.wire in wires:
        edge = wires[request.wire].edge
        return edge.source, edge.source_port
    if request.after:
        return request.after, ""
    selected = [node_id for node_id in context.document.selection if node_id in cards]
    if len(selected) == 1:
        return selected[0], ""
    sources = {wire.edge.source for wire in wires.values()}
    ends = [
        node_id
        for node_id, card in cards.items()
        if card.description.ports.outputs and node_id not in sources
    ]
    x, y = request.at.x(), request.at.y()

    def distance(node_id: str) -> tuple[bool, float]:
        centre = cards[node_id].rect.center()
        return centre.x() > x, abs(centre.x() - x) + abs(centre.y() - y)

    return min(ends, key=distance, default=""), ""
