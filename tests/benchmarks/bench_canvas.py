"""Time to draw one frame of the canvas, with the whole design in view and at 100 %."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Mapping
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QPointF, QSize
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from dlstudio.design.model.canvas_metrics import CARD_SIZE, COLUMN_GAP, ROW_GAP
from dlstudio.design.model.model import Edge, Graph, Layout, Node, Project
from dlstudio.design.model.report import Cost, NodeReport, Report
from dlstudio.design.model.signals import Signal
from dlstudio.gui.canvas.editor.editor import CanvasEditor
from dlstudio.gui.document.document import Document
from dlstudio.gui.style import theme
from tests.benchmarks.rows import ResultRow

SIZE = QSize(1800, 1080)
FRAMES = 25
FAR_BUDGETS = {1000: 0.016, 5000: 0.050}
NEAR_BUDGET = 0.008
KINDS: tuple[tuple[str, dict[str, int]], ...] = (
    ("conv2d", {"out_channels": 16, "kernel_size": 3}),
    ("batch_norm2d", {}),
    ("relu", {}),
    ("max_pool2d", {"kernel_size": 2}),
    ("add", {}),
)


def grid_design(cards: int) -> tuple[Project, Report]:
    """Return a design of `cards` cards in rows, with skip wires between rows, and its report."""
    columns = math.ceil(math.sqrt(cards) * 1.3)
    nodes, edges, positions, reports = {}, {}, {}, {}
    ids: list[str] = []
    for number in range(cards):
        kind, settings = KINDS[number % len(KINDS)]
        node_id = f"{kind}_{number}"
        row, column = divmod(number, columns)
        nodes[node_id] = Node(node_id, kind, settings)
        positions[node_id] = (column * (CARD_SIZE[0] + COLUMN_GAP), row * (CARD_SIZE[1] + ROW_GAP))
        signal = Signal((16, 28, 28))
        reports[node_id] = NodeReport(node_id, kind, {}, {"output": signal}, Cost(2320))
        port = "inputs" if kind == "add" else "input"
        wires = [(ids[-1], 0)] if column else []
        if kind == "add" and row:
            wires.append((ids[-columns], 1))
        for source, slot in wires:
            edge = Edge(source, node_id, "output", port, slot)
            edges[edge.key] = edge
        ids.append(node_id)
    project = Project(graph=Graph(nodes, edges), layouts={"": Layout(positions)})
    return project, Report(reports)


def frame_times(editor: CanvasEditor, step: QPointF) -> list[float]:
    """Return the seconds per frame while the view pans by `step`."""
    view, ratio = editor.view, editor.devicePixelRatioF()
    image = QImage(view.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    seconds = []
    for _ in range(FRAMES):
        editor.context.camera.pan(step)
        start = time.perf_counter()
        view.render(image, QPoint(), QRegion(), QWidget.RenderFlag(0))
        seconds.append(time.perf_counter() - start)
    return seconds


def frame_rows() -> list[ResultRow]:
    """Measure two sizes of design, each with all of it in view and at 100 %."""
    app = QApplication.instance() or QApplication([])
    theme.load_fonts()
    theme.apply_theme("dark")
    rows = []
    for cards, budget in FAR_BUDGETS.items():
        project, report = grid_design(cards)
        editor = CanvasEditor(Document(project))
        editor.resize(SIZE)
        editor.show()
        editor.context.document.set_report(report)
        app.processEvents()
        editor.zoom_fit()
        rows.append(_row(f"whole design in view, {cards:,} nodes", budget, editor))
        editor.zoom_reset()
        rows.append(_row(f"at 100 %, {cards:,} nodes", NEAR_BUDGET, editor))
        editor.close()
        editor.deleteLater()
    return rows


def _row(name: str, budget: float, editor: CanvasEditor) -> ResultRow:
    seconds = median(frame_times(editor, QPointF(7, 3)))
    return ResultRow(
        f"canvas frame, {name}",
        f"≤ {budget * 1000:.0f} ms",
        f"{seconds * 1000:.1f} ms",
        seconds <= budget,
    )


BENCHMARKS: Mapping[str, Callable[[], list[ResultRow]]] = {"canvas": frame_rows}
