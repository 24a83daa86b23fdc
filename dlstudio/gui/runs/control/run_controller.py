"""Connects document and runs: the weights of the design, and questions about a run.

Does not import torch: weights are files here.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.design.changes.fingerprint import fingerprint
from dlstudio.design.edits import set_weights
from dlstudio.design.model.model import Project
from dlstudio.gui.document.document import Document
from dlstudio.gui.prompts.prompts import Answer, Prompts
from dlstudio.gui.runs.control.run_copies import RunCopies
from dlstudio.gui.runs.control.unsaved_runs import UnsavedRuns
from dlstudio.gui.runs.next_run import NextRun
from dlstudio.gui.runs.run_options import runs_folder, same_data
from dlstudio.gui.runs.session import IDLE, TrainingSession
from dlstudio.gui.runs.weights_fit import weights_fit
from dlstudio.gui.runs.weights_store import save_design_weights, stored_weights
from dlstudio.training.protocol.events import Failed, Finished, SettingChanged
from dlstudio.training.step.run_changes import keep_changes
from dlstudio.training.step.run_comparison import Choice

STOP_SECONDS = 20.0
_LONG_RUN_SECONDS = 600.0
"""Training time after which the weights of an untouched example count as unsaved work."""


class RunController(QObject):
    """Resets, continues and stops runs at the user's request, and tracks the trained weights.

    Signals:
        close_requested: The run after which the window should close has ended.
        weights_changed: The path of the design's trained weights changed; None if untrained.
        weights_restored: The same, but not by a run: the design was opened or reset.
    """

    close_requested = Signal()
    weights_changed = Signal(object)
    weights_restored = Signal(object)

    def __init__(
        self,
        document: Document,
        session: TrainingSession,
        prompts: Prompts,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._prompts = prompts
        self._close_when_done = False
        self._run_is_foreign = False
        """Whether the active run is of another design or was reset; its weights are ignored."""
        self.weights: Path | None = None
        """File of the design's trained weights, or None."""
        self.unsaved_weights = False
        self._weights_design: Project | None = None
        """The design whose network the weights belong to, if it is known."""
        self._shows_example = False
        """Whether the design was opened from the built-in examples."""
        self.changes: list[SettingChanged] = []
        """Changes made during the last run that are not in the design yet."""
        self.next_run = NextRun(document, session, self)
        self._unsaved_runs = UnsavedRuns(document, session, self)
        self._unsaved_runs.moved.connect(self._on_moved)
        self._run_copies = RunCopies(document, session, self)
        self._run_copies.copied.connect(self._on_moved)
        session.finished.connect(self._on_finished)
        session.failed.connect(self._on_failed)
        session.setting_changed.connect(self.changes.append)
        session.history_reset.connect(self.changes.clear)
        session.state_changed.connect(self._on_state)

    @property
    def is_active(self) -> bool:
        """Whether a run is in progress, even if paused."""
        return self._session.state != IDLE

    def reset(self) -> None:
        """Reset to the initial weights; also removes the weights reference from the design."""
        self._run_is_foreign = self.is_active
        self._session.reset()
        self._set_weights(None)
        self._document.try_edit(lambda project: set_weights(project, None), "Reset the weights")

    def prompt_continue(self) -> None:
        """Ask for the number of additional epochs and continue training.

        If the run cannot take over the open design, ask what to do instead.
        """
        if self.next_run.has_other_design:
            _choose_design(self._prompts, self.next_run)
            return
        epochs = self._prompts.choose_epochs(self.next_run.plan.continuation.epochs)
        if epochs:
            self.next_run.continue_for(epochs)

    def apply_changes(self) -> None:
        """Apply the changes made during the run to the design."""
        changes = tuple(self.changes)
        result = self._document.try_edit(
            lambda project: keep_changes(project, changes), "Apply run changes"
        )
        if result is not None:
            self.changes.clear()

    def confirm_leave(self, *, closing: bool = False) -> bool:
        """Ask whether to stop an active run; True if the document may be left now."""
        if not self.is_active:
            return True
        answer = self._prompts.confirm_stop_training(closing=closing)
        if answer is Answer.STOP:
            self._session.stop()
            return self._session.wait(STOP_SECONDS)
        self._close_when_done = closing and answer is Answer.CONTINUE
        if self._close_when_done:
            self._document.message.emit(
                "The design will be saved and the window closed after the run"
            )
        return False

    @property
    def closes_when_done(self) -> bool:
        """Whether the window should close after the run."""
        return self._close_when_done

    def cancel_close(self) -> None:
        """Keep the window open after the run."""
        self._close_when_done = False
        self._document.message.emit(
            "The window stays open after the run, because the design has no file"
        )

    def load_stored_weights(self, example_folder: Path | None = None) -> None:
        """Load the weights that the opened design refers to, if they still exist.

        Args:
            example_folder: Their folder if the design is a copy of a built-in example; otherwise
                they are beside the design's file.
        """
        self._shows_example = example_folder is not None
        reference, path = self._document.project.weights, self._document.path
        self._run_is_foreign = self.is_active
        if not self.is_active:
            self._session.reset()
        self._set_weights(None)
        weights_folder = example_folder or (path and path.parent)
        if reference is None or weights_folder is None:
            return
        weights = stored_weights(reference, weights_folder)
        if weights is None:
            self._document.message.emit(f"The trained weights ({reference.file}) are missing")
        else:
            self.use_weights(weights)

    def use_weights(
        self, path: Path, *, unsaved: bool = False, of_design: bool = True, message: str = ""
    ) -> None:
        """Start the next run from these weights, and show a message.

        Args:
            path: Their file.
            unsaved: Whether the design's file does not refer to them.
            of_design: Whether they are known to fit the network as it is now.
            message: Shown instead of the usual one.
        """
        self._set_weights(path, imported=unsaved, of_design=of_design)
        self.unsaved_weights = unsaved
        default_message = f"Trained weights loaded from {path.name}; training continues from them"
        self._document.message.emit(message or default_message)

    def save_weights_beside(self, design: Path) -> None:
        """Copy the trained weights beside a design's file, if they fit the network as it is now.

        Raises:
            FileError: The weights cannot be read or written.
        """
        if self.weights is None or not self.weights.is_file():
            return
        if self._weights_fit():
            self._document.set_weights(save_design_weights(self.weights, design))
        else:
            self._document.set_weights(None)
            self._document.message.emit(
                "Saved without trained weights: the network has changed since the run, which keeps "
                "them (Runs)"
            )

    def _weights_fit(self) -> bool:
        document, trained = self._document, self._weights_design
        if self.weights is None:
            return False
        if trained is not None and _is_unchanged(trained, document.project):
            return True
        if document.is_checked:
            return weights_fit(self.weights, document.project, document.report)
        return trained is None or _has_equal_network(trained, document.project)

    def mark_weights_saved(self) -> None:
        """Record that the design's file refers to the current weights."""
        self.unsaved_weights = False

    def notify_interrupted(self) -> None:
        """Show a message if the newest run of the opened design was interrupted."""
        from dlstudio.training.storage.runs import list_runs

        newest = next(reversed(list_runs(self.folder())), None)
        if newest is not None and newest.was_interrupted:
            self._document.message.emit(
                "The last run was interrupted; Resume in the Runs panel continues it"
            )

    def follow_design(self, old: Path | None, new: Path) -> None:
        """Move the runs of a new design beside its file, or copy those of a design saved as `new`.

        The weights that training continues from are those beside the new file then.
        """
        self._unsaved_runs.move_beside(new)
        if old is not None:
            self._run_copies.copy_beside(old, new)

    def folder(self) -> Path:
        """Return the folder of this design's runs."""
        return runs_folder(self._document.path)

    def _set_weights(
        self, weights: Path | None, *, imported: bool = False, of_design: bool = True
    ) -> None:
        self.weights = weights
        self.unsaved_weights = False
        is_known = weights is not None and of_design
        self._weights_design = self._document.project if is_known else None
        self._session.set_weights(weights)
        self.next_run.use_weights(weights, imported=imported)
        self.weights_changed.emit(weights)
        self.weights_restored.emit(weights)

    def _on_finished(self, event: Finished) -> None:
        if self._run_is_foreign:
            return
        if event.weights_file and Path(event.weights_file).is_file():
            self.weights = Path(event.weights_file)
            self._weights_design = self._session.run.project
            self.unsaved_weights = True
            if not self._was_only_watched(event):
                self._document.mark_unsaved()
            self.weights_changed.emit(self.weights)

    def _was_only_watched(self, event: Finished) -> bool:
        """Whether this was a short run of an example that the user has not changed.

        It is reproduced by another press of Train, and its folder keeps it in any case.
        """
        is_untouched = self._shows_example and self._document.is_clean
        return is_untouched and self._document.path is None and event.seconds < _LONG_RUN_SECONDS

    def _on_failed(self, _event: Failed) -> None:
        """Keep the window open, so that the error can be read."""
        self._close_when_done = False

    def _on_moved(self, old: Path, new: Path) -> None:
        self._session.update_run_dir(old, new)
        if self.weights is not None and self.weights.is_relative_to(old):
            self.weights = new / self.weights.relative_to(old)
            self.weights_changed.emit(self.weights)

    def _on_state(self, state: str) -> None:
        if state != IDLE:
            return
        self._run_is_foreign = False
        if self._close_when_done:
            self._close_when_done = False
            self.close_requested.emit()


def _choose_design(prompts: Prompts, next_run: NextRun) -> None:
    """Ask what to do with a run that cannot take over the open design, and do it."""
    choice = prompts.choose_other_design(
        next_run.plan.continuation.obstacle, has_weights=next_run.can_keep_fitting_weights
    )
    if choice is Choice.START_OVER and next_run.can_start_over:
        next_run.start_over()
    elif choice is Choice.KEEP_FITTING_WEIGHTS:
        next_run.keep_fitting_weights()
    elif choice is Choice.OWN_DESIGN:
        next_run.go_on_with_own_design()


def _is_unchanged(trained: Project, shown: Project) -> bool:
    """Whether two states of a design hold the very same network, for the same data."""
    same_network = trained.graph is shown.graph and trained.blocks is shown.blocks
    return same_network and same_data(trained.data, shown.data)


def _has_equal_network(trained: Project, shown: Project) -> bool:
    """Whether the network equals the trained one, where no check can confirm it yet."""
    same = same_data(trained.data, shown.data)
    return same and fingerprint(trained) == fingerprint(shown)
