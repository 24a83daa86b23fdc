"""The user's own blocks: files in a folder, kept and removed from the window."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.data.folders import user_folder
from dlstudio.design.files import FileError
from dlstudio.design.library import (
    Library,
    block_file,
    free_title,
    keep_block,
    name_kept,
    read_library,
    remove_block,
    titled,
)
from dlstudio.design.model import BLOCK
from dlstudio.design.storage.block_file import SUFFIX, BlockFile
from dlstudio.gui.document import Document
from dlstudio.gui.questions import Answer, Questions


class LibraryChanges(QObject):
    """Says that `own_library()` holds other blocks now."""

    changed = Signal()


library_changes = LibraryChanges()
_State = tuple[tuple[str, int, int], ...]
_known: tuple[Path, _State, Library] | None = None


def blocks_folder() -> Path:
    """Return where the user's blocks lie; it may not exist."""
    return user_folder() / "blocks"


def own_library() -> Library:
    """Return the user's blocks; the files are read again only where one has changed."""
    global _known  # noqa: PLW0603  (one folder, read once for all windows)
    folder = blocks_folder()
    state = _state(folder)
    if _known is None or _known[:2] != (folder, state):
        _known = (folder, state, read_library(folder) if state else Library())
    return _known[2]


def own_blocks() -> Mapping[str, BlockFile]:
    """Return the user's blocks by the names of their files."""
    return own_library().files


class OwnBlocks(QObject):
    """Keeps blocks of a document in the user's folder, and removes kept ones."""

    def __init__(self, document: Document, questions: Questions, parent: QObject | None) -> None:
        """Ask through `questions`."""
        super().__init__(parent)
        self._document = document
        self._questions = questions
        self._told: tuple[str, ...] = ()

    def keep_selected(self) -> None:
        """Keep the block of the selected placement, or the one whose inside is shown."""
        graph = self._document.project.graph_at(self._document.scope)
        for node_id in sorted(self._document.selection):
            node = graph.nodes.get(node_id)
            if node is not None and node.kind == BLOCK:
                self.keep(str(node.settings.get("block", "")), node.title)
                return
        if self._document.scope:
            self.keep(self._document.scope)

    def keep(self, block_id: str, called: str = "") -> None:
        """Keep a block of the design; asks for its name.

        Args:
            block_id: The block.
            called: What its card is called where it has a title of its own.
        """
        if block_id not in self._document.project.blocks:
            return
        file, library = block_file(self._document.project, block_id), own_library()

        def is_taken(name: str) -> bool:
            existing = library.files.get(name_kept(library, name))
            return existing is not None and existing != titled(file, existing.block.title)

        proposal = called or file.block.title
        title = self._questions.block_name(proposal, is_taken, partial(free_title, library))
        if not title:
            return
        try:
            keep_block(titled(file, title), blocks_folder(), name_kept(library, title))
        except FileError as error:
            self._document.message.emit(str(error))
            return
        self._document.message.emit(f"{title} is kept in My blocks.")
        library_changes.changed.emit()

    def remove(self, name: str) -> None:
        """Remove a kept block, after a question; designs that use it keep their copies."""
        file = own_blocks().get(name)
        if file is None or self._questions.remove_block(file.block.title) is not Answer.YES:
            return
        try:
            remove_block(blocks_folder(), name)
        except FileError as error:
            self._document.message.emit(str(error))
        library_changes.changed.emit()

    def tell_damage(self) -> None:
        """Say once which files in the folder cannot be used."""
        broken = own_library().broken
        for line in broken:
            if line not in self._told:
                self._document.message.emit(f"My blocks: {line}")
        self._told = broken


def _state(folder: Path) -> _State:
    entries = []
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        try:
            status = path.stat()
        except OSError:
            continue
        entries.append((path.name, status.st_mtime_ns, status.st_size))
    return tuple(entries)
