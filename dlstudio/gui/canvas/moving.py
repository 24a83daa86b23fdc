"""Cards that are shown moved together while they are dragged. Their places in the index stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF

from dlstudio.gui.canvas.geometry import Cubic
from dlstudio.gui.canvas.index import GridIndex


@dataclass(slots=True)
class Moving:
    """What is moved, and how far.

    Attributes:
        ids: Cards, and notes as `note:<id>`.
        wires: Keys of wires with both ends on these cards: they move along.
        loose: Keys of wires with one end on them: they stretch.
        by: How far, in scene units.
    """

    ids: frozenset[str] = frozenset()
    wires: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    by: QPointF = field(default_factory=QPointF)

    def way(self, key: str) -> QPointF:
        """Return how far a card, a note or a whole wire is moved."""
        return self.by if key in self.ids or key in self.wires else QPointF()

    def within(self, index: GridIndex[str], area: QRectF) -> list[str]:
        """Return the keys of an index that touch `area` where they are shown."""
        if not self.ids or self.by.isNull():
            return index.within(area)
        own = self.ids | self.wires
        still = [key for key in index.within(area) if key not in own]
        return still + [key for key in index.within(area.translated(-self.by)) if key in own]


def moving(ids: Iterable[str], wires_of: Mapping[str, set[str]]) -> Moving:
    """Return cards about to be moved, with their wires."""
    chosen = frozenset(ids)
    once: set[str] = set()
    twice: set[str] = set()
    for each in chosen:
        wires = wires_of.get(each, set())
        twice |= once & wires
        once |= wires
    return Moving(chosen, frozenset(twice), frozenset(once - twice))


def move_curve(curve: Cubic, way: QPointF) -> None:
    """Move a curve's points."""
    for point in curve:
        point += way  # noqa: PLW2901  # QPointF changes in place
