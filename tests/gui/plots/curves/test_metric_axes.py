"""Metrics of different ranges have axes of their own, and losses do not go below zero."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.curves.axis_range import stable_range
from dlstudio.gui.plots.curves.chart import Chart
from dlstudio.gui.plots.curves.curves_panel import CurvesPanel
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.training.metrics.metric_names import metric_scale
from dlstudio.training.protocol.events import EpochDone, Started, StepsDone
from dlstudio.training.specs.registry import TASKS

Metrics = Callable[[int], Mapping[str, float]]


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[CurvesPanel]:
    widget = CurvesPanel(TrainingSession(Document()))
    widget.resize(700, 290)
    qtbot.addWidget(widget)
    widget.show()
    yield widget
    widget.hide()


def show_metrics(panel: CurvesPanel, metrics: Metrics) -> Chart:
    history = panel.session.run.history
    history.record_start(Started("cpu", 1, 10, {"train": 640}, 4, 20))
    for epoch in range(1, 5):
        values = metrics(epoch)
        losses = np.full(20, values["validation_loss"], np.float32)
        history.record_steps(StepsDone(20 * epoch - 19, losses, np.full(20, 1e-3), epoch, 640.0))
        history.record_epoch(EpochDone(epoch, 20 * epoch, values, 1e-3, 1.0))
    panel.redraw()
    return panel.chart


def regression(epoch: int) -> Mapping[str, float]:
    return {
        "validation_loss": 1 / epoch,
        "validation_mae": 30 + 40 / epoch,
        "validation_r2": 0.8 - 1 / epoch,
    }


def filled_share(chart: Chart, scale: str, low: float, high: float) -> float:
    bottom, top = chart.metric_axes.of(scale).box.viewRange()[1]
    return (high - low) / (top - bottom)


def test_r2_and_mae_each_fill_their_axis(panel: CurvesPanel) -> None:
    chart = show_metrics(panel, regression)
    assert chart.metric_axes.scales == ("mae", "r2")
    axes = [chart.metric_axes.of(scale).axis for scale in ("mae", "r2")]
    assert [axis.labelText for axis in axes] == ["MAE", "R²"]
    assert all(axis.isVisible() for axis in axes)
    assert filled_share(chart, "mae", 40, 70) > 0.6
    assert filled_share(chart, "r2", -0.2, 0.55) > 0.6


def test_accuracy_and_perplexity_each_fill_their_axis(panel: CurvesPanel) -> None:
    chart = show_metrics(
        panel,
        lambda epoch: {
            "validation_loss": 3 / epoch,
            "validation_accuracy": 0.9 - 0.5 / epoch,
            "validation_perplexity": 60 / epoch,
        },
    )
    assert chart.metric_axes.scales == ("share", "perplexity")
    assert chart.metric_axes.of("share").axis.percent
    assert filled_share(chart, "share", 0, 1) > 0.9
    assert filled_share(chart, "perplexity", 15, 60) > 0.6


def test_hidden_metric_gives_its_axis_back(panel: CurvesPanel) -> None:
    chart = show_metrics(panel, regression)
    panel.legend.toggled.emit("validation_r2")
    assert chart.metric_axes.scales == ("mae",)
    panel.legend.toggled.emit("validation_r2")
    assert chart.metric_axes.scales == ("mae", "r2")


def test_narrow_panel_keeps_the_plot_wide_enough(panel: CurvesPanel) -> None:
    chart = show_metrics(panel, regression)
    panel.resize(310, 290)
    panel.redraw()
    assert [chart.metric_axes.of(name).axis.isVisible() for name in ("mae", "r2")] == [True, False]


@pytest.mark.parametrize("task", TASKS)
def test_metrics_on_one_axis_have_one_scale(task: str) -> None:
    """Only shares, and metrics that say so, share an axis."""
    metrics = [metric for metric in TASKS[task].metrics if not metric.name.endswith("loss")]
    for metric in metrics:
        scale = metric_scale(f"validation_{metric.name}")
        sharing = [one for one in metrics if metric_scale(f"test_{one.name}") == scale]
        assert all(one.percentage or one.scale for one in sharing) or sharing == [metric]


@pytest.mark.parametrize("loss", [0.0, 1e-9, 0.3])
def test_loss_axis_does_not_go_below_zero(panel: CurvesPanel, loss: float) -> None:
    chart = show_metrics(panel, lambda epoch: {"validation_loss": loss / epoch})
    low, high = chart.getPlotItem().vb.viewRange()[1]
    assert low >= -0.03 * high
    chart.getPlotItem().vb.setYRange(-5 * high, high)
    assert chart.getPlotItem().vb.viewRange()[1][0] >= -0.03 * high


def test_negative_loss_is_shown(panel: CurvesPanel) -> None:
    chart = show_metrics(panel, lambda epoch: {"validation_loss": -float(epoch)})
    assert chart.getPlotItem().vb.viewRange()[1][0] < -4


def test_range_of_zeros_starts_at_zero() -> None:
    low, high = stable_range(0.0, 0.0, None, from_zero=True)
    assert -0.03 * high <= low <= 0 < high
