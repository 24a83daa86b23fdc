"""Time to redraw a very long loss curve."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

import numpy as np

from tests.benchmarks.rows import ResultRow

POINTS = 1_000_000
BUDGET = 16.0
ROUNDS = 21


def curves() -> list[ResultRow]:
    """Measure redrawing and painting 10⁶ loss points, all in view and zoomed in."""
    from PySide6.QtWidgets import QApplication

    from dlstudio.gui.document.document import Document
    from dlstudio.gui.plots.curves.curves_panel import CurvesPanel
    from dlstudio.gui.runs.session import TrainingSession
    from dlstudio.gui.style.theme import apply_theme, load_fonts
    from dlstudio.training.protocol.events import Started, StepsDone

    app = QApplication.instance() or QApplication(sys.argv[:1])
    load_fonts()
    apply_theme("dark")
    session = TrainingSession(Document())
    noise = np.random.default_rng(0).random(POINTS, np.float32)
    session.run.history.record_start(Started("cpu", 1, 1, {"train": POINTS}, 100, POINTS // 100))
    losses = (2 * np.exp(-np.arange(POINTS) / 2e5) + 0.1 * noise).astype(np.float32)
    session.run.history.record_steps(StepsDone(1, losses, np.full(POINTS, 1e-3), 100, 1.0))
    panel = CurvesPanel(session)
    panel.resize(640, 290)
    panel.show()
    app.processEvents()
    rows = [_row("whole run in view", panel)]
    panel.chart.zoom_to(20, 30)
    rows.append(_row("a tenth in view", panel))
    panel.hide()
    return rows


def _row(view: str, panel: object) -> ResultRow:
    from dlstudio.gui.plots.curves.curves_panel import CurvesPanel

    assert isinstance(panel, CurvesPanel)
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        panel.redraw()
        panel.chart.grab()
        times.append(1e3 * (perf_counter() - start))
    milliseconds = median(times)
    name = f"redraw of {POINTS:,} loss points, {view}"
    return ResultRow(name, f"≤ {BUDGET:g} ms", f"{milliseconds:.1f} ms", milliseconds <= BUDGET)


BENCHMARKS: Mapping[str, Callable[[], list[ResultRow]]] = {"curves": curves}
