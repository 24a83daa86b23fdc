from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.training import runs
from dlstudio.gui.training.runs import RunsPanel
from dlstudio.training.storage.run_lock import RunLock
from dlstudio.training.storage.runs import INFO, RunInfo, list_runs
from tests.gui.panel_designs import checked_document, small_network


@pytest.fixture
def document(tmp_path: Path) -> Document:
    for number in (1, 2, 3):
        write_run_info(tmp_path / "net.runs" / f"run-{number}", started=number)
    return checked_document(small_network(), tmp_path / "net.dlstudio")


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> RunsPanel:
    widget = RunsPanel(document, TrainingSession(document))
    qtbot.addWidget(widget)
    widget.resize(900, 300)
    widget.show()
    qtbot.waitUntil(lambda: run_names(widget) == ["run-3", "run-2", "run-1"])
    return widget


def write_run_info(
    run_dir: Path, started: int, epoch: int = 1, state: str = "done", title: str = ""
) -> None:
    """Write the information file of a run without training."""
    run_dir.mkdir(parents=True, exist_ok=True)
    progress = {"step": 10 * epoch, "epoch": epoch, "epochs": 5, "seed": 0, "metrics": {}}
    about = {"title": title, "state": state, "started": started}
    (run_dir / INFO).write_text(json.dumps({**about, **progress}), encoding="utf-8")


def run_names(panel: RunsPanel) -> list[str]:
    items = (panel.tree.topLevelItem(index) for index in range(panel.tree.topLevelItemCount()))
    return [Path(item.data(0, Qt.ItemDataRole.UserRole)).name for item in items if item]


def test_selection_and_checks_survive_a_refresh(
    panel: RunsPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    first = panel.tree.topLevelItem(0)
    second = panel.tree.topLevelItem(1)
    assert first is not None
    assert second is not None
    first.setCheckState(0, Qt.CheckState.Checked)
    panel.tree.setCurrentItem(second)
    write_run_info(tmp_path / "net.runs" / "run-2", started=2, epoch=4)
    write_run_info(tmp_path / "net.runs" / "run-4", started=4)
    panel.refresh()
    assert len(run_names(panel)) == 3, "the old list stays until the folder is read"
    qtbot.waitUntil(lambda: run_names(panel) == ["run-4", "run-3", "run-2", "run-1"])
    assert [path.name for path in panel.checked_paths()] == ["run-3"]
    assert panel.tree.currentItem() is second
    assert second.text(3) == "4 of 5"


def test_deleted_run_is_removed_from_list_and_curves(
    panel: RunsPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    first = panel.tree.topLevelItem(0)
    assert first is not None
    with qtbot.waitSignal(panel.overlay_changed):
        first.setCheckState(0, Qt.CheckState.Checked)
    (tmp_path / "net.runs" / "run-3" / INFO).unlink()
    with qtbot.waitSignal(panel.overlay_changed) as overlay:
        panel.refresh()
    assert overlay.args == [()]
    assert run_names(panel) == ["run-2", "run-1"]


def test_folder_is_read_in_the_background_and_only_the_latest_result_is_shown(
    panel: RunsPanel, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, readers = threading.Event(), list[threading.Thread]()

    def read_slowly_once(folder: Path) -> list[RunInfo]:
        readers.append(threading.current_thread())
        if len(readers) == 1:
            release.wait(10)
            return []
        return list_runs(folder)

    monkeypatch.setattr(runs, "list_runs", read_slowly_once)
    panel.refresh()
    qtbot.waitUntil(lambda: len(readers) == 1)
    write_run_info(tmp_path / "net.runs" / "run-4", started=4)
    panel.refresh()
    qtbot.waitUntil(lambda: len(run_names(panel)) == 4)
    release.set()
    readers[0].join()
    qtbot.wait(10)
    assert len(run_names(panel)) == 4
    assert threading.main_thread() not in readers


def test_saving_the_design_keeps_the_checks(panel: RunsPanel, document: Document) -> None:
    first = panel.tree.topLevelItem(0)
    assert first is not None
    first.setCheckState(0, Qt.CheckState.Checked)
    document.set_path(document.path)
    assert len(panel.checked_paths()) == 1


def test_loading_a_design_lists_its_own_runs(
    panel: RunsPanel, document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    write_run_info(tmp_path / "other.runs" / "its-own", started=1)
    document.load(small_network(), tmp_path / "other.dlstudio")
    assert run_names(panel) == []
    qtbot.waitUntil(lambda: run_names(panel) == ["its-own"])


def texts(panel: RunsPanel, column: str) -> list[str]:
    index = next(
        number
        for number in range(panel.tree.columnCount())
        if panel.tree.headerItem().text(number) == column
    )
    items = (panel.tree.topLevelItem(row) for row in range(panel.tree.topLevelItemCount()))
    return [item.text(index) for item in items if item]


def test_runs_name_their_design(panel: RunsPanel, qtbot: QtBot, tmp_path: Path) -> None:
    write_run_info(tmp_path / "net.runs" / "run-4", started=4, title="A wide network")
    panel.refresh()
    qtbot.waitUntil(lambda: len(run_names(panel)) == 4)
    assert texts(panel, "Design") == ["A wide network", "net", "net", "net"]


@pytest.mark.parametrize("state", ["running", "paused"])
def test_state_follows_the_process_that_trains_the_run(
    panel: RunsPanel, qtbot: QtBot, tmp_path: Path, state: str
) -> None:
    panel._follow_timer.setInterval(10)
    run_dir = tmp_path / "net.runs" / "run-4"
    write_run_info(run_dir, started=4, state=state)
    lock = RunLock(run_dir)
    assert lock.acquire()
    panel.refresh()
    alive = "paused" if state == "paused" else "in progress"
    qtbot.waitUntil(lambda: texts(panel, "State")[0] == alive)
    panel.tree.setCurrentItem(panel.tree.topLevelItem(0))
    assert not panel.resume_button.isEnabled()
    lock.release()
    qtbot.waitUntil(lambda: texts(panel, "State")[0] == "interrupted")
    assert panel.resume_button.isEnabled()
