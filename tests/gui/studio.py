"""What tests of the window share: answers in place of a person, a desk without a window."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_project_title
from dlstudio.gui.design_files import DesignFiles
from dlstudio.gui.document import Document
from dlstudio.gui.main_window import MainWindow
from dlstudio.gui.questions import Answer
from dlstudio.gui.run_control import RunControl
from dlstudio.gui.safety import SafetyCopies
from dlstudio.gui.session import TrainingSession


@dataclass
class Answers:
    """Stands in for `Questions`: gives prepared answers and notes what was asked."""

    save: Answer = Answer.CANCEL
    training: Answer = Answer.CANCEL
    elsewhere: Answer = Answer.CANCEL
    on_disk: Answer = Answer.NO
    restore: Answer = Answer.LATER
    locate: Answer = Answer.LATER
    rows: Answer = Answer.CANCEL
    block: Answer = Answer.CANCEL
    path: Path | None = None
    epochs: int = 0
    form: str = ""
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)

    def save_changes(self, name: str, *, learnt: bool = False) -> Answer:
        self.asked.append(f"save {name}{', learnt' if learnt else ''}")
        return self.save

    def leave_training(self, *, closing: bool) -> Answer:
        self.asked.append(f"training, closing {closing}")
        return self.training

    def opened_elsewhere(self, name: str, holder: str) -> Answer:
        self.asked.append(f"elsewhere {name}")
        self.holders.append(holder)
        return self.elsewhere

    def changed_on_disk(self, name: str, *, unsaved: bool) -> Answer:
        self.asked.append(f"on disk {name}, unsaved {unsaved}")
        return self.on_disk

    def recover(self, name: str, when: str) -> Answer:
        self.asked.append(f"recover {name}")
        return self.restore

    def data_gone(self, path: str) -> Answer:
        self.asked.append("data gone")
        return self.locate

    def table_or_series(self, name: str, *, is_series: bool) -> Answer:
        self.asked.append(f"rows of {name}, series {is_series}")
        return self.rows

    def block_name(
        self, proposal: str, taken: Callable[[str], bool], free: Callable[[str], str]
    ) -> str:
        if not taken(proposal):
            self.asked.append(f"name block {proposal}")
            return proposal
        self.asked.append(f"replace block {proposal}")
        return {Answer.YES: proposal, Answer.NO: free(proposal)}.get(self.block, "")

    def remove_block(self, title: str) -> Answer:
        self.asked.append(f"remove block {title}")
        return self.block

    def tell(self, text: str, details: str = "") -> None:
        self.told.append(f"{text} {details}")

    def design_to_open(self, folder: str) -> Path | None:
        return self.path

    def file_to_save(self, title: str, proposal: str, kinds: str) -> Path | None:
        self.asked.append(f"{title}: {Path(proposal).name}")
        return self.path

    def data_file(self, folder: str = "") -> Path | None:
        return self.path

    def data_folder(self, folder: str = "") -> Path | None:
        return self.path

    def data_form(self) -> str:
        return self.form

    def more_epochs(self, proposal: int) -> int:
        return self.epochs


def ready(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=60_000)


class Desk:
    """A document with its files, and answers to what they ask."""

    def __init__(self, qtbot: QtBot, recovery: Path) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.answers = Answers()
        self.document = Document(parent=self.window)
        self.session = TrainingSession(self.document, self.window)
        self.runs = RunControl(self.document, self.session, self.answers, self.window)
        self.files = DesignFiles(self.document, self.runs, self.answers, self.window)
        self.safety = SafetyCopies(self.document, self.session, self.runs, self.files, recovery)

    def edit(self, title: str = "edited") -> None:
        self.document.apply(set_project_title(self.document.project, title), "Rename")

    def close(self) -> None:
        self.safety.close()
        self.files.close()


def in_another_process(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], check=True)
