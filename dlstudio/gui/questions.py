"""Everything the window asks before it does something: one method a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

DESIGN_FILTER = "dlstudio designs (*.dlstudio *.dlstudioz);;All files (*)"
SAVE_FILTER = "dlstudio design (*.dlstudio)"
BUNDLE_FILTER = "dlstudio bundle (*.dlstudioz)"
DATA_FILTER = "Tables, texts and arrays (*.csv *.tsv *.txt *.npz);;All files (*)"
PICTURE_FILTER = "PNG picture (*.png)"


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
    TABLE = "table"
    SERIES = "series"


Choices = Sequence[tuple[str, Answer, QMessageBox.ButtonRole]]
_ACCEPT = QMessageBox.ButtonRole.AcceptRole
_REJECT = QMessageBox.ButtonRole.RejectRole
_DESTROY = QMessageBox.ButtonRole.DestructiveRole

_LEARNT = (
    "The file does not hold the new weights yet. Their run keeps them in any case; changes of the"
    " design are lost if they are not saved."
)


class Questions:
    """Asks in message boxes and file dialogs above one window."""

    def __init__(self, window: QWidget) -> None:
        """Ask above `window`."""
        self._window = window

    def save_changes(self, name: str, *, learnt: bool = False) -> Answer:
        """Ask before unsaved work is lost; `learnt`: weights that a run keeps are among it."""
        return self._choose(
            f"Save the changes to {name}?",
            _LEARNT if learnt else "They are lost if they are not saved.",
            (
                ("&Save", Answer.SAVE, _ACCEPT),
                ("&Don't save", Answer.DISCARD, _DESTROY),
                ("Cancel", Answer.CANCEL, _REJECT),
            ),
        )

    def leave_training(self, *, closing: bool) -> Answer:
        """Ask what becomes of a run when another design is opened or the window closed."""
        go_on = "&Go on, then save and close" if closing else "&Go on training"
        return self._choose(
            "A network is being trained.",
            "Stopping keeps its weights and its run; it can be continued later.",
            (
                ("&Stop and keep", Answer.STOP, _ACCEPT),
                (go_on, Answer.GO_ON, _ACCEPT),
                ("Cancel", Answer.CANCEL, _REJECT),
            ),
        )

    def opened_elsewhere(self, name: str, holder: str) -> Answer:
        """Ask whether to open a design that another window has open."""
        return self._choose(
            f"{name} is open in {holder}.",
            "Whoever saves last overwrites what the other one saved.",
            (("&Open anyway", Answer.YES, _ACCEPT), ("Cancel", Answer.CANCEL, _REJECT)),
        )

    def changed_on_disk(self, name: str, *, unsaved: bool) -> Answer:
        """Ask which state counts when another program has changed the file."""
        warning = "Your unsaved changes here would be lost." if unsaved else ""
        return self._choose(
            f"{name} was changed by another program.",
            f"Reload it? {warning}".strip(),
            (("&Reload", Answer.YES, _ACCEPT), ("&Keep what is here", Answer.NO, _REJECT)),
        )

    def recover(self, name: str, when: str) -> Answer:
        """Ask whether to restore work that a crash left behind."""
        return self._choose(
            f"Restore unsaved work on {name}?",
            f"dlstudio ended unexpectedly. A copy from {when} is there.",
            (
                ("&Restore", Answer.YES, _ACCEPT),
                ("&Delete it", Answer.DISCARD, _DESTROY),
                ("Later", Answer.LATER, _REJECT),
            ),
        )

    def data_gone(self, path: str) -> Answer:
        """Ask where data went that a design names."""
        return self._choose(
            "The data of this design are not where they were.",
            f"{path} cannot be found. Where are they now?",
            (("&Locate…", Answer.YES, _ACCEPT), ("Later", Answer.LATER, _REJECT)),
        )

    def table_or_series(self, name: str, *, is_series: bool) -> Answer:
        """Ask how a CSV file is to be read whose rows may be steps in time."""
        choices = (
            ("Time &series", Answer.SERIES, _ACCEPT),
            ("&Table", Answer.TABLE, _ACCEPT),
        )
        return self._choose(
            f"Read {name} as a time series or as a table?",
            "In a time series each row is a step in time, and the network learns what comes next. "
            "In a table each row is a sample of its own. The data settings change it later.",
            (*choices[:: 1 if is_series else -1], ("Cancel", Answer.CANCEL, _REJECT)),
        )

    def block_name(
        self, proposal: str, taken: Callable[[str], bool], free: Callable[[str], str]
    ) -> str:
        """Return under which name a block is to be kept; empty for not at all."""
        from dlstudio.gui.keep_dialog import KeepDialog

        dialog = KeepDialog(proposal, taken, free, self._window)
        return dialog.name if dialog.exec() else ""

    def remove_block(self, title: str) -> Answer:
        """Ask before a kept block is removed."""
        return self._choose(
            f"Remove {title} from My blocks?",
            "Designs that use it keep their copies. This cannot be undone.",
            (("&Remove", Answer.YES, _DESTROY), ("Cancel", Answer.CANCEL, _REJECT)),
        )

    def tell(self, text: str, details: str = "") -> None:
        """Say something that cannot wait for the status bar."""
        self._choose(text, details, (("&OK", Answer.YES, _ACCEPT),))

    def design_to_open(self, folder: str) -> Path | None:
        """Return the chosen design."""
        return self._open("Open a design", folder, DESIGN_FILTER)

    def file_to_save(self, title: str, proposal: str, kinds: str) -> Path | None:
        """Return where to save; the dialog asks before it overwrites."""
        name, _ = QFileDialog.getSaveFileName(self._window, title, proposal, kinds)
        return Path(name) if name else None

    def data_file(self, folder: str = "") -> Path | None:
        """Return a chosen table, text or array file."""
        return self._open("Choose data", folder, DATA_FILTER)

    def data_folder(self, folder: str = "") -> Path | None:
        """Return a chosen folder of pictures."""
        name = QFileDialog.getExistingDirectory(self._window, "Choose a folder", folder)
        return Path(name) if name else None

    def data_form(self) -> str:
        """Return what the user's data are: `file`, `folder`, or empty."""
        answer = self._choose(
            "What do your data look like?",
            "A table, a text or arrays (CSV, TXT, NPZ), or a folder: a sub-folder "
            "of pictures or WAV sounds for each class, or folders named pictures and masks.",
            (
                ("&File…", Answer.YES, _ACCEPT),
                ("F&older…", Answer.NO, _ACCEPT),
                ("Cancel", Answer.CANCEL, _REJECT),
            ),
        )
        return {Answer.YES: "file", Answer.NO: "folder"}.get(answer, "")

    def more_epochs(self, proposal: int) -> int:
        """Return for how many epochs to go on; 0 for not at all."""
        number, accepted = QInputDialog.getInt(
            self._window, "Continue", "For how many more epochs?", proposal, 1, 100_000
        )
        return number if accepted else 0

    def _open(self, title: str, folder: str, kinds: str) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(self._window, title, folder, kinds)
        return Path(name) if name else None

    def _choose(self, text: str, details: str, choices: Choices) -> Answer:
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
