"""Encodes table columns as numbers; encoders are fitted on the training rows. Imports no torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dlstudio.data.files.columns.date_encoder import DateEncoder, fit_date_encoder
from dlstudio.data.files.tables.column_types import Int64, TableColumn, number_text
from dlstudio.data.sources.framework.source_setting_types import DATE_USES

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int64]
MAX_CATEGORIES = 100


class ColumnEncoder(Protocol):
    """Encodes one column as features."""

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the resulting features."""

    @property
    def is_indicator(self) -> bool:
        """Whether the features are 0 or 1."""

    @property
    def fill_text(self) -> str:
        """What an empty cell becomes."""

    def encode(self, column: TableColumn) -> Floats:
        """Return `(N, features)`."""


@dataclass(frozen=True, slots=True)
class NumericEncoder:
    """A number; a missing one becomes the median of the training rows.

    Attributes:
        name: The column's name.
        fill: The median.
        origin: Subtracted from all numbers; not 0 only where float32 would merge them.
    """

    name: str
    fill: float
    origin: float = 0.0
    is_indicator: bool = False

    @property
    def feature_names(self) -> tuple[str, ...]:
        """One feature with the name of the column, and what is subtracted."""
        if not self.origin:
            return (self.name,)
        sign = "−" if self.origin > 0 else "+"
        return (f"{self.name} {sign} {number_text(abs(self.origin))}",)

    @property
    def fill_text(self) -> str:
        """The median."""
        return f"{self.fill:.6g}"

    def encode(self, column: TableColumn) -> Floats:
        """Return the numbers, missing ones filled."""
        assert column.numbers is not None, f"{self.name} has no numbers"
        filled = np.where(column.missing, self.fill, column.numbers)
        return (filled - self.origin).astype(np.float32).reshape(-1, 1)


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

    @property
    def fill_text(self) -> str:
        """The most frequent category."""
        return self.fill

    def encode(self, column: TableColumn) -> Floats:
        """Return one-hot rows."""
        codes = _category_codes(column, self.categories, self.fill, unknown=-1)
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

    @property
    def fill_text(self) -> str:
        """The most frequent category."""
        return self.fill

    def encode(self, column: TableColumn) -> Floats:
        """Return the indices of the categories."""
        default = self.categories.index(self.fill) if self.fill in self.categories else 0
        codes = _category_codes(column, self.categories, self.fill, unknown=default)
        return codes.astype(np.float32).reshape(-1, 1)


def fit_encoder(column: TableColumn, use: str, training_rows: Int64, rules: int) -> ColumnEncoder:
    """Fit the encoder of a column with the given use to the training rows.

    Args:
        column: The column.
        use: `number`, `category`, `ordinal`, `date` or `calendar`.
        training_rows: Indices of the rows to fit.
        rules: 1 leaves numbers as they are, even where float32 merges them.
    """
    training = column.select(training_rows)
    if use in DATE_USES:
        date_encoder: DateEncoder = fit_date_encoder(training, use)
        return date_encoder
    if use == "number":
        assert training.numbers is not None, f"{column.name} has no numbers"
        present = training.numbers[~training.missing]
        fill = float(np.median(present)) if len(present) else 0.0
        return NumericEncoder(column.name, fill, find_origin(present) if rules > 1 else 0.0)
    counts: Counter[str] = training.word_counts()
    most_frequent = min(counts, key=lambda word: (-counts[word], word), default="")
    frequent_words = sorted(counts, key=lambda word: (-counts[word], word))[:MAX_CATEGORIES]
    if use == "category":
        return OneHotEncoder(column.name, sort_labels(frequent_words), most_frequent)
    return OrdinalEncoder(column.name, sort_labels(list(counts)), most_frequent)


def find_origin(values: npt.NDArray[Any]) -> float:
    """Return a whole number to subtract so that float32 keeps close values apart, else 0.

    Seconds since 1970 are the usual case: float32 holds one in 128 of them. Most values must
    become equal to a neighbour, far from zero, before anything is subtracted.
    """
    if len(values) < 2 or not np.isfinite(values).all():
        return 0.0
    different = np.unique(values)
    kept = len(np.unique(different.astype(np.float32)))
    spread = float(different[-1] - different[0])
    if kept > 0.99 * len(different) or abs(float(different[0])) < spread:
        return 0.0
    return float(np.floor(different[0]))


def sort_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Return labels sorted, by value if all of them are numbers."""
    try:
        return tuple(sorted(labels, key=lambda word: (float(word), word)))
    except ValueError:
        return tuple(sorted(labels))


def _category_codes(
    column: TableColumn, categories: Sequence[str], fill: str, unknown: int
) -> Codes:
    """Return the index of each cell's category, `unknown` where there is none."""
    index_of = {word: index for index, word in enumerate(categories)}
    code_of_word = np.array([index_of.get(word, unknown) for word in column.words], np.int64)
    codes: Codes = code_of_word[column.codes] if len(column.codes) else np.empty(0, np.int64)
    return np.where(column.missing, index_of.get(fill, unknown), codes)
