from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file
from studio import Answers

from dlstudio.design.edits import append_after, set_project_title
from dlstudio.design.examples import example_path
from dlstudio.design.files import load, save
from dlstudio.design.model import Project
from dlstudio.gui.design_files import DesignFiles
from dlstudio.gui.document import Document
from dlstudio.gui.file_lock import DesignLock, lock_path
from dlstudio.gui.questions import Answer
from dlstudio.gui.recent_files import LONGEST, add_recent, clear_recent, recent_files
from dlstudio.gui.run_control import RunControl
from dlstudio.gui.safety import SafetyCopies
from dlstudio.gui.session import TrainingSession


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


@pytest.fixture
def make_desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], Desk]]:
    desks: list[Desk] = []

    def make() -> Desk:
        desks.append(Desk(qtbot, tmp_path / "recovery"))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(make_desk: Callable[[], Desk]) -> Desk:
    return make_desk()


@pytest.fixture
def design(tmp_path: Path) -> Path:
    project, _ = append_after(Project(title="small"), None, "input")
    path = tmp_path / "small.dlstudio"
    save(project, path)
    return path


def test_open_edit_save_open_again(desk: Desk, design: Path) -> None:
    assert desk.files.open_path(design)
    desk.edit("better")
    assert not desk.document.is_clean

    assert desk.files.save()

    assert desk.document.is_clean
    assert load(design).title == "better"
    assert recent_files() == [design]


def test_an_unreadable_file_is_told_and_nothing_changes(desk: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "broken.dlstudio"
    broken.write_text("{", encoding="utf-8")
    before = desk.document.project

    assert not desk.files.open_path(broken)

    assert desk.document.project is before
    assert len(desk.answers.told) == 1
    assert "Traceback" not in desk.answers.told[0]


@pytest.mark.parametrize(
    ("answer", "gone"), [(Answer.CANCEL, False), (Answer.DISCARD, True), (Answer.SAVE, True)]
)
def test_unsaved_work_is_asked_about(desk: Desk, design: Path, answer: Answer, gone: bool) -> None:
    desk.files.open_path(design)
    desk.edit("unsaved")
    desk.answers.save = answer

    assert desk.files.new() is gone

    assert desk.answers.asked == ["save small.dlstudio"]
    assert (desk.document.path is None) is gone
    assert load(design).title == ("unsaved" if answer is Answer.SAVE else "small")


def test_saved_work_is_not_asked_about(desk: Desk, design: Path) -> None:
    desk.files.open_path(design)
    assert desk.files.new()
    assert desk.answers.asked == []


def test_save_of_a_new_design_asks_for_a_place_and_adds_the_ending(
    desk: Desk, tmp_path: Path
) -> None:
    desk.edit()
    desk.answers.path = tmp_path / "mine"

    assert desk.files.save()

    assert desk.document.path == tmp_path / "mine.dlstudio"
    assert load(tmp_path / "mine.dlstudio").title == "edited"


def test_a_place_that_cannot_be_written_is_told_and_the_design_stays_unsaved(
    desk: Desk, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")
    desk.edit()
    desk.answers.path = blocked / "mine.dlstudio"

    assert not desk.files.save()

    assert not desk.document.is_clean
    assert len(desk.answers.told) == 1


def test_an_example_opens_as_a_copy_that_has_no_file(desk: Desk) -> None:
    assert desk.files.open_example("digits-mlp")
    assert desk.document.path is None
    assert desk.document.name == "digits-mlp.dlstudio"
    assert desk.document.project.graph.nodes
    assert desk.document.is_clean


def test_a_bundle_holds_design_and_weights(
    desk: Desk, make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    weights = _weights(tmp_path / "w.safetensors")
    desk.edit("bundled")
    desk.runs.use_weights(weights, unsaved=True)
    desk.answers.path = tmp_path / "sent.dlstudioz"

    assert desk.files.save_bundle()

    other = make_desk()
    assert other.files.open_path(tmp_path / "sent.dlstudioz"), other.answers.told
    assert other.document.project.title == "bundled"
    assert other.runs.weights is not None
    assert other.runs.weights.read_bytes() == weights.read_bytes()


def test_weights_are_saved_with_the_design_and_restored(
    desk: Desk, make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    desk.edit("trained")
    desk.runs.use_weights(_weights(tmp_path / "w.safetensors"), unsaved=True)
    desk.answers.path = tmp_path / "design" / "net.dlstudio"
    desk.answers.path.parent.mkdir()
    assert desk.files.save(), desk.answers.told
    desk.close()

    other = make_desk()
    said: list[str] = []
    other.document.message.connect(said.append)
    assert other.files.open_path(desk.answers.path)

    assert other.document.project.weights is not None
    name = other.document.project.weights.file
    assert said == [f"Trained weights restored from {name}; Train goes on from them"]
    assert other.runs.weights == tmp_path / "design" / other.document.project.weights.file
    assert not other.runs.unsaved_weights


def test_newer_weights_take_the_place_of_older_ones(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "design"
    folder.mkdir()
    (folder / "net.notes123.safetensors").write_text("somebody else's", encoding="utf-8")
    desk.answers.path = folder / "net.dlstudio"
    desk.edit()
    desk.runs.use_weights(_weights(tmp_path / "a.safetensors", 1), unsaved=True)
    desk.files.save()
    desk.runs.use_weights(_weights(tmp_path / "b.safetensors", 2), unsaved=True)
    desk.files.save()

    stored = sorted(path.name for path in folder.glob("*.safetensors"))
    reference = load(folder / "net.dlstudio").weights
    assert reference is not None
    assert stored == sorted([reference.file, "net.notes123.safetensors"])


def test_changed_weights_beside_the_design_are_not_taken(
    desk: Desk, make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    desk.answers.path = tmp_path / "net.dlstudio"
    desk.edit()
    desk.runs.use_weights(_weights(tmp_path / "w.safetensors"), unsaved=True)
    desk.files.save()
    reference = desk.document.project.weights
    assert reference is not None
    (tmp_path / reference.file).write_bytes(b"other")
    desk.close()

    other = make_desk()
    other.files.open_path(desk.answers.path)

    assert other.runs.weights is None


def test_a_design_open_in_two_windows_is_noticed(
    make_desk: Callable[[], Desk], design: Path
) -> None:
    first, second = make_desk(), make_desk()
    first.files.open_path(design)

    assert not second.files.open_path(design)
    assert second.answers.asked == ["elsewhere small.dlstudio"]
    assert second.answers.holders == [f"another window of this computer (process {os.getpid()})"]
    assert second.document.path is None

    second.answers.elsewhere = Answer.YES
    assert second.files.open_path(design)
    assert second.document.path == design


def test_a_refused_design_leaves_the_lock_of_the_open_one(
    make_desk: Callable[[], Desk], design: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.dlstudio"
    save(Project(), other)
    first, second = make_desk(), make_desk()
    first.files.open_path(design)
    second.files.open_path(other)

    assert not second.files.open_path(design)

    third = make_desk()
    assert not third.files.open_path(other)


def test_the_lock_goes_with_the_window(desk: Desk, design: Path) -> None:
    desk.files.open_path(design)
    assert lock_path(design).exists()
    desk.files.close()
    assert not lock_path(design).exists()
    assert DesignLock().take(design) is None


def test_a_dead_window_holds_no_lock(design: Path) -> None:
    _in_another_process(
        "from PySide6.QtCore import QLockFile; import os;"
        f"lock = QLockFile({str(lock_path(design))!r}); lock.setStaleLockTime(0);"
        "lock.tryLock(0); os._exit(0)"
    )
    assert lock_path(design).exists()

    lock = DesignLock()
    assert lock.take(design) is None
    lock.release()


def test_a_change_on_disk_is_asked_about(desk: Desk, design: Path, qtbot: QtBot) -> None:
    desk.files.open_path(design)
    desk.answers.on_disk = Answer.YES

    save(Project(title="from outside"), design)

    qtbot.waitUntil(lambda: desk.document.project.title == "from outside", timeout=3000)
    assert desk.answers.asked == ["on disk small.dlstudio, unsaved False"]


def test_keeping_ones_own_state_leaves_it_unsaved(desk: Desk, design: Path, qtbot: QtBot) -> None:
    desk.files.open_path(design)

    save(Project(title="from outside"), design)

    qtbot.waitUntil(lambda: not desk.document.is_clean, timeout=3000)
    assert desk.document.project.title == "small"


def test_our_own_save_is_no_change_on_disk(desk: Desk, design: Path, qtbot: QtBot) -> None:
    desk.files.open_path(design)
    desk.edit()
    desk.files.save()
    qtbot.wait(150)
    assert desk.answers.asked == []


def test_a_crash_loses_nothing_that_was_copied(
    make_desk: Callable[[], Desk], design: Path, tmp_path: Path
) -> None:
    _crash_with_unsaved_work(design, tmp_path)
    desk = make_desk()
    desk.answers.restore = Answer.YES

    assert desk.safety.offer()

    assert desk.answers.asked == ["recover small.dlstudio"]
    assert desk.document.project.title == "unsaved"
    assert desk.document.path == design
    assert not desk.document.is_clean
    assert not make_desk().safety.recovery.leftovers()


def test_an_example_is_recovered_under_its_name(
    make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    _crash_with_unsaved_work(example_path("digits-mlp"), tmp_path)
    (folder,) = (tmp_path / "recovery").iterdir()
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    (folder / "about.json").write_text(json.dumps({**about, "path": ""}), encoding="utf-8")
    desk = make_desk()
    desk.answers.restore = Answer.YES

    assert desk.safety.offer()

    assert desk.document.path is None
    assert desk.document.name == "digits-mlp.dlstudio"


def test_a_copy_may_be_deleted_or_left_for_later(
    make_desk: Callable[[], Desk], design: Path, tmp_path: Path
) -> None:
    _crash_with_unsaved_work(design, tmp_path)
    desk = make_desk()

    assert not desk.safety.offer()
    assert len(desk.safety.recovery.leftovers()) == 1

    desk.answers.restore = Answer.DISCARD
    assert not desk.safety.offer()
    assert not desk.safety.recovery.leftovers()


def test_a_living_window_offers_no_copy(make_desk: Callable[[], Desk], design: Path) -> None:
    desk = make_desk()
    desk.files.open_path(design)
    desk.edit()
    desk.safety.keep()

    assert make_desk().safety.recovery.leftovers() == []


def test_saving_deletes_the_copy(desk: Desk, design: Path, tmp_path: Path) -> None:
    desk.files.open_path(design)
    desk.edit()
    desk.safety.keep()
    assert list((tmp_path / "recovery").iterdir())

    desk.files.save()

    assert not list((tmp_path / "recovery").iterdir())


def test_the_copy_is_written_before_a_run_starts(desk: Desk, tmp_path: Path) -> None:
    desk.edit()
    desk.session.about_to_start.emit()
    assert len(list((tmp_path / "recovery").iterdir())) == 1


def test_recent_files_are_short_ordered_and_exist(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.dlstudio" for number in range(LONGEST + 3)]
    for path in paths:
        path.touch()
        add_recent(path)
    add_recent(paths[-3])
    paths[-1].unlink()

    assert recent_files()[0] == paths[-3]
    assert len(recent_files()) == LONGEST - 1
    clear_recent()
    assert recent_files() == []


def _crash_with_unsaved_work(design: Path, tmp_path: Path) -> None:
    """Leave a copy as a process does that is killed."""
    _in_another_process(
        "from pathlib import Path; import os;"
        "from dlstudio.design.model import Project; from dlstudio.gui.recovery import Recovery;"
        f"recovery = Recovery(Path({str(tmp_path / 'recovery')!r})); path = Path({str(design)!r});"
        "recovery.keep(Project(title='unsaved'), path.name, path, None); os._exit(0)"
    )


def _in_another_process(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], check=True)


def _weights(path: Path, value: int = 1) -> Path:

    save_file({"linear_1.weight": np.full((2, 2), value, np.float32)}, path)
    return path


@pytest.mark.parametrize(("state", "told"), [("running", True), ("done", False)])
def test_a_run_that_was_cut_off_is_told_when_its_design_is_opened(
    desk: Desk, design: Path, state: str, told: bool
) -> None:
    run = design.with_name("small.runs") / "run-1"
    run.mkdir(parents=True)
    figures = {"step": 7, "epoch": 0, "epochs": 5, "seed": 0, "metrics": {}, "started": 1}
    (run / "run.json").write_text(json.dumps({"title": "", "state": state, **figures}))
    said: list[str] = []
    desk.document.message.connect(said.append)
    assert desk.files.open_path(design)
    assert any("interrupted" in each for each in said) is told
