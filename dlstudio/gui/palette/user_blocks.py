"""Saves and removes the user's own blocks, which are files in a folder."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from dlstudio.design.library.files import FileError
from dlstudio.design.library.library import (
    block_file,
    file_name_for,
    remove_block,
    save_block,
    unused_title,
    with_title,
)
from dlstudio.design.model.model import BLOCK
from dlstudio.gui.document.document import Document
from dlstudio.gui.document.user_library import (
    blocks_folder,
    library_changes,
    user_block_files,
    user_library,
)
from dlstudio.gui.prompts.prompts import Answer, Prompts


class UserBlocks(QObject):
    """Saves blocks of a document to the user's folder, and removes saved ones."""

    def __init__(self, document: Document, prompts: Prompts, parent: QObject | None) -> None:
        super().__init__(parent)
        self._document = document
        self._prompts = prompts
        self._reported: tuple[str, ...] = ()

    def save_selected(self) -> None:
        """Save the block of the selected placement, or else the open block."""
        graph = self._document.project.graph_at(self._document.scope)
        for node_id in sorted(self._document.selection):
            node = graph.nodes.get(node_id)
            if node is not None and node.kind == BLOCK:
                self.save(str(node.settings.get("block", "")), node.title)
                return
        if self._document.scope:
            self.save(self._document.scope)

    def save(self, block_id: str, card_title: str = "") -> None:
        """Ask for a name and save a block of the design.

        Args:
            block_id: The block.
            card_title: Title of its card, or empty.
        """
        if block_id not in self._document.project.blocks:
            return
        file, library = block_file(self._document.project, block_id), user_library()

        def is_taken(name: str) -> bool:
            existing = library.files.get(file_name_for(library, name))
            return existing is not None and existing != with_title(file, existing.block.title)

        proposal = card_title or file.block.title
        title = self._prompts.choose_block_name(proposal, is_taken, partial(unused_title, library))
        if not title:
            return
        try:
            save_block(with_title(file, title), blocks_folder(), file_name_for(library, title))
        except FileError as error:
            self._document.message.emit(str(error))
            return
        self._document.message.emit(f"{title} was saved to My blocks")
        library_changes.changed.emit()

    def remove(self, name: str) -> None:
        """Ask and remove a saved block; designs that use it keep their copies."""
        file = user_block_files().get(name)
        if file is None or self._prompts.confirm_remove_block(file.block.title) is not Answer.YES:
            return
        try:
            remove_block(blocks_folder(), name)
        except FileError as error:
            self._document.message.emit(str(error))
        library_changes.changed.emit()

    def report_unreadable(self) -> None:
        """Show one message for each unreadable file in the folder, once."""
        broken = user_library().errors
        for line in broken:
            if line not in self._reported:
                self._document.message.emit(f"My blocks: {line}")
        self._reported = broken
