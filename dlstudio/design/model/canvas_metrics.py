"""Sizes on the canvas that edits and automatic layout share, in scene units."""

from __future__ import annotations

CARD_SIZE = (144.0, 80.0)
"""Width of a card, and the height reserved for it; the card is centred in that height."""
COLUMN_GAP = 26.0
"""Horizontal gap between columns of cards."""
ROW_GAP = 40.0
"""Free space between a card and the next one below."""
MAX_COORDINATE = 1e6
"""Largest absolute coordinate of a card or note."""
NOTE_PREFIX = "note:"
"""Prefix of note ids in a selection of node ids: `note:<id>`."""

Position = tuple[float, float]
