"""Walks from card to card with the keyboard."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF

from dlstudio.gui.canvas.stage import Stage

WAYS = {
    "left": QPointF(-1, 0),
    "right": QPointF(1, 0),
    "up": QPointF(0, -1),
    "down": QPointF(0, 1),
}
"""Directions by name, in the scene."""


def walk(stage: Stage, how: str) -> None:
    """Select another card and bring it into view.

    `how` is one of `WAYS`, along wires to the sides, else the nearest card; or `next` or `previous`
    in reading order, round and round.
    """
    current = _here(stage)
    if how in WAYS and current:
        vector = WAYS[how]
        neighbour = (_along_wire(stage, current, vector.x() > 0) if vector.x() else "") or _nearest(
            stage, current, vector
        )
    else:
        neighbour = _in_order(stage, current, forwards=how != "previous")
    if neighbour:
        stage.choose_wire("")
        stage.document.set_selection({neighbour})
        stage.reveal(neighbour)


def _in_order(stage: Stage, here: str, forwards: bool) -> str:
    order = sorted(stage.scene.cards, key=lambda node_id: _place(stage, node_id))
    if not order:
        return ""
    if not here:
        return order[0 if forwards else -1]
    return order[(order.index(here) + (1 if forwards else -1)) % len(order)]


def _here(stage: Stage) -> str:
    selected = [node_id for node_id in stage.document.selection if node_id in stage.scene.cards]
    return max(selected, key=lambda node_id: _place(stage, node_id), default="")


def _place(stage: Stage, node_id: str) -> tuple[float, float]:
    centre = stage.scene.cards[node_id].rect.center()
    return centre.x(), centre.y()


def _along_wire(stage: Stage, here: str, forwards: bool) -> str:
    edges = (stage.scene.wires[key].edge for key in stage.scene.wires_of(here))
    ends = {
        edge.target if forwards else edge.source
        for edge in edges
        if (edge.source if forwards else edge.target) == here
    }
    height = _place(stage, here)[1]
    return min(
        ends, key=lambda node_id: (abs(_place(stage, node_id)[1] - height), node_id), default=""
    )


def _nearest(stage: Stage, here: str, way: QPointF) -> str:
    x, y = _place(stage, here)

    def cost(node_id: str) -> float:
        dx, dy = _place(stage, node_id)[0] - x, _place(stage, node_id)[1] - y
        ahead = dx * way.x() + dy * way.y()
        aside = abs(dx * way.y()) + abs(dy * way.x())
        return ahead + 2 * aside if ahead > 1 else math.inf

    best = min((node_id for node_id in stage.scene.cards if node_id != here), key=cost, default="")
    return best if best and cost(best) < math.inf else ""
