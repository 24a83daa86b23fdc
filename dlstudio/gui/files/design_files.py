"""Opens and saves designs and asks the questions this requires."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from dlstudio.design.edits import EditError
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import FileError, load, load_bundle, save, save_bundle
from dlstudio.design.model.model import Project, new_project
from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.gui.document.document import SUFFIX, Document
from dlstudio.gui.document.preferences import config_dir
from dlstudio.gui.files.disk_changes import DiskChanges
from dlstudio.gui.files.file_conflicts import is_read_only, restore_conflict
from dlstudio.gui.files.file_lock import DesignLock
from dlstudio.gui.files.file_watcher import FileWatcher
from dlstudio.gui.files.recent_files import add_recent, clear_recent
from dlstudio.gui.files.recovery import RecoveryFile
from dlstudio.gui.files.screenshot import save_screenshot
from dlstudio.gui.prompts.prompts import BUNDLE_FILTER, SAVE_FILTER, Answer, Prompts
from dlstudio.gui.runs.control.run_controller import RunController
from dlstudio.gui.runs.weights_store import delete_stale_weights

BUNDLE_SUFFIX = ".dlstudioz"


class DesignFiles(QObject):
    """Opens, saves and reloads the document's file.

    Signals:
        opened: A design was opened or created.
        saved: The design was written to its file.
        recent_changed: The list of recent files changed.
    """

    opened = Signal()
    saved = Signal()
    recent_changed = Signal()

    def __init__(
        self, document: Document, runs: RunController, prompts: Prompts, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document = document
        self._runs = runs
        self._window = window
        self._lock = DesignLock()
        self.prompts = prompts
        self.watcher = FileWatcher(self)
        DiskChanges(document, prompts, self.watcher, self.show_file)

    @property
    def name(self) -> str:
        """Name of the design in titles and questions."""
        return self._document.name

    def new(self) -> bool:
        """Start an empty design."""
        return self.open_project(new_project())

    def open(self) -> bool:
        """Ask for a design and open it."""
        path = self.prompts.choose_design(self._default_folder())
        return path is not None and self.open_path(path)

    def open_path(self, path: Path) -> bool:
        """Open a design or a bundle; False if the user cancels or it cannot be read."""
        if not self.confirm_leave():
            return False
        return self.show_file(path)

    def show_file(self, path: Path) -> bool:
        """Open a file without asking about unsaved work."""
        path = path.absolute()
        try:
            project, weights = self._read(path)
        except FileError as error:
            self.prompts.show_message(f"{path.name} cannot be opened.", str(error))
            return False
        bundle = path.suffix == BUNDLE_SUFFIX
        if not bundle and not self._acquire_lock(path):
            return False
        self._show_project(project, None if bundle else path)
        if weights is not None:
            self._runs.use_weights(weights)
        if not bundle:
            self._runs.notify_interrupted()
        add_recent(path)
        self.recent_changed.emit()
        return True

    def open_example(self, name: str) -> bool:
        """Open a copy of an example; the original is never changed."""
        if not self.confirm_leave():
            return False
        try:
            path = example_path(name)
            self._show_project(load(path), None, name, path.parent)
        except (FileError, FileNotFoundError) as error:
            self.prompts.show_message(f"The example {name} cannot be opened.", str(error))
            return False
        return True

    def open_copy(self, path: Path) -> bool:
        """Open the design of a run, as it was trained, as an unsaved copy."""
        try:
            project = load(path)
        except FileError as error:
            self.prompts.show_message("The design of this run cannot be opened.", str(error))
            return False
        return self.open_project(project)

    def open_project(self, project: Project) -> bool:
        """Open a design that was built for the user, as a new one."""
        if not self.confirm_leave():
            return False
        self._show_project(project, None, project.title)
        return True

    def restore(self, recovered: RecoveryFile, project: Project) -> bool:
        """Show recovered work under its old path and name, marked as unsaved.

        Where the file has changed since, or another window has it open, the user decides; False if
        nothing was restored.
        """
        path, weights = recovered.path, recovered.weights
        conflict = restore_conflict(recovered, self._lock)
        answer = self.prompts.confirm_restore(recovered.name, conflict) if conflict else Answer.NO
        if answer not in {Answer.YES, Answer.NO}:
            return False
        if answer is Answer.YES:
            path = None
        self._show_project(project, path, recovered.name.removesuffix(SUFFIX))
        if weights is not None and weights.is_file():
            self._runs.use_weights(weights, unsaved=True, of_design=False)
        self._document.mark_unsaved()
        return True

    def save(self) -> bool:
        """Save to the design's file; ask for a path if it has none."""
        path = self._document.path
        return self._write(path) if path is not None else self.save_as()

    def save_as(self) -> bool:
        """Ask for a path and save there."""
        proposal = str(Path(self._default_folder()) / self.name)
        path = self.prompts.choose_save_path("Save the design", proposal, SAVE_FILTER)
        if path is None:
            return False
        if path.suffix != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        if not self._lock.holds(path) and not self._acquire_lock(path):
            return False
        return self._write(path)

    def save_bundle(self) -> bool:
        """Ask for a path and save design and weights as one file; the document keeps its path."""
        stem = Path(self._default_folder()) / Path(self.name).stem
        proposal = f"{stem}{BUNDLE_SUFFIX}"
        path = self.prompts.choose_save_path("Save as a bundle", proposal, BUNDLE_FILTER)
        if path is None:
            return False
        path = path if path.suffix == BUNDLE_SUFFIX else path.with_name(path.name + BUNDLE_SUFFIX)
        try:
            save_bundle(self._document.complete_project, path, self._runs.weights)
        except FileError as error:
            self.prompts.show_message("The bundle could not be saved.", str(error))
            return False
        self._document.message.emit(f"Bundle saved as {path.name}")
        return True

    def reload(self) -> bool:
        """Reload the file from disk, after asking about unsaved work."""
        path = self._document.path
        if path is None or (not self._document.is_clean and not self._confirm_discard_changes()):
            return False
        return self.show_file(path)

    def save_screenshot(self) -> None:
        """Ask for a path and save a screenshot of the window."""
        proposal = Path(self._default_folder()) / f"{Path(self.name).stem}.png"
        save_screenshot(self._window, self.prompts, proposal)

    def show_runs_folder(self) -> None:
        """Open the folder of this design's runs in the desktop's file manager."""
        folder = self._runs.folder()
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def clear_recent(self) -> None:
        clear_recent()
        self.recent_changed.emit()

    def confirm_leave(self, *, closing: bool = False) -> bool:
        """Ask about an active run and unsaved work; True if the document may be replaced."""
        if self._runs.confirm_leave(closing=closing):
            return self.confirm_discard()
        if self._runs.closes_when_done and self._document.path is None and not self.save_as():
            self._runs.cancel_close()
        return False

    def confirm_discard(self) -> bool:
        """Ask about unsaved work; True if it was saved or may be discarded."""
        return self._document.is_clean or self._confirm_discard_changes()

    def close(self) -> None:
        """Stop watching the file and release its lock."""
        self.watcher.watch(None)
        self._lock.release()

    def _confirm_discard_changes(self) -> bool:
        has_new_weights = self._runs.unsaved_weights
        answer = self.prompts.confirm_save(self.name, has_new_weights=has_new_weights)
        if answer is Answer.SAVE:
            return self.save()
        return answer is Answer.DISCARD

    def _read(self, path: Path) -> tuple[Project, Path | None]:
        if path.suffix == BUNDLE_SUFFIX:
            return load_bundle(path, config_dir() / "bundles")
        return load(path), None

    def _show_project(
        self,
        project: Project,
        path: Path | None,
        name: str = "",
        example_folder: Path | None = None,
    ) -> None:
        if not self._lock.holds(path):
            self._lock.release()
        self._document.load(project, path, name)
        self.watcher.watch(path)
        self._runs.load_stored_weights(example_folder)
        self.opened.emit()

    def _write(self, path: Path) -> bool:
        if is_read_only(path) and self.prompts.confirm_replace(path.name) is not Answer.YES:
            return False
        try:
            self._runs.save_weights_beside(path)
            save(self._document.complete_project, path)
            delete_stale_weights(path, self._document.project.weights)
        except (FileError, EditError, OSError) as error:
            reason = file_error_reason(error) if isinstance(error, OSError) else str(error)
            self.prompts.show_message(f"{path.name} could not be saved.", reason)
            return False
        self._runs.follow_design(self._document.path, path)
        self._document.set_path(path)
        self._document.set_clean()
        self._runs.mark_weights_saved()
        self.watcher.watch(path)
        add_recent(path)
        self.recent_changed.emit()
        self.saved.emit()
        return True

    def _acquire_lock(self, path: Path) -> bool:
        owner = self._lock.acquire(path)
        if owner is None:
            return True
        answer = self.prompts.confirm_open_locked(path.name, owner.text())
        return answer is Answer.YES

    def _default_folder(self) -> str:
        path = self._document.path
        return str(path.parent if path else Path.home())
