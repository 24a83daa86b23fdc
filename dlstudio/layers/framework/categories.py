"""The families that the palette sorts layers into. Colours live in the theme."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A family of layer kinds.

    Attributes:
        name: The word in `Kind.category` and in the theme's table of colours.
        title: What the palette writes.
    """

    name: str
    title: str


CATEGORIES: tuple[Category, ...] = (
    Category("io", "Inputs and outputs"),
    Category("dense", "Dense"),
    Category("convolution", "Convolution"),
    Category("pooling", "Pooling"),
    Category("normalisation", "Normalisation"),
    Category("activation", "Activation"),
    Category("recurrent", "Recurrent"),
    Category("attention", "Attention"),
    Category("merge", "Merge and shape"),
    Category("blocks", "Blocks"),
)
"""In the palette's order."""
