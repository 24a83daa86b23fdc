"""Sizes on the canvas that edits and the automatic arrangement must know, in scene units."""

from __future__ import annotations

CARD = (190.0, 78.0)
"""Width and height of a plain card."""
GAP = 40.0
"""Free space that edits keep between two cards."""
FARTHEST = 1e6
"""Largest coordinate a card may have; what lies beyond is no place on a canvas."""
NOTE_PREFIX = "note:"
"""Marks a note among node ids in a selection: `note:<id>`."""

Position = tuple[float, float]
