"""Deletes, copies, connects, renames and colours the selection."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication

from dlstudio.design.commands.clipboard import (
    copy,
    duplicate,
    is_pasteable,
    layers_losing_shared_weights,
    paste,
)
from dlstudio.design.edits import connect, disconnect, remove_nodes, set_colour, set_title
from dlstudio.design.model.model import Edge
from dlstudio.gui.actions.action_table import action_title
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.canvas.scene.geometry import snap

_DUPLICATE_OFFSET = (40.0, 100.0)


def delete_selection(context: CanvasContext, rewire: bool = False) -> None:
    """Delete the selected wire, or the selected cards and notes.

    `rewire` connects the predecessor of a deleted card to its successors.
    """
    scope, wire, ids = context.scope, context.selected_wire(), context.document.selection
    if wire and not ids:
        context.select_wire("")
        context.edit(lambda project: disconnect(project, (wire,), scope=scope), "Cut wire")
    elif ids:
        text = action_title("delete-rewire") if rewire else "Delete"
        context.edit(
            lambda project: remove_nodes(project, sorted(ids), rewire=rewire, scope=scope), text
        )


def copy_selection(context: CanvasContext) -> bool:
    """Copy the selection to the clipboard as JSON text; return False if nothing is selected."""
    ids = context.document.selection
    if not ids:
        return False
    QGuiApplication.clipboard().setText(copy(context.project, sorted(ids), scope=context.scope))
    return True


def cut_selection(context: CanvasContext) -> None:
    """Copy the selection, then delete it."""
    if copy_selection(context):
        ids, scope = sorted(context.document.selection), context.scope
        context.edit(lambda project: remove_nodes(project, ids, scope=scope), "Cut")


def paste_clipboard(context: CanvasContext) -> None:
    """Paste cards and notes from the clipboard at the pointer, and select them."""
    text = QGuiApplication.clipboard().text()
    if not is_pasteable(text):
        context.document.message.emit("The clipboard contains no layers.")
        return
    at = context.pointer if context.pointer is not None else context.centre() - QPointF(95, 39)
    position, scope = (snap(at.x()), snap(at.y())), context.scope
    pasted = context.document.try_edit(
        lambda project: paste(project, text, position, scope=scope), "Paste"
    )
    if not pasted:
        return
    context.document.set_selection(pasted)
    own = layers_losing_shared_weights(text)
    if own:
        verb, whose = ("has", "its") if len(own) == 1 else ("have", "their")
        context.document.message.emit(
            f"{', '.join(own)} now {verb} {whose} own weights: the layer that shared them was not "
            "copied"
        )


def duplicate_selection(context: CanvasContext) -> None:
    """Add a copy of the selection below it, and select the copy."""
    ids, scope = sorted(context.document.selection), context.scope
    if not ids:
        return
    copies = context.document.try_edit(
        lambda project: duplicate(project, ids, _DUPLICATE_OFFSET, scope=scope), "Duplicate"
    )
    if copies:
        context.document.set_selection(copies)


def connect_selection(context: CanvasContext) -> None:
    """Connect the selected cards from left to right, each to the next."""
    cards = context.scene.cards
    chain = sorted(
        (node_id for node_id in context.document.selection if node_id in cards),
        key=lambda node_id: (cards[node_id].rect.x(), cards[node_id].rect.y()),
    )
    if len(chain) < 2:
        context.document.message.emit("Select two cards to connect them.")
        return
    scope = context.scope
    for source, target in pairwise(chain):
        edge, reason = _first_wire(context, source, target)
        if edge is None:
            context.document.message.emit(reason)
            return
        context.edit(partial(connect, edge=edge, scope=scope), "Connect", "connect")


def rename(context: CanvasContext, node_id: str, title: str) -> None:
    """Set a card's title; an empty one restores the default."""
    scope = context.scope
    context.edit(lambda project: set_title(project, node_id, title.strip(), scope=scope), "Rename")


def colour_selection(context: CanvasContext, colour: str) -> None:
    """Set the colour of the selected cards and notes; an empty one restores the default."""
    ids, scope = sorted(context.document.selection), context.scope
    context.edit(lambda project: set_colour(project, ids, colour, scope=scope), "Colour")


def _first_wire(context: CanvasContext, source: str, target: str) -> tuple[Edge | None, str]:
    """Return the first valid wire between two cards, trying free inputs first.

    Without one, return None and the reason.
    """
    rules = context.wire_rules()
    outputs = context.scene.cards[source].description.ports.outputs
    inputs = context.scene.cards[target].description.ports.inputs
    edges = {context.scene.wires[key].edge for key in context.scene.wires_of(target)}
    used_ports = {edge.target_port for edge in edges if edge.target == target}
    candidates = [
        Edge(source, target, out.name, into.name)
        for into in sorted(inputs, key=lambda port: port.name in used_ports and not port.variadic)
        for out in outputs
    ]
    reasons = ["These cards cannot be connected: a port is missing."] * (not candidates)
    for edge in candidates:
        refusal = rules.refusal(edge)
        if refusal is None:
            return rules.with_slot(edge), ""
        reasons.append(refusal.text)
    return None, reasons[0]
