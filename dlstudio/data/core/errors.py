"""Errors of reading data, with messages for the user. Does not import torch."""

from __future__ import annotations


class DataError(Exception):
    """The data cannot be read; the message says why and what to do.

    Attributes:
        missing_path: The path that does not exist, or empty. The window offers to locate it.
    """

    def __init__(self, text: str, missing_path: str = "") -> None:
        super().__init__(text)
        self.missing_path = missing_path


class Cancelled(Exception):
    """The user cancelled while data was downloaded or read."""

    def __init__(self) -> None:
        super().__init__("cancelled")
