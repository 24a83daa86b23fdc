"""A small picture of a network: a box a card in its category's colour, and the wires."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap

from dlstudio.design.layout import CARD
from dlstudio.design.model import Project
from dlstudio.gui.theme import Theme
from dlstudio.layers.registry import find

_MARGIN = 14.0
_LARGEST_SCALE = 0.24


def network_picture(project: Project, size: QSize, theme: Theme, ratio: float = 1.0) -> QPixmap:
    """Return the top level drawn into `size` logical pixels."""
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(theme.colour("canvas"))
    boxes = _boxes(project, QRectF(0, 0, size.width(), size.height()))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("wire"), 1.2))
    for edge in project.graph.edges.values():
        if edge.source in boxes and edge.target in boxes:
            painter.drawPath(_wire(boxes[edge.source], boxes[edge.target]))
    painter.setPen(Qt.PenStyle.NoPen)
    for each, box in boxes.items():
        kind = find(project.graph.nodes[each].kind)
        painter.setBrush(theme.category(kind.category if kind else "blocks"))
        painter.drawRoundedRect(box, 3, 3)
    painter.end()
    return picture


def _boxes(project: Project, frame: QRectF) -> dict[str, QRectF]:
    positions = project.layout_at().positions
    places = {each: QPointF(*positions[each]) for each in project.graph.nodes if each in positions}
    if not places:
        return {}
    width, height = CARD
    whole = QRectF()
    for place in places.values():
        whole = whole.united(QRectF(place.x(), place.y(), width, height))
    room = frame.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    scale = min(room.width() / whole.width(), room.height() / whole.height(), _LARGEST_SCALE)
    shift = frame.center() - whole.center() * scale
    return {
        each: QRectF(
            place.x() * scale + shift.x(),
            place.y() * scale + shift.y(),
            width * scale,
            height * scale,
        )
        for each, place in places.items()
    }


def _wire(source: QRectF, target: QRectF) -> QPainterPath:
    start = QPointF(source.right(), source.center().y())
    end = QPointF(target.left(), target.center().y())
    bend = max(4.0, (end.x() - start.x()) / 2)
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
    return path
