"""The context menus of cards, wires, notes and the empty canvas."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu

from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.model import BLOCK
from dlstudio.gui.canvas.commands.arranging import ALIGNMENTS, DISTRIBUTIONS
from dlstudio.gui.canvas.commands.editing import colour_selection
from dlstudio.gui.canvas.scene.canvas_context import SearchRequest
from dlstudio.gui.canvas.scene.hit_test import card_at, note_at, wire_at
from dlstudio.gui.style.theme import CATEGORY_COLOURS

if TYPE_CHECKING:
    from dlstudio.gui.canvas.editor.editor import CanvasEditor


def context_menu_at(editor: CanvasEditor, at: QPointF) -> QMenu:
    """Return the menu for the item at a scene point; the item becomes selected."""
    context = editor.context
    card, note = card_at(context.scene, at), note_at(context.scene, at)
    wire = wire_at(context.scene, at, context.camera.scale)
    target = card or (NOTE_PREFIX + note if note and not wire else "")
    if target:
        if target not in context.document.selection:
            context.document.set_selection({target})
        return _card_menu(editor, card)
    if wire:
        context.select_wire(wire)
        return _wire_menu(editor, at, wire)
    return _background_menu(editor, at)


def _card_menu(editor: CanvasEditor, card: str) -> QMenu:
    menu = QMenu(editor)
    selected = editor.context.document.selection
    node = editor.context.scene.cards[card].node if card else None
    if node is not None and node.kind == BLOCK:
        _add_actions(editor, menu, "enter-block", "ungroup", "keep-block")
        menu.addSeparator()
    if len(selected) == 1:
        _add_actions(editor, menu, "rename")
    _add_actions(editor, menu, "cut", "copy", "duplicate")
    menu.addSeparator()
    _add_actions(editor, menu, "delete")
    if node is not None:
        _add_actions(editor, menu, "delete-rewire")
        menu.addSeparator()
        _add_actions(editor, menu, "group")
    if len(selected) > 1:
        _add_actions(editor, menu, "connect")
        _align_menu(editor, menu)
    menu.addMenu(_colour_menu(editor, menu))
    if node is not None and node.kind != BLOCK and len(selected) == 1:
        menu.addSeparator()
        _add_command(menu, "What is this layer?", partial(_request_kind_help, editor, node.kind))
    return menu


def _request_kind_help(editor: CanvasEditor, kind: str) -> None:
    """Request the help of a kind, which the inspector of the selected card shows."""
    editor.kind_help_requested.emit(kind)
    editor.inspector_requested.emit()


def _wire_menu(editor: CanvasEditor, at: QPointF, wire: str) -> QMenu:
    menu = QMenu(editor)
    request = SearchRequest(at, wire=wire)
    _add_command(menu, "Insert layer…\tTab", lambda: editor.open_search(request))
    _add_command(menu, "Cut wire\tDel", editor.delete_selection)
    menu.addSeparator()
    _add_actions(editor, menu, "wire-shapes")
    return menu


def _background_menu(editor: CanvasEditor, at: QPointF) -> QMenu:
    menu = QMenu(editor)
    editor.context.pointer = at
    _add_command(menu, "Add layer…\tTab", lambda: editor.open_search(SearchRequest(at)))
    _add_actions(editor, menu, "note", "paste")
    menu.addSeparator()
    _add_actions(editor, menu, "select-all", "arrange", "zoom-fit", "wire-shapes")
    if editor.context.scope:
        menu.addSeparator()
        _add_actions(editor, menu, "leave-block")
    return menu


def _align_menu(editor: CanvasEditor, menu: QMenu) -> None:
    align_menu = menu.addMenu("Align")
    _add_actions(editor, align_menu, *(f"align-{how}" for how in ALIGNMENTS))
    align_menu.addSeparator()
    _add_actions(editor, align_menu, *(f"distribute-{how}" for how in DISTRIBUTIONS))


def _colour_menu(editor: CanvasEditor, parent: QMenu) -> QMenu:
    menu = QMenu("Colour", parent)
    context = editor.context
    _add_command(menu, "As its kind", lambda: colour_selection(context, ""))
    names = ("Blue", "Orange", "Yellow", "Green", "Red", "Pink", "Sand", "Violet")
    keys = (
        "dense",
        "convolution",
        "pooling",
        "normalisation",
        "activation",
        "recurrent",
        "merge",
        "blocks",
    )
    for name, key in zip(names, keys, strict=True):
        colour = CATEGORY_COLOURS[key]
        action = menu.addAction(_colour_icon(colour), name)
        action.triggered.connect(lambda _on=False, colour=colour: colour_selection(context, colour))
    return menu


def _add_actions(editor: CanvasEditor, menu: QMenu, *action_ids: str) -> None:
    """Add actions of the window; a canvas without a window has none."""
    menu.addActions(
        [editor.actions_by_id[name] for name in action_ids if name in editor.actions_by_id]
    )


def _add_command(menu: QMenu, text: str, command: Callable[[], object]) -> None:
    """Add a command; the part of the text after a tab is shown as its key."""
    menu.addAction(text).triggered.connect(lambda _checked=False: command())


def _colour_icon(colour: str) -> QIcon:
    pixmap = QPixmap(16, 16)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.fillRect(QRectF(2, 2, 12, 12), colour)
    painter.end()
    return QIcon(pixmap)
