"""Adds layers, blocks and notes where the user asked for them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF

from dlstudio.design.edits import add_node, add_note, append_after, connect, insert_on_edge
from dlstudio.design.model import Edge, Project
from dlstudio.design.values import Value
from dlstudio.gui.canvas.catalogue import Entry, entry
from dlstudio.gui.canvas.geometry import CARD_BOX, CARD_WIDTH, snap
from dlstudio.gui.canvas.stage import SearchRequest, Stage
from dlstudio.gui.document import NOTE_PREFIX


def add_at(stage: Stage, what: Entry, request: SearchRequest) -> str:
    """Add a layer where a search or a drag asked for it, select it and return its id."""
    card = stage.scene.cards.get(request.after)
    if card is not None and card.description.ports.outputs and what.inputs:
        return _append(stage, what, request.after)
    scope = stage.scope

    def add(project: Project) -> tuple[Project, str]:
        corner = (request.at.x() - CARD_WIDTH / 2, request.at.y() - CARD_BOX / 2)
        project, settings = what.bring_in(project)
        if request.port is not None:
            return _add_at_port(project, what, settings, request, scope=scope)
        if request.wire in project.graph_at(scope).edges and what.inputs and what.outputs:
            return insert_on_edge(
                project,
                request.wire,
                what.kind,
                settings,
                (snap(corner[0]), snap(corner[1])),
                input_port=what.inputs[0].name,
                output_port=what.outputs[0].name,
                scope=scope,
            )
        position = (snap(corner[0]), snap(corner[1]))
        return add_node(project, what.kind, position, settings, scope=scope)

    added = stage.document.try_edit(add, f"Add {what.title}")
    return _select(stage, added)


def add_after_selection(stage: Stage, token: str) -> str:
    """Append a layer to the selected one, or to the open end of the network, and wire it.

    Where exactly one wire leaves the selected card, the layer goes onto that wire.
    """
    what = entry(stage.project, token, stage.scope)
    if what is None:
        stage.document.message.emit(f"There is no layer kind called {token!r}.")
        return ""
    return _append(stage, what, _end_to_append(stage, what))


def _append(stage: Stage, what: Entry, after: str | None) -> str:
    scope = stage.scope

    def add(project: Project) -> tuple[Project, str]:
        project, settings = what.bring_in(project)
        if after is None or not what.inputs:
            return append_after(project, None, what.kind, settings, input_port="", scope=scope)
        graph = project.graph_at(scope)
        outgoing = [key for key, edge in graph.edges.items() if edge.source == after]
        input_port = what.inputs[0].name
        if len(outgoing) == 1 and what.outputs:
            output_port = what.outputs[0].name
            return insert_on_edge(
                project,
                outgoing[0],
                what.kind,
                settings,
                input_port=input_port,
                output_port=output_port,
                scope=scope,
            )
        port = stage.scene.cards[after].description.ports.outputs[0].name
        return append_after(
            project,
            after,
            what.kind,
            settings,
            input_port=input_port,
            after_port=port,
            scope=scope,
        )

    added = _select(stage, stage.document.try_edit(add, f"Add {what.title}"))
    if added:
        stage.reveal(added)
    return added


def add_note_at(stage: Stage, at: QPointF | None = None) -> str:
    """Add an empty note and open it for writing."""
    position = at if at is not None else _free_spot(stage)
    scope = stage.scope
    corner = (snap(position.x()), snap(position.y()))
    added = stage.document.try_edit(
        lambda project: add_note(project, "", corner, scope=scope), "Add note"
    )
    if added is None:
        return ""
    stage.document.set_selection({NOTE_PREFIX + added})
    stage.note_editor_wanted.emit(added)
    return added


def _add_at_port(
    project: Project,
    what: Entry,
    settings: Mapping[str, Value],
    request: SearchRequest,
    *,
    scope: str,
) -> tuple[Project, str]:
    port = request.port
    if port is None:
        raise ValueError("a layer at a port needs the port")
    x = request.at.x() if port.output else request.at.x() - CARD_WIDTH
    position = (snap(x), snap(request.at.y() - CARD_BOX / 2))
    project, added = add_node(project, what.kind, position, settings, scope=scope)
    if port.output:
        edge = Edge(port.node, added, port.port, what.inputs[0].name)
    else:
        slots = {
            edge.slot
            for edge in project.graph_at(scope).edges.values()
            if (edge.target, edge.target_port) == (port.node, port.port)
        }
        slot = max(slots, default=-1) + 1 if port.variadic else 0
        edge = Edge(added, port.node, what.outputs[0].name, port.port, slot)
    return connect(project, edge, scope=scope), added


def _end_to_append(stage: Stage, what: Entry) -> str | None:
    """Return the card to append to: the selected one, else the rightmost open end."""
    cards = stage.scene.cards
    with_outputs = {node_id for node_id, card in cards.items() if card.description.ports.outputs}
    selected = [node_id for node_id in stage.document.selection if node_id in with_outputs]
    if not what.inputs:
        return None
    if selected:
        return max(selected, key=lambda node_id: cards[node_id].rect.x())
    sources = {wire.edge.source for wire in stage.scene.wires.values()}
    return max(with_outputs - sources, key=lambda node_id: cards[node_id].rect.x(), default=None)


def _free_spot(stage: Stage) -> QPointF:
    """Return a place near the middle of the view that no card covers."""
    spot = stage.centre() - QPointF(110, 48)
    bounds = stage.scene.bounds()
    return QPointF(spot.x(), bounds.top() - 140) if bounds.contains(spot) else spot


def _select(stage: Stage, added: str | None) -> str:
    if added is None:
        return ""
    stage.choose_wire("")
    stage.document.set_selection({added})
    return added
