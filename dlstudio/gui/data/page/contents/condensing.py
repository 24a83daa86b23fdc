"""Condenses what was left out to what a person can read. Imports no Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from dlstudio.data.core.data_report import LeftOut

_MAX_PLACES = 5
_MAX_REASONS = 30
_OTHER_REASONS = "other reasons"


def condense(left_out: Sequence[LeftOut]) -> tuple[LeftOut, ...]:
    """Return the columns, and of the rest a few places for each of the most frequent reasons.

    Further places of a reason become one item that counts them, and so do further reasons.
    """
    counts = Counter((item.what, item.why) for item in left_out if item.what != "column")
    frequent = {key for key, _ in counts.most_common(_MAX_REASONS)}
    condensed: list[LeftOut] = []
    last: dict[tuple[str, str], int] = {}
    places: Counter[tuple[str, str]] = Counter()
    for item in left_out:
        key = (item.what, item.why)
        if item.what == "column":
            condensed.append(item)
            continue
        if key not in frequent:
            key = (item.what, _OTHER_REASONS)
        if places[key] < _MAX_PLACES:
            places[key] += 1
            last[key] = len(condensed)
            condensed.append(replace(item, why=key[1]))
        else:
            rest = condensed[last[key]]
            condensed[last[key]] = replace(rest, count=rest.count + item.count)
    return tuple(condensed)
