"""Sizes on the canvas that edits and the automatic arrangement must know, in scene units."""

from __future__ import annotations

CARD_SIZE = (144.0, 80.0)
"""Width of a card, and the height that is kept for it: the card stands in the middle of that."""
COLUMN_GAP = 26.0
"""Free space between a card and the next one to its right."""
ROW_GAP = 40.0
"""Free space between a card and the next one below."""
MAX_COORDINATE = 1e6
"""Largest coordinate a card may have; what lies beyond is no place on a canvas."""
NOTE_PREFIX = "note:"
"""Marks a note among node ids in a selection: `note:<id>`."""

Position = tuple[float, float]
