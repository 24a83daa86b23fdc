from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlstudio.design.files import load
from dlstudio.gui.questions import Answer
from dlstudio.gui.recent_files import recent_files
from tests.gui.studio import Desk


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


@pytest.mark.parametrize(("state", "reported"), [("running", True), ("done", False)])
def test_a_run_that_was_cut_off_is_told_when_its_design_is_opened(
    desk: Desk, design: Path, state: str, reported: bool
) -> None:
    run = design.with_name("small.runs") / "run-1"
    run.mkdir(parents=True)
    fields = {"step": 7, "epoch": 0, "epochs": 5, "seed": 0, "metrics": {}, "started": 1}
    (run / "run.json").write_text(json.dumps({"title": "", "state": state, **fields}))
    messages: list[str] = []
    desk.document.message.connect(messages.append)
    assert desk.files.open_path(design)
    assert any("interrupted" in message for message in messages) is reported
