"""Assigns each node a row: paths below each other, wires clear of cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush

from dlstudio.design.arrange.layout_columns import Columns

CLEARANCE = 0.42
"""Smallest vertical distance, in rows, between a wire's centre line and a card's centre."""
MAX_ROW_DISTANCE = 8
"""Rows tried on each side beyond the outermost rows in use."""
MAX_RETRIED_NODES = 400
"""Components with more nodes are laid out only once."""
_CURVE_STEPS = 64


def _wire_heights() -> list[float]:
    """Return how far down a wire is at a horizontal position, both from 0 to 1.

    A wire is a cubic Bézier curve whose control points lie half-way across, level with its ends.
    """
    heights: list[float] = []
    t = 0.0
    for step in range(_CURVE_STEPS + 1):
        while 1.5 * t - 1.5 * t * t + t * t * t < step / _CURVE_STEPS and t < 1.0:
            t += 0.001
        heights.append(t * t * (3 - 2 * t))
    return heights


_WIRE_HEIGHTS = _wire_heights()


def assign_rows(
    columns: Columns, card_share: float, component: Sequence[str]
) -> tuple[dict[str, int], int]:
    """Return the row of each node of a component, and the number of wires that cross cards.

    `card_share` is a card's fraction of a column's pitch. Where wires cross cards, other orders and
    sides are tried, and the best is used.
    """
    best = _RowAssignment(columns, card_share).assign(component)
    if len(component) > MAX_RETRIED_NODES:
        return best.index, 0
    tries = [(downward, shallow) for downward in (True, False) for shallow in (True, False)]
    for downward, shallow in tries:
        if not best.overlap_count():
            break
        other = _RowAssignment(columns, card_share, downward, shallow, 2 * MAX_ROW_DISTANCE).assign(
            component
        )
        best = min(best, other, key=_RowAssignment.overlap_count)
    return best.index, best.overlap_count()


class _RowAssignment:
    """Assigns rows within one component; assigned rows do not change again."""

    def __init__(
        self,
        columns: Columns,
        card_share: float,
        downward: bool = True,
        shallow: bool = True,
        max_distance: int = MAX_ROW_DISTANCE,
    ) -> None:
        self._downward, self._shallow, self._max_distance = downward, shallow, max_distance
        self._columns = columns
        self._share = card_share
        self.index: dict[str, int] = {}
        self._cards: dict[int, set[int]] = {}
        self._wires: dict[int, list[tuple[float, float]]] = {}

    def assign(self, component: Sequence[str]) -> _RowAssignment:
        """Assign a row to each node of a component, and return the assignment."""
        column = self._columns.index
        starts = sorted(
            (node_id for node_id in component if not self._columns.predecessors[node_id]),
            key=lambda node_id: column[node_id],
        )
        waiting: list[tuple[int, int, int, int, str]] = []
        for start in starts:
            if start not in self.index:
                self._place_path(self._longest_path(start), waiting)
            while waiting:
                node_id = heappop(waiting)[-1]
                if node_id not in self.index:
                    self._place_path(self._longest_path(node_id), waiting)
        return self

    def overlap_count(self) -> int:
        """Return how often wires cross cards."""
        return sum(
            low - CLEARANCE < card < high + CLEARANCE
            for column, wires in self._wires.items()
            for low, high in wires
            for card in self._cards.get(column, ())
        )

    def _longest_path(self, start: str) -> list[str]:
        """Return the path from `start` over nodes without a row, along the longest wires."""
        path = [start]
        while True:
            current = path[-1]
            onward = [
                node_id
                for node_id in self._columns.successors[current]
                if node_id not in self.index
            ]
            if not onward:
                return path
            path.append(max(onward, key=lambda node_id: self._length_and_slack(current, node_id)))

    def _length_and_slack(self, source: str, target: str) -> tuple[int, int]:
        span = self._columns.index[target] - self._columns.index[source] - 1
        return max(span, self._columns.slack[target]), span

    def _place_path(
        self, path: Sequence[str], waiting: list[tuple[int, int, int, int, str]]
    ) -> None:
        row = self._best_row(path)
        for node_id in path:
            self.index[node_id] = row
            self._cards.setdefault(self._columns.index[node_id], set()).add(row)
        within = dict.fromkeys(path, row)
        for node_id in path:
            for source, target in self._wires_of(node_id, within):
                for column, low, high in self._wire_extents(source, target):
                    self._wires.setdefault(column, []).append((low, high))
            for target in self._columns.successors[node_id]:
                if target not in self.index:
                    priority = self._length_and_slack(node_id, target)[0]
                    depth = abs(row) if self._shallow else -abs(row)
                    key = (depth, -priority, self._columns.index[target])
                    heappush(waiting, (*key, len(waiting), target))

    def _best_row(self, path: Sequence[str]) -> int:
        neighbours = [
            self.index[node_id] for node_id in self._neighbours(path) if node_id in self.index
        ]
        if not self.index:
            return 0
        base = neighbours[0] if neighbours else 0
        best, fewest = base, 10**9
        for row in self._candidates(base):
            collisions = self._collisions(path, row, fewest)
            if collisions < fewest:
                best, fewest = row, collisions
                if collisions == 0:
                    break
        return best

    def _neighbours(self, path: Sequence[str]) -> Iterator[str]:
        yield from self._columns.predecessors[path[0]]
        for node_id in reversed(path):
            yield from self._columns.successors[node_id]

    def _candidates(self, base: int) -> Iterator[int]:
        rows = self.index.values()
        low, high = min(rows) - 1, max(rows) + 1
        below, above = (
            range(base, base + self._max_distance + 1),
            range(base, base - self._max_distance - 1, -1),
        )
        candidates = [*below, *above] if self._downward else [*above, *below]
        yield from dict.fromkeys([*(r for r in candidates if low <= r <= high), high, low])
        yield from (r for r in candidates if not low <= r <= high)

    def _collisions(self, path: Sequence[str], row: int, limit: int) -> int:
        """Return the number of overlaps of cards and wires; overlapping cards rule it out."""
        collisions = 0
        for node_id in path:
            column = self._columns.index[node_id]
            if row in self._cards.get(column, ()):
                return 10**9
            collisions += any(
                low - CLEARANCE < row < high + CLEARANCE
                for low, high in self._wires.get(column, ())
            )
            if collisions >= limit:
                return collisions
        candidate = dict.fromkeys(path, row)
        own_columns = {self._columns.index[node_id] for node_id in path}
        for node_id in path:
            for source, target in self._wires_of(node_id, candidate):
                for column, low, high in self._wire_extents(source, target, candidate):
                    cards = self._cards.get(column, ())
                    collisions += any(low - CLEARANCE < card < high + CLEARANCE for card in cards)
                    collisions += column in own_columns and low - CLEARANCE < row < high + CLEARANCE
                    if collisions >= limit:
                        return collisions
        return collisions

    def _wires_of(self, node: str, path: Mapping[str, int]) -> Iterator[tuple[str, str]]:
        """Yield the wires from `node` to its path and to nodes with a row, once per path."""
        for source in self._columns.predecessors[node]:
            if source in self.index or source in path:
                yield source, node
        for target in self._columns.successors[node]:
            if target in self.index and target not in path:
                yield node, target

    def _wire_extents(
        self, source: str, target: str, candidate: dict[str, int] | None = None
    ) -> Iterator[tuple[int, float, float]]:
        """Yield the rows that a wire crosses in the columns between its ends."""
        first, last = self._columns.index[source], self._columns.index[target]
        if last - first < 2:
            return
        known = candidate or {}
        start = known.get(source, self.index.get(source, 0))
        end = known.get(target, self.index.get(target, 0))
        length = last - first - self._share
        for column in range(first + 1, last):
            left = (column - first - self._share) / length
            right = (column - first) / length
            one = start + (end - start) * _WIRE_HEIGHTS[int(left * _CURVE_STEPS)]
            two = (
                start
                + (end - start) * _WIRE_HEIGHTS[min(_CURVE_STEPS, int(right * _CURVE_STEPS) + 1)]
            )
            yield column, min(one, two), max(one, two)
