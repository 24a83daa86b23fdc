from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from dlstudio.design.examples import example_path
from dlstudio.gui.questions import Answer
from tests.gui.studio import Desk, in_another_process


def test_a_crash_loses_nothing_that_was_copied(
    make_desk: Callable[[], Desk], design: Path, tmp_path: Path
) -> None:
    _crash_with_unsaved_work(design, tmp_path)
    workspace = make_desk()
    workspace.answers.restore = Answer.YES

    assert workspace.safety.offer()

    assert workspace.answers.asked == ["recover small.dlstudio"]
    assert workspace.document.project.title == "unsaved"
    assert workspace.document.path == design
    assert not workspace.document.is_clean
    assert not make_desk().safety.recovery.leftovers()


def test_an_example_is_recovered_under_its_name(
    make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    _crash_with_unsaved_work(example_path("digits-mlp"), tmp_path)
    (folder,) = (tmp_path / "recovery").iterdir()
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    (folder / "about.json").write_text(json.dumps({**about, "path": ""}), encoding="utf-8")
    workspace = make_desk()
    workspace.answers.restore = Answer.YES

    assert workspace.safety.offer()

    assert workspace.document.path is None
    assert workspace.document.name == "digits-mlp.dlstudio"


def test_a_copy_may_be_deleted_or_left_for_later(
    make_desk: Callable[[], Desk], design: Path, tmp_path: Path
) -> None:
    _crash_with_unsaved_work(design, tmp_path)
    workspace = make_desk()

    assert not workspace.safety.offer()
    assert len(workspace.safety.recovery.leftovers()) == 1

    workspace.answers.restore = Answer.DISCARD
    assert not workspace.safety.offer()
    assert not workspace.safety.recovery.leftovers()


def test_a_living_window_offers_no_copy(make_desk: Callable[[], Desk], design: Path) -> None:
    workspace = make_desk()
    workspace.files.open_path(design)
    workspace.edit()
    workspace.safety.keep()

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


def _crash_with_unsaved_work(design: Path, tmp_path: Path) -> None:
    """Leave a copy as a process does that is killed."""
    in_another_process(
        "from pathlib import Path; import os;"
        "from dlstudio.design.model import Project; from dlstudio.gui.recovery import Recovery;"
        f"recovery = Recovery(Path({str(tmp_path / 'recovery')!r})); path = Path({str(design)!r});"
        "recovery.keep(Project(title='unsaved'), path.name, path, None); os._exit(0)"
    )
