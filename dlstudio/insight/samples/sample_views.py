"""Samples and predictions as arrays and texts for a panel. Does not import torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from dlstudio.insight.common.array_types import Floats

Values = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
NO_CLASS = 255
"""Value of the pixels in a mask that have no class."""

SampleForm = Literal["pictures", "masks", "points", "lines", "scatter", "texts"]
SpanKind = Literal["given", "made", "right", "wrong", "missing"]


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A row of samples of one kind, such as inputs or outputs.

    Attributes:
        title: Title of the row.
        values: Images as uint8 (N, H, W, C) with one or three channels, class indices of pixels as
            uint8 (N, H, W), points (N, 2), or lines (N, T).
        start: Index on the x axis at which the lines begin.
    """

    title: str
    values: Values
    start: int = 0

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.values)


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A span of text.

    Attributes:
        kind: `given` for input, `made` for output without a known target, `right`, `wrong`, or
            `missing` for a true label that was not predicted.
        truth: The correct text for a wrong span.
    """

    text: str
    kind: SpanKind
    truth: str = ""


@dataclass(frozen=True, slots=True)
class TokenLine:
    """The text or the caption of one sample.

    Attributes:
        is_correct: Whether the prediction is correct; None if it is scored per token or not at all.
        token_counts: Number of predicted tokens, and how many of them are correct.
    """

    spans: tuple[TokenSpan, ...]
    is_correct: bool | None = None
    token_counts: tuple[int, int] = (0, 0)

    @property
    def text(self) -> str:
        """The text of all spans."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class LatentView:
    """The latent code of the sample shown.

    Attributes:
        position: The code from which the sample was generated (D,).
        low, high: Useful range of each dimension (D,).
        order: Indices of the dimensions, most informative first (D,).
    """

    position: Floats
    low: Floats
    high: Floats
    order: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SamplesView:
    """Samples or predictions after `step` steps of training.

    Attributes:
        rows: Rows of samples; all have the same length if `paired`.
        paired: Whether column i of every row belongs to the same sample.
        seed: Seed of all randomness.
        error: Message if the request could not be fulfilled; there are no rows then.
        captions: Caption of each sample; for the form `texts`, the samples themselves.
        class_names: Names of the class indices in masks. For points there is one row per
            predicted class and a last row with the misclassified points.
        latent: The latent code of the sample, if it can be moved.
        axes: Names of the two axes of points, if they have any.
    """

    step: int
    form: SampleForm
    rows: tuple[SampleRow, ...]
    paired: bool = False
    seed: int = 0
    error: str = ""
    captions: tuple[TokenLine, ...] = ()
    class_names: tuple[str, ...] = ()
    latent: LatentView | None = None
    axes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of samples generated or predicted."""
        if self.form == "points" and self.class_names:
            return sum(map(len, self.rows[:-1]))
        rows = self.rows[-1:] if self.form == "points" else self.rows
        return max([len(self.captions), *map(len, rows)])

    @property
    def token_counts(self) -> tuple[int, int]:
        """Number of predicted tokens, and how many of them are correct."""
        total, right = (sum(line.token_counts[index] for line in self.captions) for index in (0, 1))
        return total, right

    @property
    def correct_count(self) -> int | None:
        """Number of correct predictions; None if there is nothing to compare with."""
        if self.form == "points" and self.class_names:
            return len(self) - len(self.rows[-1])
        verdicts = [line.is_correct for line in self.captions if line.is_correct is not None]
        return sum(verdicts) if verdicts else None
