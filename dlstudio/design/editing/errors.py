"""The one way in which an edit refuses."""

from __future__ import annotations


class EditError(ValueError):
    """The edit is impossible; the text says why in words for the person who tried."""
