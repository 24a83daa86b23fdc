"""Reacts when another program changes or removes the file of the open design."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt

from dlstudio.gui.document.document import Document
from dlstudio.gui.files.file_watcher import FileWatcher
from dlstudio.gui.prompts.prompts import Answer, Prompts


class DiskChanges(QObject):
    """Asks whether to reload a changed file, and says that a removed one is no longer there."""

    def __init__(
        self,
        document: Document,
        prompts: Prompts,
        watcher: FileWatcher,
        show_file: Callable[[Path], bool],
    ) -> None:
        """Begin to listen; `show_file` reads a file again."""
        super().__init__(watcher)
        self._document = document
        self._prompts = prompts
        self._show_file = show_file
        watcher.changed.connect(self._on_changed, Qt.ConnectionType.QueuedConnection)
        watcher.removed.connect(self._on_removed)

    def _on_changed(self) -> None:
        path = self._document.path
        if path is None or not path.is_file():
            return
        answer = self._prompts.confirm_reload(path.name, unsaved=not self._document.is_clean)
        if answer is Answer.YES:
            self._show_file(path)
        else:
            self._document.mark_unsaved()

    def _on_removed(self) -> None:
        self._document.mark_unsaved()
        self._document.message.emit(
            f"{self._document.name} was deleted or moved by another program. Save writes it again."
        )
