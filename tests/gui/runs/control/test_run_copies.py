"""A design that is saved under another name knows its runs and weights, and keeps to its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.gui.runs.control import run_copies
from dlstudio.gui.runs.control.run_copies import copy_runs
from dlstudio.gui.runs.next_run import NextAction
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.storage.runs import INFO, list_runs, runs_dir_for

LONG = 60_000


@pytest.fixture
def saved(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Return a window with a design that has a file and a finished run."""
    window.files.open_example("xor-mlp")
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=LONG)
    window.prompts.path = tmp_path / "old.dlstudio"
    assert window.files.save()
    train(window, qtbot)
    assert window.files.save()
    return window


def train(window: MainWindow, qtbot: QtBot) -> None:
    window.session.train_more(1)
    qtbot.waitUntil(lambda: window.session.state != IDLE, timeout=LONG)
    qtbot.waitUntil(lambda: window.session.state == IDLE, timeout=LONG)


def save_as(window: MainWindow, path: Path) -> Path:
    window.prompts.path = path
    assert window.files.save_as()
    return path


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_saved_as_design_has_runs_and_weights(
    saved: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (run,) = list_runs(tmp_path / "old.runs")
    new = save_as(saved, tmp_path / "new.dlstudio")
    qtbot.waitUntil(lambda: Path(saved.session.run.folder).parent == runs_dir_for(new))
    assert content(run.path) == content(tmp_path / "new.runs" / run.name)
    assert saved.run_controller.next_run.plan.action is NextAction.CONTINUE
    assert saved.run_controller.weights is not None
    assert saved.run_controller.weights.is_relative_to(tmp_path / "new.runs")
    saved.files.show_file(new)
    assert saved.run_controller.weights is not None
    saved.bottom.show_tab("runs")
    qtbot.waitUntil(lambda: saved.runs.tree.topLevelItemCount() == 1)


def test_training_on_leaves_the_old_design_as_it_was(
    saved: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    before = content(tmp_path / "old.runs")
    new = save_as(saved, tmp_path / "new.dlstudio")
    qtbot.waitUntil(lambda: Path(saved.session.run.folder).parent == runs_dir_for(new))
    train(saved, qtbot)
    assert content(tmp_path / "old.runs") == before
    assert content(tmp_path / "new.runs") != before
    (run,) = list_runs(tmp_path / "new.runs")
    assert run.epoch == 2


def test_active_run_follows_when_it_has_ended(
    saved: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    saved.session.train_more(10_000)
    qtbot.waitUntil(lambda: saved.session.state == "running", timeout=LONG)
    new = save_as(saved, tmp_path / "new.dlstudio")
    assert not (tmp_path / "new.runs").exists()
    saved.session.stop()
    qtbot.waitUntil(lambda: Path(saved.session.run.folder).parent == runs_dir_for(new))
    assert saved.run_controller.weights is not None
    assert saved.run_controller.weights.is_file()


def make_run(folder: Path, name: str) -> Path:
    run = folder / name
    run.mkdir(parents=True)
    (run / INFO).write_text(
        '{"title": "", "state": "done", "started": 1, "step": 1, "epoch": 1, "epochs": 1,'
        ' "seed": 0, "metrics": {}}'
    )
    (run / "weights.safetensors").write_bytes(b"weights")
    (run / "metrics.jsonl").write_bytes(b"")
    return run


def test_weights_are_linked_and_growing_files_copied(tmp_path: Path) -> None:
    run = make_run(tmp_path / "a.runs", "first")
    ((_, copy),) = copy_runs(tmp_path / "a.runs", tmp_path / "b.runs", "")
    assert (run / "weights.safetensors").samefile(copy / "weights.safetensors")
    assert not (run / "metrics.jsonl").samefile(copy / "metrics.jsonl")


def test_files_are_copied_where_there_are_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_source: str, _destination: str) -> None:
        raise OSError("no links")

    monkeypatch.setattr(run_copies.os, "link", refuse)
    run = make_run(tmp_path / "a.runs", "first")
    copy_runs(tmp_path / "a.runs", tmp_path / "b.runs", "")
    assert content(tmp_path / "b.runs" / "first") == content(run)


def test_failed_copy_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_source: Path, _destination: Path) -> None:
        raise OSError(28, "No space left on device")

    make_run(tmp_path / "a.runs", "first")
    monkeypatch.setattr(run_copies.shutil, "copy2", fail)
    with pytest.raises(OSError, match="No space left"):
        copy_runs(tmp_path / "a.runs", tmp_path / "b.runs", "")
    assert list((tmp_path / "b.runs").iterdir()) == []


def test_runs_of_the_target_stay(tmp_path: Path) -> None:
    make_run(tmp_path / "a.runs", "first")
    kept = make_run(tmp_path / "b.runs", "first")
    (kept / "weights.safetensors").write_bytes(b"others")
    assert copy_runs(tmp_path / "a.runs", tmp_path / "b.runs", "") == []
    assert (kept / "weights.safetensors").read_bytes() == b"others"
