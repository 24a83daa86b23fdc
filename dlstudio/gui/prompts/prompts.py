"""The questions that the window asks in message boxes and file dialogs: one method each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from dlstudio.data.sources.path_detection import file_suffixes
from dlstudio.training.step.run_comparison import Choice

DESIGN_FILTER = "dlstudio designs (*.dlstudio *.dlstudioz);;All files (*)"
SAVE_FILTER = "dlstudio design (*.dlstudio)"
BUNDLE_FILTER = "dlstudio bundle (*.dlstudioz)"
IMAGE_FILTER = "PNG image (*.png)"


class Answer(StrEnum):
    """The user's choice in a message box."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"
    STOP = "stop"
    CONTINUE = "continue"
    YES = "yes"
    NO = "no"
    LATER = "later"


Chosen = TypeVar("Chosen")
Choices = Sequence[tuple[str, Chosen, QMessageBox.ButtonRole]]
_ACCEPT = QMessageBox.ButtonRole.AcceptRole
_REJECT = QMessageBox.ButtonRole.RejectRole
_DESTROY = QMessageBox.ButtonRole.DestructiveRole

_BOLD_MARGIN = 12
"""Pixels that the bold text of the default button needs beyond its size hint."""

_NEW_WEIGHTS_TEXT = (
    "The trained weights stay with the run in any case, but the design is lost as it is now if you"
    " don't save it."
)


class Prompts:
    """Message boxes and file dialogs that are modal to one window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def confirm_save(self, name: str, *, has_new_weights: bool = False) -> Answer:
        """Ask before unsaved work is lost; `has_new_weights`: it includes weights of a run."""
        return self._ask(
            f"Save the changes to {name}?",
            _NEW_WEIGHTS_TEXT
            if has_new_weights
            else "Your changes are lost if you don't save them.",
            (
                ("&Save", Answer.SAVE, _ACCEPT),
                ("&Don't save", Answer.DISCARD, _DESTROY),
                ("Cancel", Answer.CANCEL, _REJECT),
            ),
        )

    def confirm_stop_training(self, *, closing: bool) -> Answer:
        """Ask whether to stop a run before another design is opened or the window is closed.

        Only a window that is to be closed can wait for the end of the run: another design would be
        shown with the curves and activations of this one.
        """
        finish = ("&Finish, then save and close", Answer.CONTINUE, _ACCEPT)
        return self._ask(
            "A training run is active.",
            "If you stop it, its weights are kept and it can be resumed later.",
            (
                ("&Stop training", Answer.STOP, _ACCEPT),
                *([finish] if closing else []),
                ("Cancel", Answer.CANCEL, _REJECT),
            ),
        )

    def confirm_open_locked(self, name: str, owner: str) -> Answer:
        """Ask whether to open a design that another window has open."""
        return self._ask(
            f"{name} is open in {owner}.",
            "If both windows save, the last one overwrites the other's changes.",
            (("&Open anyway", Answer.YES, _ACCEPT), ("Cancel", Answer.CANCEL, _REJECT)),
        )

    def confirm_reload(self, name: str, *, unsaved: bool) -> Answer:
        """Ask whether to reload a file that another program has changed."""
        warning = "Your unsaved changes will be lost." if unsaved else ""
        return self._ask(
            f"{name} was changed by another program.",
            f"Reload it? {warning}".strip(),
            (("&Reload", Answer.YES, _ACCEPT), ("&Keep this version", Answer.NO, _REJECT)),
        )

    def confirm_recovery(self, name: str, time_text: str) -> Answer:
        """Ask whether to restore unsaved work after a crash."""
        return self._ask(
            f"Restore unsaved work on {name}?",
            f"dlstudio quit unexpectedly. A copy from {time_text} is available.",
            (
                ("&Restore", Answer.YES, _ACCEPT),
                ("&Delete copy", Answer.DISCARD, _DESTROY),
                ("Later", Answer.LATER, _REJECT),
            ),
        )

    def confirm_restore(self, name: str, reason: str) -> Answer:
        """Ask where to restore unsaved work whose file has become another one.

        YES is a new design, NO the place of the file.
        """
        return self._ask(
            f"Restore {name} as a new design?",
            f"{reason} Saving the restored work in its place would overwrite that.",
            (
                ("&Restore as new design", Answer.YES, _ACCEPT),
                ("Restore in its &place", Answer.NO, _DESTROY),
                ("Later", Answer.LATER, _REJECT),
            ),
        )

    def confirm_replace(self, name: str) -> Answer:
        """Ask before a file is replaced that is marked as read-only."""
        return self._ask(
            f"{name} is read-only.",
            "Replace it anyway? To keep it, cancel and use Save as.",
            (("&Replace", Answer.YES, _DESTROY), ("Cancel", Answer.CANCEL, _REJECT)),
        )

    def locate_missing_data(self, path: str) -> Answer:
        """Ask whether to locate data that a design refers to and that was moved."""
        return self._ask(
            "The data for this design could not be found.",
            f"{path} does not exist. Locate the data now?",
            (("&Locate…", Answer.YES, _ACCEPT), ("Later", Answer.LATER, _REJECT)),
        )

    def choose_block_name(
        self, proposal: str, is_taken: Callable[[str], bool], free_name: Callable[[str], str]
    ) -> str:
        """Return the name for saving a block; empty if the user cancels."""
        from dlstudio.gui.prompts.save_block_dialog import SaveBlockDialog

        dialog = SaveBlockDialog(proposal, is_taken, free_name, self._window)
        return dialog.name if dialog.exec() else ""

    def confirm_remove_block(self, title: str) -> Answer:
        """Ask before a block is removed from the user's library."""
        return self._ask(
            f"Remove {title} from My blocks?",
            "Designs that use it keep their own copies. This cannot be undone.",
            (("&Remove", Answer.YES, _DESTROY), ("Cancel", Answer.CANCEL, _REJECT)),
        )

    def show_message(self, text: str, details: str = "") -> None:
        """Show a message that the user must confirm."""
        self._ask(text, details, (("&OK", Answer.YES, _ACCEPT),))

    def choose_design(self, folder: str) -> Path | None:
        """Return the chosen design or bundle, or None."""
        return self._choose_file("Open a design", folder, DESIGN_FILTER)

    def choose_save_path(self, title: str, proposal: str, file_filter: str) -> Path | None:
        """Return the path to save to, or None; the dialog asks before overwriting."""
        name, _ = QFileDialog.getSaveFileName(self._window, title, proposal, file_filter)
        return Path(name) if name else None

    def choose_data_file(self, folder: str = "") -> Path | None:
        """Return a chosen table, text or array file, or None."""
        patterns = " ".join(f"*{suffix}" for suffix in file_suffixes())
        filters = f"Tables, texts and arrays ({patterns});;All files (*)"
        return self._choose_file("Choose data", folder, filters)

    def choose_data_folder(self, folder: str = "") -> Path | None:
        """Return a chosen folder of images or sounds, or None."""
        name = QFileDialog.getExistingDirectory(self._window, "Choose a folder", folder)
        return Path(name) if name else None

    def choose_epochs(self, proposal: int) -> int:
        """Return the number of further epochs; 0 if cancelled."""
        number, accepted = QInputDialog.getInt(
            self._window, "Continue", "Additional epochs:", proposal, 1, 100_000
        )
        return number if accepted else 0

    def choose_other_design(self, obstacle: str, *, has_weights: bool) -> Choice | None:
        """Ask what to do with a run that cannot take over the open design; None if cancelled."""
        fitting = ("Start over with the &weights that fit", Choice.KEEP_FITTING_WEIGHTS, _ACCEPT)
        return self._ask(
            f"The run cannot continue with this design: {obstacle}.",
            "The run stays in the list of runs in any case. Its own design replaces this one as "
            "a step that can be undone.",
            (
                ("&Start over with new weights", Choice.START_OVER, _ACCEPT),
                *([fitting] if has_weights else []),
                ("&Go on with the run's own design", Choice.OWN_DESIGN, _ACCEPT),
                ("Cancel", None, _REJECT),
            ),
        )

    def _choose_file(self, title: str, folder: str, file_filter: str) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(self._window, title, folder, file_filter)
        return Path(name) if name else None

    def _ask(self, text: str, details: str, choices: Choices[Chosen]) -> Chosen:
        box = QMessageBox(self._window)
        box.setWindowTitle("dlstudio")
        box.setText(text)
        box.setInformativeText(details)
        buttons = {box.addButton(label, role): answer for label, answer, role in choices}
        default = next(iter(buttons))
        box.setDefaultButton(default)
        default.setMinimumWidth(default.sizeHint().width() + _BOLD_MARGIN)
        box.setEscapeButton(list(buttons)[-1])
        box.exec()
        clicked = box.clickedButton()
        return next(
            (answer for button, answer in buttons.items() if button is clicked), choices[-1][1]
        )
