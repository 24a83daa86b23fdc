"""Scores how well titles match a query."""

from __future__ import annotations


def score(query: str, title: str, summary: str = "") -> float:
    """Return how well a query matches: 0 for no match, higher is better.

    A prefix scores above a substring, the title above the summary; letters in order (`cv2` for
    Conv2d) are enough for a title.
    """
    letters, name = query.casefold().replace(" ", ""), title.casefold().replace(" ", "")
    if not letters:
        return 1.0
    if name == letters:
        return 10.0
    if name.startswith(letters):
        return 8.0 + len(letters) / len(name)
    if letters in name:
        return 6.0 + len(letters) / len(name)
    spread = _spread(letters, name)
    if spread:
        return 3.0 + len(letters) / spread
    return 1.0 if query.casefold().strip() in summary.casefold() else 0.0


def _spread(letters: str, name: str) -> int:
    """Return the length of the prefix of `name` that contains the letters in order, else 0."""
    first, index = -1, -1
    for letter in letters:
        index = name.find(letter, index + 1)
        if index < 0:
            return 0
        first = index if first < 0 else first
    return index - first + 1 if first == 0 else 0
