"""A short form of dataset info for sets whose samples all have one shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dlstudio.design.model.signals import Shape

Options = Mapping[str, Any]
"""A source's options by name, parsed, with defaults for those that are not set."""

DIGITS = tuple("0123456789")
CAPITALS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""Class names of characters, and of classes without names."""


@dataclass(frozen=True, slots=True)
class BuiltinInfo:
    """Info of a data set that is known in advance.

    Attributes:
        shape: Shape of one sample.
        count: Number of samples, without those of its own test set.
        test: Size of its own test set, if any.
        target: Shape of the target: the size of a mask, empty for a class.
        label_names: Names of several labels, each 0 or 1; empty for other targets.
        class_counts: Number of samples of each class; empty if they are about equal.
    """

    shape: Shape
    count: int
    class_names: tuple[str, ...] = ()
    test: int | None = None
    target: Shape = ()
    label_names: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()
