"""The error that ends a run, with a message for the user. Does not import torch."""

from __future__ import annotations


class TrainingError(Exception):
    """The run cannot start or continue; the message says what happened, why and what to do.

    Attributes:
        node: Path of the layer concerned, or empty.
        details: PyTorch's message, for the log.
    """

    def __init__(self, text: str, node: str = "", details: str = "") -> None:
        super().__init__(text)
        self.node = node
        self.details = details


class MisfitError(TrainingError):
    """Network or data do not match the task, which only the data or a dry run shows."""

    def __init__(self, reason: str) -> None:
        """Store the reason, a main clause."""
        super().__init__(f"The design does not match its task: {reason}.")
