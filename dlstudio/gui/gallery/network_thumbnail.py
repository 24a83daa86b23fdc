"""A small image of a network: one box per card in its category's colour, and the wires."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap

from dlstudio.design.model.canvas_metrics import CARD_SIZE
from dlstudio.design.model.model import Project
from dlstudio.gui.style.theme import Theme
from dlstudio.layers.registry import find

_MARGIN = 14.0
_MAX_SCALE = 0.24


def network_thumbnail(project: Project, size: QSize, theme: Theme, ratio: float = 1.0) -> QPixmap:
    """Return the top level of a project, drawn into `size` logical pixels."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(theme.colour("canvas"))
    boxes = _boxes(project, QRectF(0, 0, size.width(), size.height()))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("wire"), 1.2))
    for edge in project.graph.edges.values():
        if edge.source in boxes and edge.target in boxes:
            painter.drawPath(_wire(boxes[edge.source], boxes[edge.target]))
    painter.setPen(Qt.PenStyle.NoPen)
    for node_id, box in boxes.items():
        kind = find(project.graph.nodes[node_id].kind)
        painter.setBrush(theme.category(kind.category if kind else "blocks"))
        painter.drawRoundedRect(box, 3, 3)
    painter.end()
    return pixmap


def _boxes(project: Project, frame: QRectF) -> dict[str, QRectF]:
    positions = project.layout_at().positions
    points = {
        node_id: QPointF(*positions[node_id])
        for node_id in project.graph.nodes
        if node_id in positions
    }
    if not points:
        return {}
    width, height = CARD_SIZE
    bounds = QRectF()
    for point in points.values():
        bounds = bounds.united(QRectF(point.x(), point.y(), width, height))
    available = frame.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    scale = min(
        available.width() / bounds.width(), available.height() / bounds.height(), _MAX_SCALE
    )
    offset = frame.center() - bounds.center() * scale
    return {
        node_id: QRectF(
            point.x() * scale + offset.x(),
            point.y() * scale + offset.y(),
            width * scale,
            height * scale,
        )
        for node_id, point in points.items()
    }


def _wire(source: QRectF, target: QRectF) -> QPainterPath:
    start = QPointF(source.right(), source.center().y())
    end = QPointF(target.left(), target.center().y())
    bend = max(4.0, (end.x() - start.x()) / 2)
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
    return path
