"""Edits of the layout: cards moved and coloured, notes. They never touch the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dlstudio.design.editing.errors import EditError
from dlstudio.design.editing.lookup import (
    checked_position,
    checked_text,
    graph_of,
    node_of,
    set_positions,
)
from dlstudio.design.model.canvas_metrics import NOTE_PREFIX, Position
from dlstudio.design.model.identifiers import next_free_id
from dlstudio.design.model.model import TOP, Layout, Note, Project


def move_nodes(project: Project, positions: Mapping[str, Position], scope: str = TOP) -> Project:
    """Return the project with cards moved; ids that begin with `note:` name notes."""
    graph = graph_of(project, scope)
    cards: dict[str, Position] = {}
    for item_id, position in positions.items():
        if item_id.startswith(NOTE_PREFIX):
            note = _find_note(project, item_id.removeprefix(NOTE_PREFIX), scope)
            x, y = checked_position(position)
            project = change_note(project, replace(note, x=x, y=y), scope)
        else:
            cards[node_of(graph, item_id).id] = position
    return set_positions(project, cards, scope)


def set_colour(project: Project, ids: Iterable[str], colour: str, scope: str = TOP) -> Project:
    """Return the project with cards and notes coloured; an empty colour removes the colour."""
    graph = graph_of(project, scope)
    checked_text(colour)
    before = project.layout_at(scope).colours
    colours = dict(before)
    for item_id in ids:
        if item_id.startswith(NOTE_PREFIX):
            note = _find_note(project, item_id.removeprefix(NOTE_PREFIX), scope)
            project = change_note(project, replace(note, colour=colour), scope)
        elif colour:
            colours[node_of(graph, item_id).id] = colour
        else:
            colours.pop(node_of(graph, item_id).id, None)
    if colours == before:
        return project
    return project.with_layout(replace(project.layout_at(scope), colours=colours), scope)


def add_note(
    project: Project, text: str, position: Position, scope: str = TOP
) -> tuple[Project, str]:
    """Return the project with a new note, and the note's id."""
    graph_of(project, scope)
    x, y = checked_position(position)
    note = Note(next_free_id(project.layout_at(scope).notes, "note"), checked_text(text), x, y)
    return _with_note(project, note, scope), note.id


def change_note(project: Project, note: Note, scope: str = TOP) -> Project:
    """Return the project with the note of this id replaced."""
    if _find_note(project, note.id, scope) == note:
        return project
    checked_text(note.text + note.colour)
    checked_position((note.x, note.y))
    if not (0 < note.width <= 1e4 and 0 < note.height <= 1e4):
        raise EditError("A note needs a positive size.")
    return _with_note(project, note, scope)


def remove_notes(project: Project, ids: Iterable[str], scope: str = TOP) -> Project:
    """Return the project without these notes."""
    return remove_from_layout(
        project, [NOTE_PREFIX + _find_note(project, note_id, scope).id for note_id in ids], scope
    )


def remove_from_layout(project: Project, ids: Iterable[str], scope: str) -> Project:
    """Return the project without the layout entries of these nodes and notes."""
    removed = frozenset(ids)
    layout = project.layout_at(scope)
    after = Layout(
        {
            node_id: position
            for node_id, position in layout.positions.items()
            if node_id not in removed
        },
        {
            note_id: note
            for note_id, note in layout.notes.items()
            if NOTE_PREFIX + note_id not in removed
        },
        {node_id: colour for node_id, colour in layout.colours.items() if node_id not in removed},
    )
    return project if after == layout else project.with_layout(after, scope)


def _with_note(project: Project, note: Note, scope: str) -> Project:
    layout = project.layout_at(scope)
    return project.with_layout(replace(layout, notes={**layout.notes, note.id: note}), scope)


def _find_note(project: Project, note_id: str, scope: str) -> Note:
    try:
        return project.layout_at(scope).notes[note_id]
    except KeyError:
        raise EditError("This note no longer exists.") from None
