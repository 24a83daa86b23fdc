"""The views that are made when they are asked for: odd samples and the linear probe."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import append_after, set_data, set_training
from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.design.model import Project
from dlstudio.design.values import Value
from dlstudio.gui.main_window import MainWindow
from dlstudio.gui.plots.look_bar import LookBar
from dlstudio.gui.plots.odd_sources import OddSources
from dlstudio.gui.session import IDLE
from dlstudio.insight.anomaly_views import OddChoice

LONG = 60_000
LAYERS: tuple[tuple[str, dict[str, Value]], ...] = (
    ("input", {}),
    ("flatten", {}),
    ("linear", {"out_features": 6}),
    ("linear", {"out_features": 64}),
    ("reshape", {"shape": (1, 8, 8)}),
    ("output", {"role": "reconstruction"}),
)


@pytest.fixture
def rebuilding(window: MainWindow, qtbot: QtBot) -> MainWindow:
    project, last = Project(), None
    for kind, settings in LAYERS:
        project, last = append_after(project, last, kind, settings)
    training = replace(project.training, task="reconstruction", loss="mse", epochs=1)
    window.document.load(set_training(project, training), None)
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=LONG)
    return window


@pytest.fixture
def trained(rebuilding: MainWindow, qtbot: QtBot) -> MainWindow:
    rebuilding.session.train()
    qtbot.waitUntil(lambda: rebuilding.session.state == IDLE, timeout=LONG)
    return rebuilding


def press(qtbot: QtBot, bar: LookBar) -> None:
    qtbot.mouseClick(bar.begin, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not bar.look.is_busy, timeout=LONG)


def choose(qtbot: QtBot, sources: OddSources, title: str) -> None:
    sources.setCurrentIndex(sources.findText(title))
    sources.activated.emit(sources.currentIndex())


def test_nothing_can_be_asked_for_before_there_is_a_network(rebuilding: MainWindow) -> None:
    for panel in (rebuilding.anomalies, rebuilding.probe):
        assert not panel.bar.begin.isEnabled()
        assert "Press Train" in panel._waiting.text()


def test_nothing_is_made_unasked(trained: MainWindow) -> None:
    assert trained.anomalies.view is None
    assert trained.probe.view is None
    assert trained.anomalies.bar.begin.isEnabled()


def test_the_threshold_is_moved_by_a_share_by_hand_and_by_keys(
    trained: MainWindow, qtbot: QtBot
) -> None:
    panel = trained.anomalies
    trained.bottom.show_tab("anomalies")
    press(qtbot, panel.bar)
    assert panel.view is not None
    assert panel.view.choice == OddChoice()
    assert "5.2 % of usual" in panel.figures.text()
    panel.quantile.selectAll()
    qtbot.keyClicks(panel.quantile, "50")
    qtbot.keyClick(panel.quantile, Qt.Key.Key_Return)
    assert "50.0 % of usual" in panel.figures.text()
    half = panel.chart.limit
    qtbot.keyClick(panel.chart, Qt.Key.Key_Right)
    assert panel.chart.limit > half
    right = QPoint(panel.chart.width() - 1, 40)
    qtbot.mouseClick(panel.chart, Qt.MouseButton.LeftButton, pos=right)
    assert "above the threshold: 0.0 % of usual, 0.0 % of odd" in panel.figures.text()
    assert panel.quantile.text() == "100"
    panel.quantile.selectAll()
    qtbot.keyClicks(panel.quantile, "many")
    qtbot.keyClick(panel.quantile, Qt.Key.Key_Return)
    assert panel.quantile.text() == "100"


def test_other_odd_samples_are_compared_at_once(trained: MainWindow, qtbot: QtBot) -> None:
    panel = trained.anomalies
    trained.bottom.show_tab("anomalies")
    press(qtbot, panel.bar)
    choose(qtbot, panel.source, "Generated shapes")
    qtbot.waitUntil(lambda: not panel.bar.look.is_busy, timeout=LONG)
    assert panel.view is not None
    assert panel.view.choice.source == "shapes"


def test_what_cannot_be_had_is_said_and_the_last_view_stays(
    trained: MainWindow, qtbot: QtBot, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = trained.anomalies
    trained.bottom.show_tab("anomalies")
    press(qtbot, panel.bar)
    previous_view = panel.view
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    choose(qtbot, panel.source, "Folder of pictures…")
    qtbot.waitUntil(lambda: not panel.bar.look.is_busy, timeout=LONG)
    assert "no pictures" in panel.bar.words.text().lower()
    assert panel.view is previous_view
    assert panel.bar.begin.isVisible()


def test_a_cancelled_look_leaves_nothing_behind(trained: MainWindow, qtbot: QtBot) -> None:
    panel = trained.probe
    trained.bottom.show_tab("probe")
    qtbot.mouseClick(panel.bar.begin, Qt.MouseButton.LeftButton)
    assert panel.bar.stop.isVisible()
    qtbot.mouseClick(panel.bar.stop, Qt.MouseButton.LeftButton)
    assert panel.bar.begin.isVisible()
    assert panel.bar.words.text() == ""
    qtbot.wait(300)
    assert panel.view is None


def test_the_probe_takes_the_selected_layer_and_few_labels(
    trained: MainWindow, qtbot: QtBot
) -> None:
    panel = trained.probe
    trained.bottom.show_tab("probe")
    trained.document.set_selection(["linear_1"])
    panel.labels.setCurrentText("5 a class")
    press(qtbot, panel.bar)
    assert panel.view is not None
    assert (panel.view.choice.path, panel.view.labelled) == ("linear_1", 50)
    assert panel.heading.text().startswith("linear_1 · 6 numbers · 50 labels, 5 draws")
    assert "Untrained" in panel.bars.accessibleDescription()


def test_a_paused_run_is_looked_at_as_it_stands(rebuilding: MainWindow, qtbot: QtBot) -> None:
    rebuilding.session.step()
    qtbot.waitUntil(lambda: rebuilding.session.state == "paused", timeout=LONG)
    rebuilding.bottom.show_tab("anomalies")
    press(qtbot, rebuilding.anomalies.bar)
    assert rebuilding.anomalies.view is not None
    assert rebuilding.anomalies.view.step == 1
    rebuilding.session.stop()
    qtbot.waitUntil(lambda: rebuilding.session.state == IDLE, timeout=LONG)


def test_a_new_run_and_another_design_take_the_views_away(
    trained: MainWindow, qtbot: QtBot
) -> None:
    panel = trained.anomalies
    trained.bottom.show_tab("anomalies")
    press(qtbot, panel.bar)
    trained.run_control.reset()
    assert panel.view is None
    assert not panel.bar.begin.isEnabled()


def test_other_tasks_and_data_without_classes_say_so(rebuilding: MainWindow) -> None:
    document = rebuilding.document
    rebuilding.bottom.show_tab("anomalies")
    document.try_edit(
        lambda project: set_training(project, replace(project.training, task="classification")), ""
    )
    assert not rebuilding.anomalies.bar.isVisible()
    assert "tasks that rebuild" in rebuilding.anomalies._waiting.text()
    document.try_edit(
        lambda project: set_data(project, replace(project.data, source="diabetes")), ""
    )
    rebuilding.bottom.show_tab("probe")
    assert not rebuilding.probe.bar.isVisible()
    assert "no class for each sample" in rebuilding.probe._waiting.text()


def test_classes_of_pixels_are_none_of_samples(rebuilding: MainWindow) -> None:
    rebuilding.document.try_edit(
        lambda project: set_data(project, load(example_path("segment-shapes")).data), ""
    )
    rebuilding.bottom.show_tab("probe")
    assert not rebuilding.probe.bar.isVisible()
    assert "no class for each sample" in rebuilding.probe._waiting.text()


def test_odd_samples_have_the_form_of_the_usual_ones(rebuilding: MainWindow) -> None:
    sources = rebuilding.anomalies.source
    data = rebuilding.document.project.data
    sources.show_data(data)
    titles = [sources.itemText(index) for index in range(sources.count())]
    assert {"Noise", "Generated shapes", "MNIST", "Folder of pictures…"} <= set(titles)
    assert not {"Handwritten digits 8×8", "Iris"} & set(titles)
    sources.show_data(replace(data, source="moons"))
    titles = [sources.itemText(index) for index in range(sources.count())]
    assert {"Noise", "Circles"} <= set(titles)
    assert not {"MNIST", "Two moons", "Folder of pictures…"} & set(titles)
