from __future__ import annotations

import csv
import gc
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.curves.curve_style import palette
from dlstudio.gui.plots.curves.curves_panel import CurvesPanel
from dlstudio.gui.runs.earlier.previous_run import PreviousCurves
from dlstudio.gui.runs.run_history import RunHistory
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.style.theme import apply_theme
from dlstudio.training.protocol.events import EpochDone, SettingChanged, Started, StepsDone


def fill_history(history: RunHistory, epochs: int = 3) -> None:
    history.record_start(Started("cpu", 1, 10, {"train": 640}, epochs, 20))
    for epoch in range(1, epochs + 1):
        losses = np.linspace(3 / epoch, 2 / epoch, 20, dtype=np.float32)
        history.record_steps(StepsDone(20 * epoch - 19, losses, np.full(20, 1e-3), epoch, 640.0))
        metrics = {"validation_loss": 1 / epoch, "validation_accuracy": 1 - 0.5 / epoch}
        history.record_epoch(EpochDone(epoch, 20 * epoch, metrics, 1e-3, 1.0))
    history.record_change(SettingChanged(25, "learning_rate", {}, "rate 1e-3 → 1e-4"))


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[CurvesPanel]:
    session = TrainingSession(Document())
    widget = CurvesPanel(session)
    widget.resize(640, 290)
    qtbot.addWidget(widget)
    widget.show()
    yield widget
    widget.hide()


@pytest.fixture
def hosted_panel(panel: CurvesPanel) -> Iterator[CurvesPanel]:
    """Return the panel in a parent widget, so that it can shrink to its minimum width."""
    host = QWidget()
    panel.setParent(host)
    panel.show()
    host.show()
    yield panel
    panel.setParent(None)


def legend_texts(panel: CurvesPanel) -> list[str]:
    return [entry.text for entry in panel.legend.entries]


def fill_session_history(panel: CurvesPanel) -> RunHistory:
    history = panel.session.run.history
    fill_history(history)
    return history


def test_legend_wraps_in_a_narrow_panel(hosted_panel: CurvesPanel, qtbot: QtBot) -> None:
    hosted_panel.resize(900, 290)
    fill_session_history(hosted_panel)
    hosted_panel.redraw()
    high = hosted_panel.legend.height()
    hosted_panel.resize(hosted_panel.minimumSizeHint().width(), 290)
    qtbot.waitUntil(lambda: hosted_panel.legend.height() > high)


@pytest.mark.parametrize("height", [114, 120, 123, 140, 220, 290])
def test_plot_takes_at_least_half_of_a_low_panel(
    hosted_panel: CurvesPanel, qtbot: QtBot, height: int
) -> None:
    apply_theme("dark")
    fill_session_history(hosted_panel)
    hosted_panel.resize(430, height)
    hosted_panel.redraw()
    plot = hosted_panel.chart.getPlotItem().vb
    qtbot.waitUntil(lambda: plot.sceneBoundingRect().height() >= height / 2)
    for control in (
        hosted_panel.toolbar.view_button,
        hosted_panel.toolbar.by_epoch,
        hosted_panel.toolbar.fit_button,
        hosted_panel.toolbar.export_button,
    ):
        assert control.height() >= control.minimumSizeHint().height()
    assert hosted_panel.legend.height() <= (52 if height > 240 else 20)


def test_compact_legend_has_full_text_in_its_tool_tip(
    hosted_panel: CurvesPanel, qtbot: QtBot
) -> None:
    fill_session_history(hosted_panel)
    hosted_panel.resize(430, 140)
    hosted_panel.redraw()
    qtbot.mouseMove(hosted_panel.legend, QPoint(8, 8))
    qtbot.waitUntil(lambda: "validation loss 0.333" in hosted_panel.legend.toolTip())
    qtbot.mouseClick(hosted_panel.legend, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert hosted_panel.legend.entries[0].hidden
    assert [entry.short_text for entry in hosted_panel.legend.entries][1:] == [
        "valid. 0.333",
        "valid. 83.3 %",
    ]


def test_placeholder_is_shown_without_a_run(panel: CurvesPanel) -> None:
    assert not panel.chart.isVisible()
    shown = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert any("Press Train" in text for text in shown)


def test_visible_panel_redraws_on_its_timer(qtbot: QtBot, panel: CurvesPanel) -> None:
    fill_session_history(panel)
    qtbot.waitUntil(panel.chart.isVisible)
    validation_texts = ["validation loss 0.333", "validation accuracy 83.3 %"]
    assert legend_texts(panel) == ["train loss 0.711", *validation_texts], "the mean of 6 steps"


def test_clicking_the_legend_hides_a_curve(qtbot: QtBot, panel: CurvesPanel) -> None:
    fill_session_history(panel)
    panel.redraw()
    before = panel.chart.grab().toImage()
    qtbot.mouseClick(panel.legend, Qt.MouseButton.LeftButton, pos=QPoint(6, 12))
    assert panel.legend.entries[0].hidden
    assert panel.chart.grab().toImage() != before
    qtbot.mouseClick(panel.legend, Qt.MouseButton.LeftButton, pos=QPoint(6, 12))
    assert not panel.legend.entries[0].hidden


@pytest.mark.parametrize("switch", ["by_epoch", "logarithmic"])
def test_scales_can_be_changed(qtbot: QtBot, panel: CurvesPanel, switch: str) -> None:
    fill_session_history(panel)
    panel.redraw()
    before = panel.chart.grab().toImage()
    qtbot.mouseClick(getattr(panel.toolbar, switch), Qt.MouseButton.LeftButton)
    assert panel.chart.grab().toImage() != before


@pytest.mark.parametrize("angle", [-120, 120])
def test_wheel_zooms_a_logarithmic_scale_without_bounds(
    qtbot: QtBot, panel: CurvesPanel, angle: int
) -> None:
    fill_session_history(panel)
    panel.toolbar.logarithmic.click()
    panel.redraw()
    chart = panel.chart
    before = chart.grab().toImage()
    position = chart.viewport().rect().center()
    for _ in range(40):
        event = QWheelEvent(
            QPointF(position),
            QPointF(chart.viewport().mapToGlobal(position)),
            QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QCoreApplication.sendEvent(chart.viewport(), event)
        assert chart.grab().toImage() != before


def test_switching_to_steps_shows_the_whole_run(qtbot: QtBot, panel: CurvesPanel) -> None:
    history = fill_session_history(panel)
    panel.redraw()
    qtbot.wait(50)
    qtbot.mouseClick(panel.toolbar.by_epoch, Qt.MouseButton.LeftButton)
    plot = panel.chart.getPlotItem()
    qtbot.waitUntil(lambda: plot.vb.viewRange()[0][1] >= history.step)
    right = plot.getAxis("right").linkedView()
    assert right.viewRange()[0] == plot.vb.viewRange()[0]
    qtbot.mouseClick(panel.toolbar.by_epoch, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: plot.vb.viewRange()[0][1] < history.epochs + 1)


def test_smoothing_changes_the_line(panel: CurvesPanel) -> None:
    fill_session_history(panel)
    panel.toolbar.smoothing.setValue(100)
    smooth = panel.chart.grab().toImage()
    panel.toolbar.smoothing.setValue(0)
    assert panel.chart.grab().toImage() != smooth


def test_cursor_shows_step_and_epoch(qtbot: QtBot, panel: CurvesPanel) -> None:
    fill_session_history(panel)
    panel.redraw()
    qtbot.mouseMove(panel.chart.viewport(), QPoint(20, 20))
    centre = panel.chart.viewport().rect().center()

    def move_and_read() -> bool:
        qtbot.mouseMove(panel.chart.viewport(), centre + QPoint(int(time.monotonic() * 97) % 5, 0))
        return panel.toolbar.readout.text().startswith("step ")

    qtbot.waitUntil(move_and_read)
    assert "epoch 1." in panel.toolbar.readout.text()


def test_single_step_is_drawn_as_a_visible_point(panel: CurvesPanel) -> None:
    history = panel.session.run.history
    history.record_start(Started("cpu", 1, 10, {"train": 640}, 3, 20))
    colour = QColor(palette(["train_loss"])["train_loss"])

    def count_coloured() -> int:
        panel.redraw()
        image = panel.chart.grab().toImage()
        pixels = [(x, y) for x in range(image.width()) for y in range(image.height())]
        return sum(image.pixelColor(*pixel) == colour for pixel in pixels)

    history.record_steps(StepsDone(1, np.array([2.0], np.float32), np.full(1, 1e-3), 1, 640.0))
    assert count_coloured() >= 30
    history.record_steps(StepsDone(2, np.array([2.0], np.float32), np.full(1, 1e-3), 1, 640.0))
    assert count_coloured() < 30, "a line needs no point"
    fill_history(history)
    panel.redraw()
    panel.chart.zoom_to(-0.01, 0.0)
    assert count_coloured() == 0, "nothing was measured before the first step"


def test_view_menu_shows_learning_rate_and_throughput(panel: CurvesPanel) -> None:
    fill_session_history(panel)
    actions = {action.text(): action for action in panel.toolbar.view_button.menu().actions()}
    actions["Learning rate"].trigger()
    assert legend_texts(panel) == ["learning rate 0.001"]
    actions["Throughput"].trigger()
    assert legend_texts(panel) == ["throughput 640 samples/s"]


def test_runs_can_be_overlaid(panel: CurvesPanel) -> None:
    fill_session_history(panel)
    other = RunHistory(name="yesterday")
    fill_history(other, 2)
    panel.overlay([other])
    assert "validation loss 0.500 · yesterday" in legend_texts(panel)
    panel.overlay([])
    assert not any("yesterday" in text for text in legend_texts(panel))


def test_curves_are_exported_as_png_svg_and_csv(
    qtbot: QtBot, panel: CurvesPanel, tmp_path: Path
) -> None:
    fill_session_history(panel)
    panel.redraw()
    for ending in ("png", "svg", "csv"):
        with qtbot.waitSignal(
            panel.save_progress, check_params_cb=lambda text: text.startswith("Curves saved")
        ):
            panel.save_as(tmp_path / f"curves.{ending}")
    image = QImage(str(tmp_path / "curves.png"))
    assert image.width() == 1600
    colours = {image.pixel(x, y) for x in range(0, 1600, 7) for y in range(0, image.height(), 5)}
    assert len(colours) > 10
    assert "<svg" in (tmp_path / "curves.svg").read_text()
    with (tmp_path / "curves.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == list(range(1, 61))
    assert float(rows[19]["validation_accuracy"]) == pytest.approx(0.5)
    assert rows[0]["validation_loss"] == ""
    with pytest.raises(ValueError, match=r"\.png, \.svg or \.csv"):
        panel.save_as(tmp_path / "curves.txt")


@pytest.mark.parametrize("ending", ["png", "svg", "csv", "doc"])
def test_failed_export_is_reported(
    qtbot: QtBot,
    panel: CurvesPanel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
) -> None:
    fill_history(fill_session_history(panel))
    missing_path = str(tmp_path / "no such folder" / f"curves.{ending}")
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_arguments, **_options: (missing_path, "")
    )
    with qtbot.waitSignal(panel.save_failed) as signal:
        panel.toolbar.export_button.click()
    assert "not saved" in signal.args[0]


def test_changing_the_theme_redraws_the_chart(panel: CurvesPanel) -> None:
    fill_session_history(panel)
    apply_theme("dark")
    panel.redraw()
    dark = panel.chart.grab().toImage()
    apply_theme("light")
    assert panel.chart.grab().toImage() != dark
    apply_theme("dark")


def test_reset_empties_the_plot(qtbot: QtBot, panel: CurvesPanel) -> None:
    fill_session_history(panel)
    qtbot.waitUntil(panel.chart.isVisible)
    panel.session.reset()
    assert not panel.chart.isVisible()


def test_deleting_the_panel_deletes_its_menus(qtbot: QtBot) -> None:
    def menu_count() -> int:
        return sum(isinstance(widget, QMenu) for widget in QApplication.allWidgets())

    before = menu_count()
    panel = CurvesPanel(TrainingSession(Document()))
    assert menu_count() > before
    panel.show()
    assert not any(menu.isVisible() for menu in panel.findChildren(QMenu))
    panel.hide()
    panel.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del panel
    gc.collect()
    assert menu_count() == before


def test_axis_ranges_change_rarely_during_a_run(panel: CurvesPanel) -> None:
    history = panel.session.run.history
    history.record_start(Started("cpu", 1, 10, {"train": 640}, 8, 20))
    view_box = panel.chart.getPlotItem().vb
    ranges = set()
    for step in range(1, 161):
        loss = np.array([2.0 / step**0.5], np.float32)
        history.record_steps(StepsDone(step, loss, np.full(1, 1e-3), 1, 640.0))
        panel.redraw()
        (left, right), (low, high) = view_box.viewRange()
        assert left <= step / 20 <= right
        assert low <= loss[0] <= high
        ranges.add(((left, right), (low, high)))
    assert len(ranges) <= 20


def test_manual_zoom_stays_until_fit_is_pressed(panel: CurvesPanel) -> None:
    fill_session_history(panel)
    panel.redraw()
    view_box = panel.chart.getPlotItem().vb
    full_range = view_box.viewRange()
    view_box.scaleBy((0.5, 0.5))
    view_box.sigRangeChangedManually.emit([True, True])
    panel.redraw()
    assert view_box.viewRange() != full_range
    panel.toolbar.fit_button.click()
    assert view_box.viewRange() == full_range


def test_last_epoch_has_a_tick(qtbot: QtBot, panel: CurvesPanel) -> None:
    fill_history(fill_session_history(panel), epochs=3)
    panel.redraw()
    axis = panel.chart.getAxis("bottom")

    def tick_texts() -> list[str]:
        panel.grab()
        image = QImage(8, 8, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        specs = axis.generateDrawSpecs(painter)
        painter.end()
        return [text for _, _, text in specs[2]]

    qtbot.waitUntil(lambda: tick_texts()[-1:] == ["epoch 3"])


def test_metrics_have_standard_names(panel: CurvesPanel) -> None:
    history = fill_session_history(panel)
    metrics = {"validation_mae": 0.5, "validation_r2": 0.8, "train_mean_iou": 0.4}
    history.record_epoch(EpochDone(4, 80, metrics, 1e-3, 1.0))
    panel.redraw()
    entries = {entry.name: entry for entry in panel.legend.entries}
    assert entries["validation_mae"].text == "validation MAE 0.500"
    assert entries["validation_r2"].text == "validation R² 0.800"
    assert entries["validation_r2"].short_text == "valid. R² 0.800"
    assert entries["train_mean_iou"].text == "train mean IoU 0.400"
    assert len({entry.colour for entry in entries.values()}) == len(entries) == 6


def test_buttons_regain_their_height_together_with_the_panel(hosted_panel: CurvesPanel) -> None:
    heights = []
    for height in (235, 290):
        hosted_panel.resize(640, height)
        QCoreApplication.processEvents()
        heights.append(hosted_panel.toolbar.by_epoch.height())
    assert heights[1] == hosted_panel.toolbar.by_epoch.sizeHint().height() > heights[0]


def test_previous_run_is_named_in_a_narrow_panel(hosted_panel: CurvesPanel) -> None:
    previous = RunHistory("yesterday")
    fill_history(previous)
    hosted_panel.show_previous(PreviousCurves(previous, "yesterday, 23:42"))
    for width, text in ((900, "Earlier run, yesterday, 23:42"), (352, "Earlier")):
        hosted_panel.resize(width, 240)
        hosted_panel.layout().activate()
        hosted_panel.toolbar.layout().activate()
        assert hosted_panel.toolbar.readout.visible_text == text
