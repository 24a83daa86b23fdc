"""Ranks titles by how well they match what was typed."""

from __future__ import annotations


def score(query: str, title: str, summary: str = "") -> float:
    """Return how well a query matches: 0 not at all, higher is better.

    A word's beginning beats its middle, the title beats the summary, and letters in order
    (`cv2` for Conv2d) are enough for a title.
    """
    wanted, name = query.casefold().replace(" ", ""), title.casefold().replace(" ", "")
    if not wanted:
        return 1.0
    if name == wanted:
        return 10.0
    if name.startswith(wanted):
        return 8.0 + len(wanted) / len(name)
    if wanted in name:
        return 6.0 + len(wanted) / len(name)
    spread = _spread(wanted, name)
    if spread:
        return 3.0 + len(wanted) / spread
    return 1.0 if query.casefold().strip() in summary.casefold() else 0.0


def _spread(wanted: str, name: str) -> int:
    """Return over how many letters the wanted ones are spread in order; 0 if they are not."""
    first, at = -1, -1
    for letter in wanted:
        at = name.find(letter, at + 1)
        if at < 0:
            return 0
        first = at if first < 0 else first
    return at - first + 1 if first == 0 else 0
