"""The user's own blocks: files in a folder, kept and removed from the window."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from dlstudio.design.library.files import FileError
from dlstudio.design.library.library import (
    block_file,
    file_name_for,
    remove_block,
    save_block,
    unique_title,
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
    """Keeps blocks of a document in the user's folder, and removes kept ones."""

    def __init__(self, document: Document, prompts: Prompts, parent: QObject | None) -> None:
        """Ask through `prompts`."""
        super().__init__(parent)
        self._document = document
        self._prompts = prompts
        self._reported: tuple[str, ...] = ()

    def save_selected(self) -> None:
        """Keep the block of the selected placement, or the one whose inside is shown."""
        graph = self._document.project.graph_at(self._document.scope)
        for node_id in sorted(self._document.selection):
            node = graph.nodes.get(node_id)
            if node is not None and node.kind == BLOCK:
                self.save(str(node.settings.get("block", "")), node.title)
                return
        if self._document.scope:
            self.save(self._document.scope)

    def save(self, block_id: str, card_title: str = "") -> None:
        """Keep a block of the design; asks for its name.

        Args:
            block_id: The block.
            card_title: What its card is called where it has a title of its own.
        """
        if block_id not in self._document.project.blocks:
            return
        file, library = block_file(self._document.project, block_id), user_library()

        def is_taken(name: str) -> bool:
            existing = library.files.get(file_name_for(library, name))
            return existing is not None and existing != with_title(file, existing.block.title)

        proposal = card_title or file.block.title
        title = self._prompts.choose_block_name(proposal, is_taken, partial(unique_title, library))
        if not title:
            return
        try:
            save_block(with_title(file, title), blocks_folder(), file_name_for(library, title))
        except FileError as error:
            self._document.message.emit(str(error))
            return
        self._document.message.emit(f"{title} is kept in My blocks.")
        library_changes.changed.emit()

    def remove(self, name: str) -> None:
        """Remove a kept block, after a question; designs that use it keep their copies."""
        file = user_block_files().get(name)
        if file is None or self._prompts.confirm_remove_block(file.block.title) is not Answer.YES:
            return
        try:
            remove_block(blocks_folder(), name)
        except FileError as error:
            self._document.message.emit(str(error))
        library_changes.changed.emit()

    def report_unreadable(self) -> None:
        """Say once which files in the folder cannot be used."""
        broken = user_library().errors
        for line in broken:
            if line not in self._reported:
                self._document.message.emit(f"My blocks: {line}")
        self._reported = broken
