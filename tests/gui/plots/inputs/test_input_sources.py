"""Where there is no input for a view, its source says why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dlstudio.data.core.errors import DataError
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.plots.inputs.input_source import InputFactory
from dlstudio.gui.plots.inputs.pair_source import PairSource
from dlstudio.gui.plots.inputs.series_source import SeriesSource
from dlstudio.gui.plots.inputs.trace_source import TraceSource
from dlstudio.gui.plots.services.shown_run import ShownRun
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.runs.trained_network import TrainedNetwork
from dlstudio.insight.trace.step_trace import StepTrace
from dlstudio.training.loop import snapshot_writer
from dlstudio.training.storage.snapshots import list_snapshots
from dlstudio.worker.view_worker import ViewWorker
from tests.gui.panel_designs import example_document

TASK = BackgroundTask(lambda _task: None)


@pytest.fixture
def services(tmp_path: Path, session: TrainingSession) -> ViewServices:
    document = session._document
    network = TrainedNetwork(document, session)
    return ViewServices(document, session, network, ViewWorker(), ShownRun(session))


@pytest.fixture
def document(tmp_path: Path) -> object:
    return example_document("digits-mlp", tmp_path)


def pause_after_one_step(qtbot: QtBot, session: TrainingSession) -> None:
    session.step()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=60_000)


def stop(qtbot: QtBot, session: TrainingSession) -> None:
    session.stop()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=60_000)


def test_requests_for_a_step_share_one_trace(
    qtbot: QtBot, session: TrainingSession, services: ViewServices
) -> None:
    first, second = TraceSource(services), TraceSource(services)
    assert first.missing_text
    pause_after_one_step(qtbot, session)
    assert first.missing_text == ""
    received: list[InputFactory] = []
    for source in (first, second):
        source.request(received.append, refresh=True)
    second.cancel_request(received.append)
    session.step()
    qtbot.waitUntil(lambda: bool(received), timeout=60_000)
    trace = received[0](TASK).value
    assert isinstance(trace, StepTrace)
    assert trace.step == 2
    qtbot.waitUntil(lambda: session.state == "paused", timeout=60_000)
    first.request(received.append, refresh=True)
    stop(qtbot, session)
    with pytest.raises(DataError, match="ended before"):
        received[1](TASK)
    first.request(received.append, refresh=True)
    assert received[2](TASK).value is trace


def test_run_without_snapshots_or_series_is_explained(
    qtbot: QtBot,
    session: TrainingSession,
    services: ViewServices,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(snapshot_writer, "MAX_WEIGHTS", 10)
    pair, series = PairSource(services), SeriesSource(services)
    assert pair.missing_text == series.missing_text == "Press Train, then Compute."
    pause_after_one_step(qtbot, session)
    stop(qtbot, session)
    assert "no snapshots" in pair.missing_text
    assert pair.missing_text.endswith("then press Train.")
    assert "Press Train" in series.missing_text
    assert series.missing_text != "Press Train, then Compute."


def test_pair_is_chosen_from_the_first_snapshot_on(
    qtbot: QtBot, session: TrainingSession, services: ViewServices
) -> None:
    pair = PairSource(services)
    qtbot.addWidget(pair.chooser)
    pair.chooser.show()
    narrow = pair.first.sizeHint().width()
    assert not pair.chooser.isEnabled()
    pause_after_one_step(qtbot, session)
    stop(qtbot, session)
    pair.refresh()
    assert pair.chooser.isEnabled()
    assert pair.first.sizeHint().width() > narrow, "its texts became longer"


def test_deleted_snapshot_is_explained(
    qtbot: QtBot, session: TrainingSession, services: ViewServices
) -> None:
    pair = PairSource(services)
    pause_after_one_step(qtbot, session)
    stop(qtbot, session)
    assert pair.missing_text == ""
    assert [combo.currentData() for combo in (pair.first, pair.second)] == [0, 1]
    received: list[InputFactory] = []
    pair.request(received.append, refresh=True)
    assert received[0](TASK).moment == "step 0 → step 1"
    pair.request(received.append, refresh=True)
    for snapshot in list_snapshots(services.shown_run.folder):
        snapshot.path.unlink()
    with pytest.raises(DataError, match="Choose another step"):
        received[1](TASK)
    pair.request(received.append, refresh=True)
    with pytest.raises(DataError, match="This run has no snapshots"):
        received[2](TASK)


def test_pair_follows_a_moved_run(
    qtbot: QtBot, session: TrainingSession, services: ViewServices, tmp_path: Path
) -> None:
    pair = PairSource(services)
    pause_after_one_step(qtbot, session)
    stop(qtbot, session)
    pair.first.setCurrentIndex(pair.first.findData(1))
    pair.first.activated.emit(pair.first.currentIndex())
    old = Path(session.run.folder)
    new = tmp_path / "beside" / old.name
    new.parent.mkdir()
    shutil.move(old, new)
    with qtbot.waitSignal(services.shown_run.changed):
        session.update_run_dir(old, new)
    received: list[InputFactory] = []
    pair.request(received.append, refresh=True)
    assert received[0](TASK).moment == "step 1 → step 1"


def test_deleted_run_is_explained(
    qtbot: QtBot, session: TrainingSession, services: ViewServices
) -> None:
    sources = PairSource(services), SeriesSource(services)
    pause_after_one_step(qtbot, session)
    stop(qtbot, session)
    assert not sources[0].missing_text
    assert "recorded no values" in sources[1].missing_text
    shutil.rmtree(session.run.folder)
    for source in sources:
        received: list[InputFactory] = []
        with qtbot.waitSignal(source.changed):
            source.request(received.append, refresh=True)
        assert "no longer exists" in source.missing_text
        with pytest.raises(DataError, match="no longer exists"):
            received[0](TASK)
