"""A continued run in the plot: one axis over all spans, with a border where it was continued."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.curves.change_lines import CONTINUED
from dlstudio.gui.plots.curves.curves_panel import CurvesPanel
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.training.protocol.events import EpochDone, SettingChanged, Started, StepsDone

PER_EPOCH = 20


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[CurvesPanel]:
    """Return the curves of a run of three epochs that was continued for two."""
    widget = CurvesPanel(TrainingSession(Document()))
    widget.resize(640, 290)
    qtbot.addWidget(widget)
    record_span(widget, 0, 3)
    record_span(widget, 3, 2)
    widget.show()
    widget.redraw()
    widget.grab()
    yield widget
    widget.hide()


def record_span(panel: CurvesPanel, first: int, epochs: int) -> None:
    history, step = panel.session.run.history, first * PER_EPOCH
    end = first + epochs
    history.record_start(
        Started("cpu", 1, 10, {"train": 640}, end, PER_EPOCH, step=step, epoch=first)
    )
    if first:
        values = {"epochs": end, "new_span": True}
        history.record_change(SettingChanged(step + 1, "epochs", values, f"epochs 3 → {end}"))
    for epoch in range(first + 1, end + 1):
        start, losses = PER_EPOCH * (epoch - 1) + 1, np.full(PER_EPOCH, 1 / epoch, np.float32)
        history.record_steps(StepsDone(start, losses, np.full(PER_EPOCH, 1e-3), epoch, 640.0))
        metrics = {"validation_loss": 1 / epoch}
        history.record_epoch(EpochDone(epoch, PER_EPOCH * epoch, metrics, 1e-3, 1.0))


def borders(panel: CurvesPanel) -> list[tuple[float, str]]:
    items = panel.chart.getPlotItem().items
    lines: list[Any] = [item for item in items if isinstance(item, pg.InfiniteLine)]
    return [(line.value(), line.label.format) for line in lines if hasattr(line, "label")]


def test_axis_is_continuous_and_the_border_is_marked(panel: CurvesPanel) -> None:
    assert borders(panel) == [(3.0, CONTINUED)]
    (low, high), _ = panel.chart.getPlotItem().vb.viewRange()
    assert low <= 0
    assert 5 <= high < 6
    panel.toolbar.by_epoch.click()
    assert borders(panel) == [(60.0, CONTINUED)]


def test_continuing_twice_from_one_step_gives_one_border(panel: CurvesPanel) -> None:
    for _ in range(2):
        record_span(panel, 5, 1)
    panel.redraw()
    assert [position for position, _ in borders(panel)] == [3.0, 5.0]


def test_new_run_has_no_border(panel: CurvesPanel) -> None:
    panel.session.run.clear()
    record_span(panel, 0, 2)
    panel.redraw()
    assert borders(panel) == []


def test_exports_cover_all_spans(qtbot: QtBot, panel: CurvesPanel, tmp_path: Path) -> None:
    with qtbot.waitSignal(
        panel.save_progress, check_params_cb=lambda text: text.startswith("Curves saved")
    ):
        panel.save_as(tmp_path / "curves.csv")
    with (tmp_path / "curves.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == list(range(1, 101))
    assert [int(row["span"]) for row in rows] == [1] * 60 + [2] * 40
    assert float(rows[-1]["epoch"]) == 5
    panel.save_as(tmp_path / "with.png")
    panel.session.run.history.spans.clear()
    panel.redraw()
    panel.grab()
    panel.save_as(tmp_path / "without.png")
    images = [QImage(str(tmp_path / name)) for name in ("with.png", "without.png")]
    assert images[0].size() == images[1].size()
    assert images[0] != images[1]
