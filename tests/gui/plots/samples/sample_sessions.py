"""Training sessions of small networks, and a samples panel for a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pytestqt.qtbot import QtBot

from dlstudio.design.edits import append_after, set_data, set_training
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Value
from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.samples.samples_panel import SamplesPanel
from dlstudio.gui.plots.services.shown_run import ShownRun
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.runs.trained_network import TrainedNetwork
from dlstudio.worker.view_worker import ViewWorker


def create_sessions(
    task: str,
    *layers: tuple[str, dict[str, Value]],
    input_role: str = "samples",
    data: DataSettings | None = None,
    **settings: Value,
) -> Iterator[TrainingSession]:
    project, last = Project(), None
    for kind, layer_settings in (("input", {"role": input_role}), *layers):
        project, last = append_after(project, last, kind, layer_settings)
    loss = "cross-entropy" if input_role == "tokens" else "mse"
    training = replace(project.training, task=task, loss=loss, epochs=1, task_settings=settings)
    document = Document()
    document.load(set_data(set_training(project, training), data or project.data), None)
    session = TrainingSession(document)
    yield session
    session.stop()
    assert session.wait(30)


def show_panel(qtbot: QtBot, session: TrainingSession) -> SamplesPanel:
    document = session._document
    network = TrainedNetwork(document, session)
    panel = SamplesPanel(ViewServices(document, session, network, ViewWorker(), ShownRun(session)))
    panel.resize(820, 260)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def train(qtbot: QtBot, session: TrainingSession, panel: SamplesPanel) -> None:
    session.train()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=60_000)
    qtbot.waitUntil(lambda: panel.view is not None, timeout=10_000)
