"""Fake prompts, and a document with its files but without a main window."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_project_title
from dlstudio.gui.document.document import Document
from dlstudio.gui.files.design_files import DesignFiles
from dlstudio.gui.prompts.prompts import Answer
from dlstudio.gui.runs.control.run_controller import RunController
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.window.autosave import Autosave
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.step.run_comparison import Choice


@dataclass(slots=True)
class FakePrompts:
    """Replaces `Prompts`: returns prepared answers and records the calls."""

    save: Answer = Answer.CANCEL
    stop_training: Answer = Answer.CANCEL
    open_locked: Answer = Answer.CANCEL
    reload: Answer = Answer.NO
    recovery: Answer = Answer.LATER
    restore: Answer = Answer.LATER
    replace: Answer = Answer.CANCEL
    locate: Answer = Answer.LATER
    block: Answer = Answer.CANCEL
    path: Path | None = None
    epochs: int = 0
    other_design: Choice | None = None
    calls: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)

    def confirm_save(self, name: str, *, has_new_weights: bool = False) -> Answer:
        self.calls.append(f"save {name}{', new weights' if has_new_weights else ''}")
        return self.save

    def confirm_stop_training(self, *, closing: bool) -> Answer:
        self.calls.append(f"training, closing {closing}")
        return self.stop_training

    def confirm_open_locked(self, name: str, owner: str) -> Answer:
        self.calls.append(f"open locked {name}")
        self.owners.append(owner)
        return self.open_locked

    def confirm_reload(self, name: str, *, unsaved: bool) -> Answer:
        self.calls.append(f"reload {name}, unsaved {unsaved}")
        return self.reload

    def confirm_recovery(self, name: str, time_text: str) -> Answer:
        self.calls.append(f"recover {name}")
        return self.recovery

    def confirm_restore(self, name: str, reason: str) -> Answer:
        self.calls.append(f"restore {name}: {reason}")
        return self.restore

    def confirm_replace(self, name: str) -> Answer:
        self.calls.append(f"replace {name}")
        return self.replace

    def locate_missing_data(self, path: str) -> Answer:
        self.calls.append("locate data")
        return self.locate

    def choose_block_name(
        self, proposal: str, is_taken: Callable[[str], bool], free_name: Callable[[str], str]
    ) -> str:
        if not is_taken(proposal):
            self.calls.append(f"name block {proposal}")
            return proposal
        self.calls.append(f"replace block {proposal}")
        return {Answer.YES: proposal, Answer.NO: free_name(proposal)}.get(self.block, "")

    def confirm_remove_block(self, title: str) -> Answer:
        self.calls.append(f"remove block {title}")
        return self.block

    def choose_other_design(self, obstacle: str, *, has_weights: bool) -> Choice | None:
        self.calls.append(f"other design: {obstacle}, weights {has_weights}")
        return self.other_design

    def show_message(self, text: str, details: str = "") -> None:
        self.messages.append(f"{text} {details}")

    def choose_design(self, folder: str) -> Path | None:
        return self.path

    def choose_save_path(self, title: str, proposal: str, file_filter: str) -> Path | None:
        self.calls.append(f"{title}: {Path(proposal).name}")
        return self.path

    def choose_data_file(self, folder: str = "") -> Path | None:
        return self.path

    def choose_data_folder(self, folder: str = "") -> Path | None:
        return self.path

    def choose_epochs(self, proposal: int) -> int:
        return self.epochs


def wait_until_checked(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=60_000)


class FileWorkspace:
    """A document with its files, runs and autosave, and fake prompts."""

    def __init__(self, qtbot: QtBot, recovery: Path) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.prompts = FakePrompts()
        self.document = Document(parent=self.window)
        self.session = TrainingSession(self.document, self.window)
        self.runs = RunController(self.document, self.session, self.prompts, self.window)
        self.files = DesignFiles(self.document, self.runs, self.prompts, self.window)
        self.autosave = Autosave(self.document, self.session, self.runs, self.files, recovery)

    def edit(self, title: str = "edited") -> None:
        self.document.apply(set_project_title(self.document.project, title), "Rename")

    def close(self) -> None:
        self.autosave.close()
        self.files.close()


def run_in_subprocess(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], check=True)
