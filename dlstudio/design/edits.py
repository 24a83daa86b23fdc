"""All edits, to be imported from here.

An edit is a pure function `(project, …, scope=TOP) -> Project`; those that create something also
return its id. An impossible edit raises `EditError` with a message for the user; one that changes
nothing returns the same project. An id that no longer exists is an error.
"""

from __future__ import annotations

from dlstudio.design.editing.errors import EditError
from dlstudio.design.editing.insertion import (
    append_after,
    insert_after,
    insert_before,
    insert_on_edge,
    splice_node,
)
from dlstudio.design.editing.layout_edits import (
    add_note,
    change_note,
    move_nodes,
    remove_notes,
    set_colour,
)
from dlstudio.design.editing.nodes import (
    add_node,
    change_kind,
    remove_nodes,
    reset_settings,
    set_settings,
    set_title,
    set_weights_from,
)
from dlstudio.design.editing.settings import (
    set_about,
    set_data,
    set_project_title,
    set_training,
    set_weights,
)
from dlstudio.design.editing.wires import connect, disconnect, reconnect

__all__ = [
    "EditError",
    "add_node",
    "add_note",
    "append_after",
    "change_kind",
    "change_note",
    "connect",
    "disconnect",
    "insert_after",
    "insert_before",
    "insert_on_edge",
    "move_nodes",
    "reconnect",
    "remove_nodes",
    "remove_notes",
    "reset_settings",
    "set_about",
    "set_colour",
    "set_data",
    "set_project_title",
    "set_settings",
    "set_title",
    "set_training",
    "set_weights",
    "set_weights_from",
    "splice_node",
]
