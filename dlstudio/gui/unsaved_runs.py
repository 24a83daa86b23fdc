"""The runs of a design that has no file yet: they follow it to where it is saved first."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.gui.document import Document
from dlstudio.gui.session import IDLE, TrainingSession
from dlstudio.training.events import Started
from dlstudio.training.runs import runs_dir_for


class UnsavedRuns(QObject):
    """Remembers which runs belong to the open design while it has no file.

    Signals:
        moved: A run's folder lies elsewhere now: the old path and the new one.
    """

    moved = Signal(object, object)

    def __init__(
        self, document: Document, session: TrainingSession, parent: QObject | None = None
    ) -> None:
        """Watch which runs begin."""
        super().__init__(parent)
        self._document = document
        self._session = session
        self._beginning = False
        self._folders: list[Path] = []
        self._home: Path | None = None
        session.about_to_start.connect(self._begin)
        session.started.connect(self._note)
        session.state_changed.connect(self._on_state)
        document.reset.connect(self._forget)

    def bring_home(self, design: Path) -> None:
        """Move the runs beside a design's file; a living run follows when it is over."""
        if not (self._folders or self._beginning):
            return
        self._home = runs_dir_for(design)
        self._move()

    def _begin(self) -> None:
        self._beginning = self._document.path is None

    def _note(self, event: Started) -> None:
        if self._beginning and event.run_dir and Path(event.run_dir) not in self._folders:
            self._folders.append(Path(event.run_dir))
        self._beginning = False

    def _on_state(self, state: str) -> None:
        if state == IDLE:
            self._beginning = False
            self._move()

    def _move(self) -> None:
        target = self._home
        if target is None or self._session.state != IDLE:
            return
        folders, self._folders, self._home = self._folders, [], None
        for folder in folders:
            destination = target / folder.name
            if destination == folder or destination.exists() or not folder.is_dir():
                continue
            try:
                target.mkdir(parents=True, exist_ok=True)
                shutil.move(folder, destination)
            except OSError as error:
                self._document.message.emit(f"The run {folder.name} stays in {folder}: {error}")
                continue
            self.moved.emit(folder, destination)

    def _forget(self) -> None:
        self._beginning = False
        self._folders, self._home = [], None
