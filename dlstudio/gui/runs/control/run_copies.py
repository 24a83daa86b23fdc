"""Copies the runs of a design beside the file that it is saved as.

Both designs then have their own curves, checkpoints and weights: continuing one leaves the other as
it was. Large files, which are only ever replaced as a whole, are linked where the disk allows it,
so that a copy takes no room.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.design.library.files import FileError, save
from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.background.latest_task import LatestTask
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.run_record import stored_design
from dlstudio.gui.runs.session import IDLE, TrainingSession
from dlstudio.training.storage.run_lock import FILE as LOCK
from dlstudio.training.storage.runs import INFO, PROJECT, list_runs, runs_dir_for

_REPLACED_AS_A_WHOLE = ".safetensors"
Moves = Sequence[tuple[Path, Path]]


class RunCopies(QObject):
    """Copies in the background, after an active run has ended.

    Signals:
        copied: A run was copied: the old and the new path.
    """

    copied = Signal(object, object)

    def __init__(
        self, document: Document, session: TrainingSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._waiting: list[tuple[Path, Path]] = []
        self._task = LatestTask(self, "The runs could not be copied")
        self._task.done.connect(self._on_done)
        self._task.failed.connect(self._on_failed)
        session.state_changed.connect(lambda _state: self._start())

    def copy_beside(self, old: Path, new: Path) -> None:
        """Copy the runs of the design at `old` for the design at `new`."""
        source, target = runs_dir_for(old), runs_dir_for(new)
        if source != target and source.is_dir():
            self._waiting.append((source, target))
            self._start()

    def _start(self) -> None:
        if not self._waiting or self._task.is_busy or self._session.state != IDLE:
            return
        source, target = self._waiting.pop(0)
        folder = self._session.run.folder
        current = Path(folder).name if folder and Path(folder).parent == source else ""

        def work(task: BackgroundTask) -> Moves:
            try:
                return copy_runs(source, target, current, task.is_cancelled)
            except OSError as error:
                raise OSError(file_error_reason(error)) from error
            except FileError as error:
                raise OSError(str(error)) from error

        self._task.submit(work)

    def _on_done(self, moves: Moves | None) -> None:
        for old, new in moves or ():
            self.copied.emit(old, new)
        self._start()

    def _on_failed(self, text: str, _details: str) -> None:
        self._document.message.emit(text)
        self._start()


def copy_runs(
    source: Path, target: Path, current: str, is_cancelled: Callable[[], bool] = lambda: False
) -> Moves:
    """Copy runs that have ended, and return the old and the new path of each.

    Args:
        source: Folder of the runs.
        target: Their new folder; runs that it holds already are left as they are.
        current: Name of the run that made the design's weights; on another disk, where files
            cannot be linked, only this one is copied.
        is_cancelled: Whether to stop.
    """
    target.mkdir(parents=True, exist_ok=True)
    same_disk = source.stat().st_dev == target.stat().st_dev
    moves = []
    for run in list_runs(source):
        destination = target / run.name
        wanted = same_disk or run.name == current
        if not wanted or run.in_progress or destination.exists():
            continue
        if is_cancelled():
            break
        _copy_run(run.path, destination)
        moves.append((run.path, destination))
    return moves


def _copy_run(run: Path, destination: Path) -> None:
    """Copy a run; its information comes last, so that an unfinished copy is no run.

    The path of its data, which may be relative, still leads to the same data.
    """
    try:
        ignored = shutil.ignore_patterns(INFO, LOCK)
        shutil.copytree(run, destination, copy_function=_link_or_copy, ignore=ignored)
        if (project := stored_design(run)) is not None:
            save(project, destination / PROJECT)
        shutil.copy2(run / INFO, destination / INFO)
    except (OSError, FileError):
        shutil.rmtree(destination, ignore_errors=True)
        raise


def _link_or_copy(source: str, destination: str) -> None:
    if source.endswith(_REPLACED_AS_A_WHOLE):
        with contextlib.suppress(OSError):  # not every file system has links
            os.link(source, destination)
            return
    shutil.copy2(source, destination)
