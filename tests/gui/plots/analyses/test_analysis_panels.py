"""The panels of analyses that run on request: anomalies and the linear probe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from safetensors import SafetensorError

from dlstudio.design.edits import append_after, set_data, set_training
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Value
from dlstudio.gui.plots.analyses.analysis_toolbar import AnalysisToolbar
from dlstudio.gui.plots.analyses.anomaly_sources import AnomalySourceMenu
from dlstudio.gui.plots.analyses.linear_probe_panel import LinearProbePanel
from dlstudio.gui.plots.views.view_panels import panel_of
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.insight.analyses.anomaly_views import AnomalySource

LONG = 120_000
LAYERS: tuple[tuple[str, dict[str, Value]], ...] = (
    ("input", {}),
    ("flatten", {}),
    ("linear", {"out_features": 6}),
    ("linear", {"out_features": 64}),
    ("reshape", {"shape": (1, 8, 8)}),
    ("output", {"role": "reconstruction"}),
)


@pytest.fixture
def autoencoder_window(window: MainWindow, qtbot: QtBot) -> MainWindow:
    project, last = Project(), None
    for kind, settings in LAYERS:
        project, last = append_after(project, last, kind, settings)
    training = replace(project.training, task="reconstruction", loss="mse", epochs=1)
    window.document.load(set_training(project, training), None)
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=LONG)
    return window


@pytest.fixture
def trained_window(autoencoder_window: MainWindow, qtbot: QtBot) -> MainWindow:
    autoencoder_window.session.train()
    qtbot.waitUntil(lambda: autoencoder_window.session.state == IDLE, timeout=LONG)
    return autoencoder_window


def run_analysis(qtbot: QtBot, bar: AnalysisToolbar) -> None:
    qtbot.mouseClick(bar.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not bar.task.is_busy, timeout=LONG)


def choose_source(qtbot: QtBot, sources: AnomalySourceMenu, title: str) -> None:
    sources.setCurrentIndex(sources.findText(title))
    sources.activated.emit(sources.currentIndex())


def test_analyses_are_disabled_without_a_network(autoencoder_window: MainWindow) -> None:
    for panel in (autoencoder_window.panels.anomalies, autoencoder_window.panels.probe):
        assert not panel.toolbar.start_button.isEnabled()
        assert "Press Train" in panel._placeholder.text()


def test_progress_is_a_thin_bar(window: MainWindow) -> None:
    assert window.panels is not None
    bar = panel_of(window.panels.views, LinearProbePanel).toolbar.progress_bar
    bar.ensurePolished()
    assert bar.height() <= 8


def test_analyses_start_only_on_request(trained_window: MainWindow) -> None:
    assert trained_window.panels.anomalies.view is None
    assert trained_window.panels.probe.view is None
    assert trained_window.panels.anomalies.toolbar.start_button.isEnabled()


def test_full_disk_of_the_worker_is_named(
    trained_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save_on_full_disk(_tensors: object, _file: Path) -> None:
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr("dlstudio.worker.network_files.save_file", save_on_full_disk)
    trained_window.bottom.show_tab("anomalies")
    messages: list[str] = []
    trained_window.document.message.connect(messages.append)
    run_analysis(qtbot, trained_window.panels.anomalies.toolbar)
    folder = trained_window.panels.view_worker.worker.folder
    (text,) = messages
    assert text.startswith("Anomalies could not be computed. ")
    assert f"folder {folder} cannot be written to" in text
    assert "the disk is full" in text


def test_threshold_is_set_by_percent_mouse_and_keys(
    trained_window: MainWindow, qtbot: QtBot
) -> None:
    panel = trained_window.panels.anomalies
    trained_window.bottom.show_tab("anomalies")
    run_analysis(qtbot, panel.toolbar)
    assert panel.view is not None
    assert panel.view.source == AnomalySource()
    assert "5.2 % of normal" in panel.summary.text()
    panel.quantile.selectAll()
    qtbot.keyClicks(panel.quantile, "50")
    qtbot.keyClick(panel.quantile, Qt.Key.Key_Return)
    assert "50.0 % of normal" in panel.summary.text()
    half = panel.chart.threshold
    qtbot.keyClick(panel.chart, Qt.Key.Key_Right)
    assert panel.chart.threshold > half
    right = QPoint(panel.chart.width() - 1, 40)
    qtbot.mouseClick(panel.chart, Qt.MouseButton.LeftButton, pos=right)
    assert "above the threshold: 0.0 % of normal, 0.0 % of anomalous" in panel.summary.text()
    assert panel.quantile.text() == "100"
    panel.quantile.selectAll()
    qtbot.keyClicks(panel.quantile, "many")
    qtbot.keyClick(panel.quantile, Qt.Key.Key_Return)
    assert panel.quantile.text() == "100"


def test_changing_the_anomaly_source_restarts_the_analysis(
    trained_window: MainWindow, qtbot: QtBot
) -> None:
    panel = trained_window.panels.anomalies
    trained_window.bottom.show_tab("anomalies")
    run_analysis(qtbot, panel.toolbar)
    choose_source(qtbot, panel.source, "Shapes")
    qtbot.waitUntil(lambda: not panel.toolbar.task.is_busy, timeout=LONG)
    assert panel.view is not None
    assert panel.view.source.name == "shapes"


def test_unreadable_source_is_reported_and_the_view_stays(
    trained_window: MainWindow, qtbot: QtBot, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = trained_window.panels.anomalies
    trained_window.bottom.show_tab("anomalies")
    run_analysis(qtbot, panel.toolbar)
    previous_view = panel.view
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    choose_source(qtbot, panel.source, "Folder of images…")
    qtbot.waitUntil(lambda: not panel.toolbar.task.is_busy, timeout=LONG)
    assert "no images" in panel.toolbar.status.text().lower()
    assert panel.view is previous_view
    assert panel.toolbar.start_button.isVisible()


def test_cancelled_analysis_leaves_no_result(trained_window: MainWindow, qtbot: QtBot) -> None:
    panel = trained_window.panels.probe
    trained_window.bottom.show_tab("probe")
    qtbot.mouseClick(panel.toolbar.start_button, Qt.MouseButton.LeftButton)
    assert panel.toolbar.cancel_button.isVisible()
    assert panel._placeholder.text().endswith("The result appears here.")
    qtbot.mouseClick(panel.toolbar.cancel_button, Qt.MouseButton.LeftButton)
    assert panel._placeholder.text().endswith("press Probe.")
    assert panel.toolbar.start_button.isVisible()
    assert panel.toolbar.status.text() == ""
    qtbot.wait(300)
    assert panel.view is None


def test_probe_uses_the_selected_layer_and_label_count(
    trained_window: MainWindow, qtbot: QtBot
) -> None:
    panel = trained_window.panels.probe
    trained_window.bottom.show_tab("probe")
    trained_window.document.set_selection(["linear_1"])
    panel.labels.setCurrentText("5 per class")
    run_analysis(qtbot, panel.toolbar)
    assert panel.view is not None
    assert (panel.view.choice.path, panel.view.labelled) == ("linear_1", 50)
    assert panel.heading.text().startswith("linear_1 · 6 features · 50 labels, 5 draws")
    assert "Untrained" in panel.bars.accessibleDescription()


def test_paused_run_is_analysed_at_its_current_step(
    autoencoder_window: MainWindow, qtbot: QtBot
) -> None:
    autoencoder_window.session.step()
    qtbot.waitUntil(lambda: autoencoder_window.session.state == "paused", timeout=LONG)
    autoencoder_window.bottom.show_tab("anomalies")
    run_analysis(qtbot, autoencoder_window.panels.anomalies.toolbar)
    assert autoencoder_window.panels.anomalies.view is not None
    assert autoencoder_window.panels.anomalies.view.step == 1
    autoencoder_window.session.stop()
    qtbot.waitUntil(lambda: autoencoder_window.session.state == IDLE, timeout=LONG)


def test_reset_clears_the_views(trained_window: MainWindow, qtbot: QtBot) -> None:
    panel = trained_window.panels.anomalies
    trained_window.bottom.show_tab("anomalies")
    run_analysis(qtbot, panel.toolbar)
    trained_window.run_controller.reset()
    assert panel.view is None
    assert not panel.toolbar.start_button.isEnabled()


def test_unsuitable_tasks_and_data_are_explained(autoencoder_window: MainWindow) -> None:
    document = autoencoder_window.document
    autoencoder_window.bottom.show_tab("anomalies")
    document.try_edit(
        lambda project: set_training(project, replace(project.training, task="classification")), ""
    )
    assert not autoencoder_window.panels.anomalies.toolbar.isVisible()
    assert (
        "a task that reconstructs its input"
        in autoencoder_window.panels.anomalies._placeholder.text()
    )
    document.try_edit(
        lambda project: set_data(project, replace(project.data, source="diabetes")), ""
    )
    autoencoder_window.bottom.show_tab("probe")
    assert not autoencoder_window.panels.probe.toolbar.isVisible()
    assert "no class label per sample" in autoencoder_window.panels.probe._placeholder.text()


def test_pixel_classes_are_not_sample_classes(autoencoder_window: MainWindow) -> None:
    autoencoder_window.document.try_edit(
        lambda project: set_data(project, load(example_path("segment-shapes")).data), ""
    )
    autoencoder_window.bottom.show_tab("probe")
    assert not autoencoder_window.panels.probe.toolbar.isVisible()
    assert "no class label per sample" in autoencoder_window.panels.probe._placeholder.text()


def test_anomaly_sources_match_the_shape_of_the_data(autoencoder_window: MainWindow) -> None:
    sources = autoencoder_window.panels.anomalies.source
    data = autoencoder_window.document.project.data
    sources.show_data(data)
    titles = [sources.itemText(index) for index in range(sources.count())]
    assert {"Noise", "Shapes", "MNIST", "Folder of images…"} <= set(titles)
    assert not {"Handwritten digits 8×8", "Iris"} & set(titles)
    sources.show_data(replace(data, source="moons"))
    titles = [sources.itemText(index) for index in range(sources.count())]
    assert {"Noise", "Circles"} <= set(titles)
    assert not {"MNIST", "Two moons", "Folder of images…"} & set(titles)
