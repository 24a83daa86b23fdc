"""What can go wrong while data is read, in words for people. Knows no torch."""

from __future__ import annotations


class DataError(Exception):
    """The data cannot be read; the message says why and what to do.

    Attributes:
        missing_path: The path that is not there (any more), or empty: the window can offer
            to locate it.
    """

    def __init__(self, text: str, missing_path: str = "") -> None:
        """Hold the readable text and, where a path has gone, the path."""
        super().__init__(text)
        self.missing_path = missing_path


class Cancelled(Exception):
    """A person asked to stop while data was being fetched or read."""

    def __init__(self) -> None:
        """Say so in one line."""
        super().__init__("cancelled")
