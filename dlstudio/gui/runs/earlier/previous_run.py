"""Loads the curves of an opened design: of the run that its weights come from, or the newest.

The runs folder is read in the background, so that opening a design stays fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from dlstudio.design.model.model import WeightsRef
from dlstudio.gui.background.latest_task import LatestTask
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.run_record import RunRecord
from dlstudio.gui.runs.session import IDLE, TrainingSession
from dlstudio.gui.runs.weights_store import stored_weights
from dlstudio.training.storage.runs import WEIGHTS, RunInfo, list_runs, runs_dir_for

if TYPE_CHECKING:
    from dlstudio.gui.runs.run_history import RunHistory


@dataclass(frozen=True, slots=True)
class PreviousCurves:
    """The curves of a finished run.

    Attributes:
        started_text: Its start date and time.
        run_dir: Its folder.
        run: The whole run, if it made the weights of the design.
    """

    history: RunHistory
    started_text: str
    run_dir: str = ""
    run: RunRecord | None = None


class PreviousRunLoader(QObject):
    """Loads the previous run of each opened design, until a new run starts.

    The run that made the design's weights becomes the last run of the session.

    Signals:
        changed: `PreviousCurves` of another run to show from now on, or None.
        loaded: The runs of an opened design were read.
    """

    changed = Signal(object)
    loaded = Signal()

    def __init__(
        self, document: Document, session: TrainingSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._task = LatestTask(self, "The last run could not be read")
        self._is_scheduled = False
        self._task.done.connect(self._on_done)
        self._task.failed.connect(self._on_failed)
        document.reset.connect(self._load_soon)
        session.history_reset.connect(self._clear)
        session.about_to_start.connect(self._clear)
        self._load_soon()

    @property
    def is_busy(self) -> bool:
        """Whether runs are being read."""
        return self._is_scheduled or self._task.is_busy

    @Slot()
    def _load_soon(self) -> None:
        """Load after the session has reset itself for the new design, too."""
        self._clear()
        self._is_scheduled = self._document.path is not None
        QTimer.singleShot(0, self, self._load)

    def _load(self) -> None:
        self._is_scheduled = False
        path, reference = self._document.path, self._document.project.weights
        if path is None or self._session.state != IDLE or not self._session.run.history.is_empty:
            self.loaded.emit()
            return
        self._task.restart(lambda _task: load_previous_curves(path, reference))

    def _on_done(self, previous: PreviousCurves | None) -> None:
        run = previous.run if previous is not None else None
        if run is not None:
            self._session.restore_run(run)
        self.changed.emit(previous if run is None else None)
        self.loaded.emit()

    def _on_failed(self, text: str, _details: str) -> None:
        self.changed.emit(None)
        self._document.message.emit(text)
        self.loaded.emit()

    @Slot()
    def _clear(self) -> None:
        self._task.cancel()
        self.changed.emit(None)


def load_previous_curves(design: Path, reference: WeightsRef | None) -> PreviousCurves | None:
    """Return the curves of the run that made a design's weights, or of its newest finished run.

    Args:
        design: The design's file; its runs are in the folder beside it.
        reference: The design's weights, or None if it is untrained.
    """
    from dlstudio.gui.runs.earlier.history_loader import load_history, load_run

    runs = list_runs(runs_dir_for(design))[::-1]
    origins = (run for run in runs if reference and _is_origin(run, reference, design.parent))
    finished = (run for run in runs if run.is_finished)
    origin = next(origins, None)
    run = origin or next(finished, None)
    if run is None:
        return None
    when = datetime.fromtimestamp(run.started).astimezone()
    history = load_history(run.path)
    if history.is_empty:
        return None
    whole_run = load_run(run, history) if run is origin else None
    return PreviousCurves(history, f"{when:%d %b %Y, %H:%M}", str(run.path), whole_run)


def _is_origin(run: RunInfo, reference: WeightsRef, folder: Path) -> bool:
    """Whether a run ended with these weights; compares file sizes before fingerprints."""
    trained_file, stored_file = run.path / WEIGHTS, folder / reference.file
    try:
        if stored_file.is_file() and stored_file.stat().st_size != trained_file.stat().st_size:
            return False
    except OSError:
        return False
    return stored_weights(WeightsRef(WEIGHTS, reference.fingerprint), run.path) is not None
