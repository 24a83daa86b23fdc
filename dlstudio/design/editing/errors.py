"""The error that edits raise."""

from __future__ import annotations


class EditError(ValueError):
    """The edit is not possible; the message is shown to the user."""
