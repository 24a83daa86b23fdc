"""The categories of layers in the palette. Their colours are in the theme."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A category of layer kinds.

    Attributes:
        name: The value of `LayerKind.category` and the key in the theme's table of colours.
        title: Heading in the palette.
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
