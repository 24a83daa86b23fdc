"""The worker is started while somebody looks at an analysis that could begin, and not before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_training
from dlstudio.gui.runs.session import IDLE, PAUSED
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.worker.view_worker import ViewWorker

LONG = 60_000
SETTLED = 500


class RecordingWorker(ViewWorker):
    """Records when it is warmed up, and starts nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[bool] = []

    def warm_up(self, *, beside_run: bool = False) -> None:
        self.calls.append(beside_run)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> RecordingWorker:
    worker = RecordingWorker()
    monkeypatch.setattr("dlstudio.gui.window.plot_panels.ViewWorker", lambda: worker)
    return worker


def test_worker_is_warmed_up_for_a_visible_analysis_with_a_network(
    worker: RecordingWorker, window: MainWindow, qtbot: QtBot
) -> None:
    window.files.open_example("digits-mlp")
    project = window.document.project
    window.document.apply(
        set_training(project, replace(project.training, epochs=1)), "Shorten the run"
    )
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=LONG)
    window.bottom.show_tab("probe")
    qtbot.wait(SETTLED)
    assert worker.calls == []

    window.session.step()
    qtbot.waitUntil(lambda: window.session.state == PAUSED, timeout=LONG)
    qtbot.waitUntil(lambda: worker.calls == [True], timeout=LONG)
    window.bottom.show_tab("curves")
    window.session.train()
    qtbot.waitUntil(lambda: window.session.state == IDLE, timeout=LONG)
    qtbot.wait(SETTLED)
    assert worker.calls == [True]

    window.bottom.show_tab("probe")
    window.bottom.show_tab("curves")
    qtbot.wait(SETTLED)
    assert worker.calls == [True]
    window.bottom.show_tab("probe")
    qtbot.waitUntil(lambda: worker.calls == [True, False], timeout=LONG)


def test_closed_worker_is_not_started_again() -> None:
    worker = ViewWorker()
    worker.warm_up()
    assert worker.worker.pid is not None
    worker.close()
    worker.warm_up()
    assert worker.worker.pid is None
