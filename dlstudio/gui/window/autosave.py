"""Autosave: a recovery copy every half minute and before each run, offered after a crash."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from dlstudio.design.library.files import FileError
from dlstudio.gui.document.document import Document
from dlstudio.gui.document.preferences import config_dir
from dlstudio.gui.files.design_files import DesignFiles
from dlstudio.gui.files.recovery import Recovery, RecoveryFile
from dlstudio.gui.prompts.prompts import Answer
from dlstudio.gui.runs.control.run_controller import RunController
from dlstudio.gui.runs.session import TrainingSession

INTERVAL_MS = 30_000


class Autosave(QObject):
    """Saves a recovery copy while the document has unsaved changes."""

    def __init__(
        self,
        document: Document,
        session: TrainingSession,
        runs: RunController,
        files: DesignFiles,
        root: Path | None = None,
    ) -> None:
        """`root` is the folder of the copies, by default in the user's settings folder."""
        super().__init__(files)
        self._document = document
        self._runs = runs
        self._files = files
        self._saved_state: object = None
        self.recovery = Recovery(root or config_dir() / "recovery")
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.save_copy)
        self._timer.start()
        session.about_to_start.connect(self.save_copy)
        document.clean_changed.connect(self._on_clean)
        document.reset.connect(self.recovery.clear)

    def save_copy(self) -> None:
        """Save the copy now if there are unsaved changes that it does not hold."""
        state = (self._document.project, self._runs.weights)
        if self._document.is_clean or state == self._saved_state:
            return
        weights = self._runs.weights if self._runs.unsaved_weights else None
        try:
            self.recovery.save(
                self._document.complete_project, self._document.name, self._document.path, weights
            )
        except FileError as error:
            self._document.message.emit(str(error))
            return
        self._saved_state = state

    def offer_recovery(self) -> bool:
        """Offer the copies of crashed windows; True if one was restored."""
        for file in self.recovery.recoverable():
            time_text = datetime.fromtimestamp(file.saved_at).strftime("%d %B, %H:%M")
            answer = self._files.prompts.confirm_recovery(file.name, time_text)
            if answer is Answer.YES:
                return self._restore(file)
            if answer is Answer.DISCARD:
                file.discard()
        return False

    def close(self) -> None:
        """Stop the timer and delete the copy; call it when nothing is unsaved."""
        self._timer.stop()
        self.recovery.clear()

    def _restore(self, file: RecoveryFile) -> bool:
        try:
            project = file.load()
        except FileError as error:
            self._files.prompts.show_message(f"{file.name} cannot be restored.", str(error))
            return False
        if not self._files.restore(file, project):
            return False
        self._saved_state = None
        self.save_copy()
        file.discard()
        return True

    def _on_clean(self, clean: bool) -> None:
        if clean:
            self._saved_state = None
            self.recovery.clear()
