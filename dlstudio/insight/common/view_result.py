"""The result of a live view at one step of a run. Does not import torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ViewResult:
    """The result of a view after `step` steps of training.

    Attributes:
        view: Name of the view.
        value: What the view returned; None if there is an error.
        error: Message for the user if there is no value, else empty.
        is_unexpected: Whether the error is a bug in the view; its traceback is in the log.
    """

    view: str
    step: int
    value: Any = None
    error: str = ""
    is_unexpected: bool = False
