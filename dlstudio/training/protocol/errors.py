"""What stops a run, in words for people. Knows no torch."""

from __future__ import annotations


class TrainingError(Exception):
    """The run cannot start or go on; the message says what happened, why and what to do.

    Attributes:
        node: Path of the layer concerned, or empty.
        details: What torch said, for the log.
    """

    def __init__(self, text: str, node: str = "", details: str = "") -> None:
        """Hold the readable text, the layer and the details."""
        super().__init__(text)
        self.node = node
        self.details = details
