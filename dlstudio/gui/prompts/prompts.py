"""Everything the window asks before it does something: one method a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from dlstudio.data.sources.framework.source import SourceSpec
from dlstudio.data.sources.path_detection import file_suffixes

DESIGN_FILTER = "dlstudio designs (*.dlstudio *.dlstudioz);;All files (*)"
SAVE_FILTER = "dlstudio design (*.dlstudio)"
BUNDLE_FILTER = "dlstudio bundle (*.dlstudioz)"
IMAGE_FILTER = "PNG picture (*.png)"


class Answer(StrEnum):
    """What a person chose."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"
    STOP = "stop"
    GO_ON = "go on"
    YES = "yes"
    NO = "no"
    LATER = "later"


Chosen = TypeVar("Chosen")
Choices = Sequence[tuple[str, Chosen, QMessageBox.ButtonRole]]
_ACCEPT = QMessageBox.ButtonRole.AcceptRole
_REJECT = QMessageBox.ButtonRole.RejectRole
_DESTROY = QMessageBox.ButtonRole.DestructiveRole

_NEW_WEIGHTS_TEXT = (
    "The file does not hold the new weights yet. Their run keeps them in any case; changes of the"
    " design are lost if they are not saved."
)


class Prompts:
    """Asks in message boxes and file dialogs above one window."""

    def __init__(self, window: QWidget) -> None:
        """Ask above `window`."""
        self._window = window

    def confirm_save(self, name: str, *, has_new_weights: bool = False) -> Answer:
        """Ask before unsaved work is lost; `has_new_weights` are weights that a run keeps."""
        return self._ask(
            f"Save the changes to {name}?",
            _NEW_WEIGHTS_TEXT if has_new_weights else "They are lost if they are not saved.",
            (
                ("&Save", Answer.SAVE, _ACCEPT),
                ("&Don't save", Answer.DISCARD, _DESTROY),
                ("Cancel", Answer.CANCEL, _REJECT),
            ),
        )

    def confirm_stop_training(self, *, closing: bool) -> Answer:
        """Ask what becomes of a run when another design is opened or the window closed."""
        go_on = "&Go on, then save and close" if closing else "&Go on training"
        return self._ask(
            "A network is being trained.",
            "Stopping keeps its weights and its run; it can be continued later.",
            (
                ("&Stop and keep", Answer.STOP, _ACCEPT),
                (go_on, Answer.GO_ON, _ACCEPT),
                ("Cancel", Answer.CANCEL, _REJECT),
            ),
        )

    def confirm_open_locked(self, name: str, owner: str) -> Answer:
        """Ask whether to open a design that another window has open."""
        return self._ask(
            f"{name} is open in {owner}.",
            "Whoever saves last overwrites what the other one saved.",
            (("&Open anyway", Answer.YES, _ACCEPT), ("Cancel", Answer.CANCEL, _REJECT)),
        )

    def confirm_reload(self, name: str, *, unsaved: bool) -> Answer:
        """Ask which state counts when another program has changed the file."""
        warning = "Your unsaved changes here would be lost." if unsaved else ""
        return self._ask(
            f"{name} was changed by another program.",
            f"Reload it? {warning}".strip(),
            (("&Reload", Answer.YES, _ACCEPT), ("&Keep what is here", Answer.NO, _REJECT)),
        )

    def confirm_recovery(self, name: str, time_text: str) -> Answer:
        """Ask whether to restore work that a crash left behind."""
        return self._ask(
            f"Restore unsaved work on {name}?",
            f"dlstudio ended unexpectedly. A copy from {time_text} is there.",
            (
                ("&Restore", Answer.YES, _ACCEPT),
                ("&Delete it", Answer.DISCARD, _DESTROY),
                ("Later", Answer.LATER, _REJECT),
            ),
        )

    def locate_missing_data(self, path: str) -> Answer:
        """Ask where data went that a design names."""
        return self._ask(
            "The data of this design are not where they were.",
            f"{path} cannot be found. Where are they now?",
            (("&Locate…", Answer.YES, _ACCEPT), ("Later", Answer.LATER, _REJECT)),
        )

    def choose_source(self, name: str, sources: Sequence[SourceSpec]) -> SourceSpec | None:
        """Return which of these sources reads a file; None for not at all."""
        lines = [f"{source.title}: {source.summary}." for source in sources]
        cancel: tuple[str, SourceSpec | None, QMessageBox.ButtonRole] = ("Cancel", None, _REJECT)
        return self._ask(
            f"How should {name} be read?",
            "\n".join((*lines, "The data settings change it later.")),
            (*((source.title, source, _ACCEPT) for source in sources), cancel),
        )

    def choose_block_name(
        self, proposal: str, is_taken: Callable[[str], bool], free_name: Callable[[str], str]
    ) -> str:
        """Return under which name a block is to be kept; empty for not at all."""
        from dlstudio.gui.prompts.save_block_dialog import SaveBlockDialog

        dialog = SaveBlockDialog(proposal, is_taken, free_name, self._window)
        return dialog.name if dialog.exec() else ""

    def confirm_remove_block(self, title: str) -> Answer:
        """Ask before a kept block is removed."""
        return self._ask(
            f"Remove {title} from My blocks?",
            "Designs that use it keep their copies. This cannot be undone.",
            (("&Remove", Answer.YES, _DESTROY), ("Cancel", Answer.CANCEL, _REJECT)),
        )

    def show_message(self, text: str, details: str = "") -> None:
        """Say something that cannot wait for the status bar."""
        self._ask(text, details, (("&OK", Answer.YES, _ACCEPT),))

    def choose_design(self, folder: str) -> Path | None:
        """Return the chosen design."""
        return self._choose_file("Open a design", folder, DESIGN_FILTER)

    def choose_save_path(self, title: str, proposal: str, file_filter: str) -> Path | None:
        """Return where to save; the dialog asks before it overwrites."""
        name, _ = QFileDialog.getSaveFileName(self._window, title, proposal, file_filter)
        return Path(name) if name else None

    def choose_data_file(self, folder: str = "") -> Path | None:
        """Return a chosen table, text or array file."""
        patterns = " ".join(f"*{suffix}" for suffix in file_suffixes())
        filters = f"Tables, texts and arrays ({patterns});;All files (*)"
        return self._choose_file("Choose data", folder, filters)

    def choose_data_folder(self, folder: str = "") -> Path | None:
        """Return a chosen folder of pictures."""
        name = QFileDialog.getExistingDirectory(self._window, "Choose a folder", folder)
        return Path(name) if name else None

    def choose_data_kind(self) -> str:
        """Return what the user's data are: `file`, `folder`, or empty."""
        suffixes = ", ".join(suffix.removeprefix(".").upper() for suffix in file_suffixes())
        answer = self._ask(
            "What do your data look like?",
            f"A table, a text or arrays ({suffixes}), or a folder: a sub-folder "
            "of pictures or WAV sounds for each class, or folders named pictures and masks.",
            (
                ("&File…", Answer.YES, _ACCEPT),
                ("F&older…", Answer.NO, _ACCEPT),
                ("Cancel", Answer.CANCEL, _REJECT),
            ),
        )
        return {Answer.YES: "file", Answer.NO: "folder"}.get(answer, "")

    def choose_epochs(self, proposal: int) -> int:
        """Return for how many epochs to go on; 0 for not at all."""
        number, accepted = QInputDialog.getInt(
            self._window, "Continue", "For how many more epochs?", proposal, 1, 100_000
        )
        return number if accepted else 0

    def _choose_file(self, title: str, folder: str, file_filter: str) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(self._window, title, folder, file_filter)
        return Path(name) if name else None

    def _ask(self, text: str, details: str, choices: Choices[Chosen]) -> Chosen:
        box = QMessageBox(self._window)
        box.setWindowTitle("dlstudio")
        box.setText(text)
        box.setInformativeText(details)
        buttons = {box.addButton(label, role): answer for label, answer, role in choices}
        box.setDefaultButton(next(iter(buttons)))
        box.setEscapeButton(list(buttons)[-1])
        box.exec()
        clicked = box.clickedButton()
        return next(
            (answer for button, answer in buttons.items() if button is clicked), choices[-1][1]
        )
