from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import save
from dlstudio.design.model.model import Project
from dlstudio.gui.prompts.prompts import Answer
from tests.gui.gui_fixtures import FileWorkspace, run_in_subprocess


def test_autosaved_work_survives_a_crash(
    make_workspace: Callable[[], FileWorkspace], design: Path, tmp_path: Path
) -> None:
    _crash_with_unsaved_work(design, tmp_path)
    workspace = make_workspace()
    workspace.prompts.recovery = Answer.YES

    assert workspace.autosave.offer_recovery()

    assert workspace.prompts.calls == ["recover small.dlstudio"]
    assert workspace.document.project.title == "unsaved"
    assert workspace.document.path == design
    assert not workspace.document.is_clean
    assert not make_workspace().autosave.recovery.recoverable()


@pytest.mark.parametrize("answer", [Answer.YES, Answer.NO, Answer.LATER])
@pytest.mark.parametrize("conflict", ["newer", "open elsewhere"])
def test_recovered_work_does_not_replace_a_newer_or_open_file_unasked(
    make_workspace: Callable[[], FileWorkspace],
    design: Path,
    tmp_path: Path,
    answer: Answer,
    conflict: str,
) -> None:
    _crash_with_unsaved_work(design, tmp_path)
    if conflict == "newer":
        save(Project(title="newer"), design)
        os.utime(design, (time.time() + 5, time.time() + 5))
    else:
        other = make_workspace()
        other.files.open_path(design)
    workspace = make_workspace()
    workspace.prompts.recovery, workspace.prompts.restore = Answer.YES, answer

    assert workspace.autosave.offer_recovery() is (answer is not Answer.LATER)

    reason = {"newer": "saved after this copy", "open elsewhere": "open in another window"}
    assert reason[conflict] in workspace.prompts.calls[-1]
    if answer is Answer.LATER:
        assert len(workspace.autosave.recovery.recoverable()) == 1
        assert workspace.document.project.title != "unsaved"
        return
    assert workspace.document.project.title == "unsaved"
    assert workspace.document.path == (None if answer is Answer.YES else design)
    assert not workspace.document.is_clean


def test_example_is_recovered_under_its_name(
    make_workspace: Callable[[], FileWorkspace], tmp_path: Path
) -> None:
    _crash_with_unsaved_work(example_path("digits-mlp"), tmp_path)
    (folder,) = (tmp_path / "recovery").iterdir()
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    (folder / "about.json").write_text(json.dumps({**about, "path": ""}), encoding="utf-8")
    workspace = make_workspace()
    workspace.prompts.recovery = Answer.YES

    assert workspace.autosave.offer_recovery()

    assert workspace.document.path is None
    assert workspace.document.name == "digits-mlp.dlstudio"


def test_recovery_copy_can_be_kept_or_deleted(
    make_workspace: Callable[[], FileWorkspace], design: Path, tmp_path: Path
) -> None:
    _crash_with_unsaved_work(design, tmp_path)
    workspace = make_workspace()

    assert not workspace.autosave.offer_recovery()
    assert len(workspace.autosave.recovery.recoverable()) == 1

    workspace.prompts.recovery = Answer.DISCARD
    assert not workspace.autosave.offer_recovery()
    assert not workspace.autosave.recovery.recoverable()


def test_running_window_offers_no_recovery(
    make_workspace: Callable[[], FileWorkspace], design: Path
) -> None:
    workspace = make_workspace()
    workspace.files.open_path(design)
    workspace.edit()
    workspace.autosave.save_copy()

    assert make_workspace().autosave.recovery.recoverable() == []


def test_saving_deletes_the_recovery_copy(
    workspace: FileWorkspace, design: Path, tmp_path: Path
) -> None:
    workspace.files.open_path(design)
    workspace.edit()
    workspace.autosave.save_copy()
    assert list((tmp_path / "recovery").iterdir())

    workspace.files.save()

    assert not list((tmp_path / "recovery").iterdir())


def test_recovery_copy_is_written_before_a_run_starts(
    workspace: FileWorkspace, tmp_path: Path
) -> None:
    workspace.edit()
    workspace.session.about_to_start.emit()
    assert len(list((tmp_path / "recovery").iterdir())) == 1


def _crash_with_unsaved_work(design: Path, tmp_path: Path) -> None:
    """Leave a recovery copy, as a killed process does."""
    run_in_subprocess(
        "from pathlib import Path; import os;"
        "from dlstudio.design.model.model import Project;"
        "from dlstudio.gui.files.recovery import Recovery;"
        f"recovery = Recovery(Path({str(tmp_path / 'recovery')!r})); path = Path({str(design)!r});"
        "recovery.save(Project(title='unsaved'), path.name, path, None); os._exit(0)"
    )
