from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlstudio.design.library.files import load
from dlstudio.gui.files.recent_files import recent_files
from dlstudio.gui.prompts.prompts import Answer
from tests.gui.gui_fixtures import FileWorkspace


def test_edited_design_is_saved_and_becomes_recent(workspace: FileWorkspace, design: Path) -> None:
    assert workspace.files.open_path(design)
    workspace.edit("better")
    assert not workspace.document.is_clean

    assert workspace.files.save()

    assert workspace.document.is_clean
    assert load(design).title == "better"
    assert recent_files() == [design]


def test_unreadable_file_is_reported_and_the_design_stays_open(
    workspace: FileWorkspace, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.dlstudio"
    broken.write_text("{", encoding="utf-8")
    before = workspace.document.project

    assert not workspace.files.open_path(broken)

    assert workspace.document.project is before
    assert len(workspace.prompts.messages) == 1
    assert "Traceback" not in workspace.prompts.messages[0]


@pytest.mark.parametrize(
    ("answer", "closed"), [(Answer.CANCEL, False), (Answer.DISCARD, True), (Answer.SAVE, True)]
)
def test_unsaved_changes_prompt(
    workspace: FileWorkspace, design: Path, answer: Answer, closed: bool
) -> None:
    workspace.files.open_path(design)
    workspace.edit("unsaved")
    workspace.prompts.save = answer

    assert workspace.files.new() is closed

    assert workspace.prompts.calls == ["save small.dlstudio"]
    assert (workspace.document.path is None) is closed
    assert load(design).title == ("unsaved" if answer is Answer.SAVE else "small")


def test_saved_design_does_not_prompt(workspace: FileWorkspace, design: Path) -> None:
    workspace.files.open_path(design)
    assert workspace.files.new()
    assert workspace.prompts.calls == []


def test_saving_a_new_design_asks_for_a_path_and_adds_the_suffix(
    workspace: FileWorkspace, tmp_path: Path
) -> None:
    workspace.edit()
    workspace.prompts.path = tmp_path / "mine"

    assert workspace.files.save()

    assert workspace.document.path == tmp_path / "mine.dlstudio"
    assert load(tmp_path / "mine.dlstudio").title == "edited"


def test_unwritable_path_is_reported_and_the_design_stays_unsaved(
    workspace: FileWorkspace, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")
    workspace.edit()
    workspace.prompts.path = blocked / "mine.dlstudio"

    assert not workspace.files.save()

    assert not workspace.document.is_clean
    assert len(workspace.prompts.messages) == 1


def test_example_opens_as_a_copy_without_a_file(workspace: FileWorkspace) -> None:
    assert workspace.files.open_example("digits-mlp")
    assert workspace.document.path is None
    assert workspace.document.name == "digits-mlp.dlstudio"
    assert workspace.document.project.graph.nodes
    assert workspace.document.is_clean


@pytest.mark.parametrize(("state", "reported"), [("running", True), ("done", False)])
def test_interrupted_run_is_reported_on_opening(
    workspace: FileWorkspace, design: Path, state: str, reported: bool
) -> None:
    run = design.with_name("small.runs") / "run-1"
    run.mkdir(parents=True)
    fields = {"step": 7, "epoch": 0, "epochs": 5, "seed": 0, "metrics": {}, "started": 1}
    (run / "run.json").write_text(json.dumps({"title": "", "state": state, **fields}))
    messages: list[str] = []
    workspace.document.message.connect(messages.append)
    assert workspace.files.open_path(design)
    assert any("interrupted" in message for message in messages) is reported
