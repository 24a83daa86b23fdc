"""The runs of an unsaved design, which move beside its file on the first save."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.design.library.files import FileError, save
from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.run_record import stored_design
from dlstudio.gui.runs.session import IDLE, TrainingSession
from dlstudio.training.protocol.events import Started
from dlstudio.training.storage.runs import PROJECT, runs_dir_for


class UnsavedRuns(QObject):
    """Records the runs of the open design while it has no file.

    Signals:
        moved: A run folder was moved: the old and the new path.
    """

    moved = Signal(object, object)

    def __init__(
        self, document: Document, session: TrainingSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._is_starting = False
        self._folders: list[Path] = []
        self._target_folder: Path | None = None
        session.about_to_start.connect(self._on_about_to_start)
        session.started.connect(self._on_started)
        session.state_changed.connect(self._on_state)
        document.reset.connect(self._on_reset)

    def move_beside(self, design: Path) -> None:
        """Move the runs beside a design's file; an active run follows when it has ended."""
        if not (self._folders or self._is_starting):
            return
        self._target_folder = runs_dir_for(design)
        self._move()

    def _on_about_to_start(self) -> None:
        self._is_starting = self._document.path is None

    def _on_started(self, event: Started) -> None:
        if self._is_starting and event.run_dir and Path(event.run_dir) not in self._folders:
            self._folders.append(Path(event.run_dir))
        self._is_starting = False

    def _on_state(self, state: str) -> None:
        if state == IDLE:
            self._is_starting = False
            self._move()

    def _move(self) -> None:
        target = self._target_folder
        if target is None or self._session.state != IDLE:
            return
        folders, self._folders, self._target_folder = self._folders, [], None
        for folder in folders:
            destination = target / folder.name
            if destination == folder or destination.exists() or not folder.is_dir():
                continue
            try:
                target.mkdir(parents=True, exist_ok=True)
                _move_run(folder, destination)
            except OSError as error:
                self._document.message.emit(
                    f"The run {folder.name} could not be moved and stays in {folder}: "
                    f"{file_error_reason(error)}"
                )
                continue
            self.moved.emit(folder, destination)

    def _on_reset(self) -> None:
        self._is_starting = False
        self._folders, self._target_folder = [], None


def _move_run(run: Path, destination: Path) -> None:
    """Move a run; the path of its data becomes relative if it is near now."""
    project = stored_design(run)
    shutil.move(run, destination)
    if project is not None:
        with contextlib.suppress(FileError):  # the path is right as it is
            save(project, destination / PROJECT)
