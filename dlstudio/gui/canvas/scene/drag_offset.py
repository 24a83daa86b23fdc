"""The common offset of dragged cards. Their entries in the spatial index stay unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF

from dlstudio.gui.canvas.scene.geometry import Cubic
from dlstudio.gui.canvas.scene.spatial_index import GridIndex


@dataclass(slots=True)
class DragOffset:
    """What is dragged, and how far.

    Attributes:
        ids: Cards, and notes as `note:<id>`.
        wires: Keys of wires with both ends on these cards; they move with them.
        stretched_wires: Keys of wires with one end on these cards.
        offset: Offset in scene units.
    """

    ids: frozenset[str] = frozenset()
    wires: frozenset[str] = frozenset()
    stretched_wires: frozenset[str] = frozenset()
    offset: QPointF = field(default_factory=QPointF)

    def begin(self, ids: Iterable[str], wires_by_node: Mapping[str, set[str]]) -> None:
        """Drag `ids` and their wires, at first by nothing."""
        dragged = frozenset(ids)
        attached: set[str] = set()
        enclosed: set[str] = set()
        for node_id in dragged:
            wires = wires_by_node.get(node_id, set())
            enclosed |= attached & wires
            attached |= wires
        self.ids, self.wires = dragged, frozenset(enclosed)
        self.stretched_wires = frozenset(attached - enclosed)
        self.offset = QPointF()

    def offset_of(self, key: str) -> QPointF:
        """Return the offset of a card, a note or a wire: zero unless it is dragged."""
        return self.offset if key in self.ids or key in self.wires else QPointF()

    def within(self, index: GridIndex[str], area: QRectF) -> list[str]:
        """Return the keys of an index whose displayed rectangles touch `area`."""
        if not self.ids or self.offset.isNull():
            return index.within(area)
        dragged = self.ids | self.wires
        stationary = [key for key in index.within(area) if key not in dragged]
        return stationary + [
            key for key in index.within(area.translated(-self.offset)) if key in dragged
        ]


def translate_curve(curve: Cubic, offset: QPointF) -> None:
    """Move a curve's points in place."""
    for point in curve:
        point += offset  # noqa: PLW2901  # QPointF changes in place
