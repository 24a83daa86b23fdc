"""The context menu of palette entries: add, save a block, remove a saved one."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from dlstudio.design.blocks import placements, remove_definition
from dlstudio.gui.actions.action_table import ACTIONS_BY_ID
from dlstudio.gui.canvas.editor.editor import CanvasEditor
from dlstudio.gui.canvas.model.insertable_items import BLOCK_TOKEN, USER_TOKEN
from dlstudio.gui.document.document import Document
from dlstudio.gui.palette.palette import Palette
from dlstudio.gui.palette.user_blocks import UserBlocks


class PaletteMenu(QObject):
    """Opens the context menu of a palette entry."""

    def __init__(
        self, palette: Palette, editor: CanvasEditor, document: Document, blocks: UserBlocks
    ) -> None:
        super().__init__(palette)
        self._palette = palette
        self._editor = editor
        self._document = document
        self._blocks = blocks
        palette.menu_requested.connect(self.open)

    def open(self, token: str, position: QPoint) -> QMenu:
        """Open and return the menu of an entry; `position` is global."""
        menu = QMenu(self._palette)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Add after selection", lambda: self._editor.add_kind(token))
        if token.startswith(USER_TOKEN):
            name = token.removeprefix(USER_TOKEN)
            menu.addSeparator()
            menu.addAction("Remove from My blocks…", lambda: self._blocks.remove(name))
        elif token.startswith(BLOCK_TOKEN):
            self._add_block_actions(menu, token.removeprefix(BLOCK_TOKEN))
        menu.popup(position)
        return menu

    def _add_block_actions(self, menu: QMenu, block: str) -> None:
        menu.addAction("Open block", lambda: self._document.set_scope(block))
        menu.addSeparator()
        menu.addAction(ACTIONS_BY_ID["keep-block"].text, lambda: self._blocks.save(block))
        if block in self._document.project.blocks and not placements(self._document.project, block):
            menu.addAction("Remove from design", lambda: self._remove(block))

    def _remove(self, block: str) -> None:
        self._document.try_edit(
            lambda project: remove_definition(project, block), f"Remove the block {block}"
        )
