"""Selects neighbouring cards with the keyboard."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF

from dlstudio.gui.canvas.scene.canvas_context import CanvasContext

DIRECTIONS = {
    "left": QPointF(-1, 0),
    "right": QPointF(1, 0),
    "up": QPointF(0, -1),
    "down": QPointF(0, 1),
}
"""Unit vectors in scene coordinates by direction."""


def select_neighbour(context: CanvasContext, direction: str) -> None:
    """Select another card and scroll to it.

    `direction` is one of `DIRECTIONS` (left and right follow wires if there are any, else
    the nearest card is selected), or `next` or `previous` from left to right, wrapping around.
    """
    current = _current_card(context)
    if direction in DIRECTIONS and current:
        vector = DIRECTIONS[direction]
        neighbour = (
            _along_wire(context, current, vector.x() > 0) if vector.x() else ""
        ) or _nearest(context, current, vector)
    else:
        neighbour = _step_in_order(context, current, forwards=direction != "previous")
    if neighbour:
        context.select_wire("")
        context.document.set_selection({neighbour})
        context.reveal(neighbour)


def _step_in_order(context: CanvasContext, current: str, forwards: bool) -> str:
    order = sorted(context.scene.cards, key=lambda node_id: _centre(context, node_id))
    if not order:
        return ""
    if not current:
        return order[0 if forwards else -1]
    return order[(order.index(current) + (1 if forwards else -1)) % len(order)]


def _current_card(context: CanvasContext) -> str:
    selected = [node_id for node_id in context.document.selection if node_id in context.scene.cards]
    return max(selected, key=lambda node_id: _centre(context, node_id), default="")


def _centre(context: CanvasContext, node_id: str) -> tuple[float, float]:
    centre = context.scene.cards[node_id].rect.center()
    return centre.x(), centre.y()


def _along_wire(context: CanvasContext, current: str, forwards: bool) -> str:
    edges = (context.scene.wires[key].edge for key in context.scene.wires_of(current))
    neighbours = {
        edge.target if forwards else edge.source
        for edge in edges
        if (edge.source if forwards else edge.target) == current
    }
    height = _centre(context, current)[1]
    return min(
        neighbours,
        key=lambda node_id: (abs(_centre(context, node_id)[1] - height), node_id),
        default="",
    )


def _nearest(context: CanvasContext, current: str, vector: QPointF) -> str:
    x, y = _centre(context, current)

    def cost(node_id: str) -> float:
        dx, dy = _centre(context, node_id)[0] - x, _centre(context, node_id)[1] - y
        ahead = dx * vector.x() + dy * vector.y()
        aside = abs(dx * vector.y()) + abs(dy * vector.x())
        return ahead + 2 * aside if ahead > 1 else math.inf

    best = min(
        (node_id for node_id in context.scene.cards if node_id != current), key=cost, default=""
    )
    return best if best and cost(best) < math.inf else ""
