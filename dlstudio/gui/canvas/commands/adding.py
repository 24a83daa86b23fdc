"""Adds layers, blocks and notes at a position, at a port, on a wire or after a card."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF

from dlstudio.design.edits import add_node, add_note, append_after, connect, insert_on_edge
from dlstudio.design.model.canvas_metrics import NOTE_PREFIX, ROW_GAP
from dlstudio.design.model.model import Edge, Project
from dlstudio.design.model.values import Value
from dlstudio.design.structure.wire_rules import next_slot
from dlstudio.gui.canvas.model.insertable_items import InsertableItem, find_item
from dlstudio.gui.canvas.model.suggestions import Place, adapter_for, misfit_reason
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext, SearchRequest
from dlstudio.gui.canvas.scene.geometry import CARD_BOX, CARD_WIDTH, snap
from dlstudio.gui.canvas.scene.search_place import place_after


def add_at(context: CanvasContext, item: InsertableItem, request: SearchRequest) -> str:
    """Add a layer or block as requested, select it and return its id; empty on failure."""
    card = context.scene.cards.get(request.after)
    if card is not None and card.description.ports.outputs and item.inputs:
        return _append(context, item, request.after)
    scope = context.scope

    def add(project: Project) -> tuple[Project, str]:
        corner = (request.at.x() - CARD_WIDTH / 2, request.at.y() - CARD_BOX / 2)
        project, settings = item.add_definitions(project)
        if request.port is not None:
            return _add_at_port(context, project, item, settings, request)
        if request.wire in project.graph_at(scope).edges and item.inputs and item.outputs:
            return insert_on_edge(
                project,
                request.wire,
                item.kind,
                settings,
                (snap(corner[0]), snap(corner[1])),
                input_port=item.inputs[0].name,
                output_port=item.outputs[0].name,
                scope=scope,
            )
        position = free_corner(context, corner)
        return add_node(project, item.kind, position, settings, scope=scope)

    added = context.document.try_edit(add, f"Add {item.title}")
    return _select(context, added)


def add_after_selection(context: CanvasContext, token: str) -> str:
    """Append a layer to the selected card, or to the open end of the network, and wire it.

    If exactly one wire leaves the selected card, the layer is inserted into that wire.
    """
    item = find_item(context.project, token, context.scope)
    if item is None:
        context.document.message.emit(f"There is no layer kind called {token!r}.")
        return ""
    return _append(context, item, _card_to_append_to(context, item))


def _append(context: CanvasContext, item: InsertableItem, after: str | None) -> str:
    scope = context.scope
    place = Place() if after is None else place_after(context, after)
    edges = context.project.graph_at(scope).edges
    outgoing = [key for key, edge in edges.items() if edge.source == after]
    is_inserted = len(outgoing) == 1 and bool(item.outputs)
    adapter = None if is_inserted else adapter_for(item, place)

    def add(project: Project) -> tuple[Project, str]:
        project, settings = item.add_definitions(project)
        if after is None or not item.inputs:
            return append_after(project, None, item.kind, settings, input_port="", scope=scope)
        input_port = item.inputs[0].name
        if is_inserted:
            output_port = item.outputs[0].name
            return insert_on_edge(
                project,
                outgoing[0],
                item.kind,
                settings,
                input_port=input_port,
                output_port=output_port,
                scope=scope,
            )
        last, port = after, context.scene.cards[after].description.ports.outputs[0].name
        if adapter is not None:
            project, last = append_after(
                project, last, adapter.kind, adapter.settings, after_port=port, scope=scope
            )
            port = "output"
        return append_after(
            project, last, item.kind, settings, input_port=input_port, after_port=port, scope=scope
        )

    added = _select(context, context.document.try_edit(add, f"Add {item.title}"))
    if added:
        context.reveal(added)
        if adapter is not None:
            context.document.message.emit(
                f"{adapter.title} was added before {item.title}: {misfit_reason(item, place)}."
            )
    return added


def add_note_at(context: CanvasContext, at: QPointF | None = None) -> str:
    """Add an empty note, open its editor and return its id."""
    position = at if at is not None else _free_position(context)
    scope = context.scope
    corner = (snap(position.x()), snap(position.y()))
    added = context.document.try_edit(
        lambda project: add_note(project, "", corner, scope=scope), "Add note"
    )
    if added is None:
        return ""
    context.document.set_selection({NOTE_PREFIX + added})
    context.note_editor_requested.emit(added)
    return added


def free_corner(context: CanvasContext, preferred: tuple[float, float]) -> tuple[float, float]:
    """Return the preferred corner of a new card, or the nearest free one below it, on the grid."""
    x, y = snap(preferred[0]), snap(preferred[1])
    while covered := context.scene.cards_within(QRectF(x, y, CARD_WIDTH, CARD_BOX)):
        y = snap(max(context.scene.cards[node_id].rect.bottom() for node_id in covered) + ROW_GAP)
    return x, y


def _add_at_port(
    context: CanvasContext,
    project: Project,
    item: InsertableItem,
    settings: Mapping[str, Value],
    request: SearchRequest,
) -> tuple[Project, str]:
    port, scope = request.port, context.scope
    if port is None:
        raise ValueError("the request names no port")
    x = request.at.x() if port.output else request.at.x() - CARD_WIDTH
    position = free_corner(context, (x, request.at.y() - CARD_BOX / 2))
    project, added = add_node(project, item.kind, position, settings, scope=scope)
    if port.output:
        edge = Edge(port.node, added, port.port, item.inputs[0].name)
    else:
        wires = project.graph_at(scope).edges.values()
        slot = next_slot(wires, port.node, port.port) if port.variadic else 0
        edge = Edge(added, port.node, item.outputs[0].name, port.port, slot)
    return connect(project, edge, scope=scope), added


def _card_to_append_to(context: CanvasContext, item: InsertableItem) -> str | None:
    """Return the card to append to: the selected one, else the rightmost open end."""
    cards = context.scene.cards
    with_outputs = {node_id for node_id, card in cards.items() if card.description.ports.outputs}
    selected = [node_id for node_id in context.document.selection if node_id in with_outputs]
    if not item.inputs:
        return None
    if selected:
        return max(selected, key=lambda node_id: cards[node_id].rect.x())
    sources = {wire.edge.source for wire in context.scene.wires.values()}
    return max(with_outputs - sources, key=lambda node_id: cards[node_id].rect.x(), default=None)


def _free_position(context: CanvasContext) -> QPointF:
    """Return the centre of the view, or a position above all cards if cards are there."""
    position = context.centre() - QPointF(110, 48)
    bounds = context.scene.bounds()
    return QPointF(position.x(), bounds.top() - 140) if bounds.contains(position) else position


def _select(context: CanvasContext, added: str | None) -> str:
    if added is None:
        return ""
    context.select_wire("")
    context.document.set_selection({added})
    return added
