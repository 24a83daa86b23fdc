"""What is known of a set whose samples are all alike, as short as it can be written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dlstudio.design.model.signals import Shape

Options = Mapping[str, Any]
"""A source's options by name, checked, with defaults where nothing was set."""

DIGITS = tuple("0123456789")
CAPITALS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""Names of classes that have none of their own, and of characters."""


@dataclass(frozen=True, slots=True)
class BuiltinInfo:
    """What is known beforehand of a set.

    Attributes:
        test: Size of its own test part, if any.
        target: Shape of what is to be predicted: sizes of a mask, nothing for a class.
        labels: Whether that is several labels, each yes or no.
    """

    shape: Shape
    count: int
    class_names: tuple[str, ...] = ()
    test: int | None = None
    target: Shape = ()
    labels: bool = False
