"""Encodes table columns as numbers; encoders are fitted on the training rows. Imports no torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
MAX_CATEGORIES = 100


class ColumnEncoder(Protocol):
    """Encodes one column as features."""

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the resulting features."""

    @property
    def is_indicator(self) -> bool:
        """Whether the features are 0 or 1."""

    def encode(self, column: Sequence[float | str | None]) -> Floats:
        """Return `(N, features)`."""


@dataclass(frozen=True, slots=True)
class NumericEncoder:
    """A number; a missing one becomes the median of the training rows."""

    name: str
    fill: float
    is_indicator: bool = False

    @property
    def feature_names(self) -> tuple[str, ...]:
        """One feature with the name of the column."""
        return (self.name,)

    def encode(self, column: Sequence[float | str | None]) -> Floats:
        """Return the numbers, missing ones filled."""
        filled = [self.fill if cell is None else float(cell) for cell in column]
        return np.array(filled, dtype=np.float32).reshape(-1, 1)


@dataclass(frozen=True, slots=True)
class OneHotEncoder:
    """One 0/1 feature per category; a missing cell becomes the most frequent, an unknown all 0."""

    name: str
    categories: tuple[str, ...]
    fill: str
    is_indicator: bool = True

    @property
    def feature_names(self) -> tuple[str, ...]:
        """One feature for each category, such as `colour = red`."""
        return tuple(f"{self.name} = {word}" for word in self.categories)

    def encode(self, column: Sequence[float | str | None]) -> Floats:
        """Return one-hot rows."""
        index_of = {word: index for index, word in enumerate(self.categories)}
        codes = np.array(
            [index_of.get(_word_or_fill(cell, self.fill), -1) for cell in column], np.int64
        )
        hot: Floats = (codes[:, None] == np.arange(len(self.categories))).astype(np.float32)
        return hot


@dataclass(frozen=True, slots=True)
class OrdinalEncoder:
    """The index in sorted order; a missing or unknown category becomes the most frequent."""

    name: str
    categories: tuple[str, ...]
    fill: str
    is_indicator: bool = False

    @property
    def feature_names(self) -> tuple[str, ...]:
        """One feature with the name of the column."""
        return (self.name,)

    def encode(self, column: Sequence[float | str | None]) -> Floats:
        """Return the indices of the categories."""
        index_of = {word: index for index, word in enumerate(self.categories)}
        default = index_of.get(self.fill, 0)
        codes = [index_of.get(_word_or_fill(cell, self.fill), default) for cell in column]
        return np.array(codes, dtype=np.float32).reshape(-1, 1)


def fit_encoder(name: str, use: str, training_cells: Sequence[float | str | None]) -> ColumnEncoder:
    """Fit the encoder of a column with the given use to the training rows.

    Args:
        name: The column's name.
        use: `number`, `category` or `ordinal`.
        training_cells: The column's cells in the training rows, None if missing.
    """
    present = [cell for cell in training_cells if cell is not None]
    if use == "number":
        return NumericEncoder(name, float(np.median(np.array(present, float))) if present else 0.0)
    counts = Counter(str(cell) for cell in present)
    most_frequent = min(counts, key=lambda word: (-counts[word], word), default="")
    frequent_words = sorted(counts, key=lambda word: (-counts[word], word))[:MAX_CATEGORIES]
    if use == "category":
        return OneHotEncoder(name, sort_labels(frequent_words), most_frequent)
    return OrdinalEncoder(name, sort_labels(list(counts)), most_frequent)


def sort_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Return labels sorted, by value if all of them are numbers."""
    try:
        return tuple(sorted(labels, key=lambda word: (float(word), word)))
    except ValueError:
        return tuple(sorted(labels))


def _word_or_fill(cell: float | str | None, fill: str) -> str:
    return fill if cell is None else str(cell)
