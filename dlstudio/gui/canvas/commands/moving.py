"""Moves cards and notes in the document."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from dlstudio.design.edits import move_nodes
from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.model import Project
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext


def move_by(
    context: CanvasContext, ids: frozenset[str], offset: QPointF, text: str, merge: str = ""
) -> None:
    """Move cards and notes as one undoable step."""
    scope = context.scope
    context.edit(lambda project: translate_items(project, ids, offset, scope), text, merge)


def translate_items(project: Project, ids: frozenset[str], offset: QPointF, scope: str) -> Project:
    """Return the project with cards and notes moved by `offset` scene units."""
    layout = project.layout_at(scope)
    positions = {}
    for item_id in sorted(ids):
        note = layout.notes.get(item_id.removeprefix(NOTE_PREFIX))
        if item_id.startswith(NOTE_PREFIX) and note is not None:
            positions[item_id] = (note.x + offset.x(), note.y + offset.y())
        elif item_id in layout.positions:
            x, y = layout.positions[item_id]
            positions[item_id] = (x + offset.x(), y + offset.y())
    return move_nodes(project, positions, scope=scope)
