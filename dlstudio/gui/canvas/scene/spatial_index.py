"""A grid index of rectangles, for fast queries of what touches an area."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF

Key = TypeVar("Key")
_Box = tuple[float, float, float, float]
"""Left, top, right, bottom as floats: reading them from a QRectF each time is much slower."""
_CELL = 480.0
_MAX_CELLS = 64


class GridIndex(Generic[Key]):
    """Rectangles by key in square cells; those spanning over `_MAX_CELLS` are kept in a list."""

    def __init__(self) -> None:
        self._rects: dict[Key, _Box] = {}
        self._cells: dict[tuple[int, int], dict[Key, None]] = {}
        self._large: dict[Key, None] = {}

    def put(self, key: Key, rect: QRectF) -> None:
        """Add or replace a rectangle."""
        self.discard(key)
        box = self._rects[key] = _box(rect)
        cells = _cells(box)
        if cells is None:
            self._large[key] = None
            return
        for cell in cells:
            self._cells.setdefault(cell, {})[key] = None

    def discard(self, key: Key) -> None:
        """Remove a rectangle if present."""
        box = self._rects.pop(key, None)
        if box is None:
            return
        cells = _cells(box)
        if cells is None:
            del self._large[key]
            return
        for cell in cells:
            members = self._cells[cell]
            del members[key]
            if not members:
                del self._cells[cell]

    def clear(self) -> None:
        self._rects.clear()
        self._cells.clear()
        self._large.clear()

    def within(self, area: QRectF) -> list[Key]:
        """Return the keys whose rectangles touch `area`, each once."""
        candidates: dict[Key, None] = dict.fromkeys(self._large)
        left, top, right, bottom = box = _box(area)
        cells = _cells(box, max_cells=4096)
        for cell in self._cells if cells is None else cells:
            members = self._cells.get(cell)
            if members:
                candidates.update(members)
        return [
            key
            for key in candidates
            for x0, y0, x1, y1 in (self._rects[key],)
            if x0 <= right and left <= x1 and y0 <= bottom and top <= y1
        ]


def _box(rect: QRectF) -> _Box:
    return rect.left(), rect.top(), rect.right(), rect.bottom()


def _cells(box: _Box, max_cells: int = _MAX_CELLS) -> list[tuple[int, int]] | None:
    left, top, right, bottom = (math.floor(side / _CELL) for side in box)
    if (right - left + 1) * (bottom - top + 1) > max_cells:
        return None
    return list(_cells_between(left, right, top, bottom))


def _cells_between(left: int, right: int, top: int, bottom: int) -> Iterator[tuple[int, int]]:
    for column in range(left, right + 1):
        for row in range(top, bottom + 1):
            yield column, row
