"""What a network made of its own, as plain arrays and texts for a window. Knows no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from dlstudio.insight.common.array_types import Floats

Values = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
SampleForm = Literal["pictures", "masks", "points", "lines", "scatter", "texts"]
SpanKind = Literal["given", "made", "right", "wrong", "missing"]


@dataclass(frozen=True, slots=True)
class SampleRow:
    """Samples that belong together: what went in, what came out.

    Attributes:
        title: What they are, for people.
        values: Pictures as uint8 (N, H, W, C) with one or three channels, class numbers of pixels
            as uint8 (N, H, W), points (N, 2), or lines (N, T).
        start: Step at which lines begin, where others begin before them.
    """

    title: str
    values: Values
    start: int = 0

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.values)


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A piece of text.

    Attributes:
        kind: `given`, `made` where nobody knows the truth, `right`, `wrong`, or `missing`: what
            should have been told and was not.
        truth: What should stand in the place of a wrong piece.
    """

    text: str
    kind: SpanKind
    truth: str = ""


@dataclass(frozen=True, slots=True)
class TokenLine:
    """What belongs to one sample, in words.

    Attributes:
        is_correct: Whether all of it is right, None where it is judged in parts or not at all.
        token_counts: Number of predicted tokens, and how many of them are correct.
    """

    spans: tuple[TokenSpan, ...]
    is_correct: bool | None = None
    token_counts: tuple[int, int] = (0, 0)

    @property
    def text(self) -> str:
        """All of it without marks."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class LatentView:
    """The latent numbers of the sample on show.

    Attributes:
        position: The position from which it was made (D,).
        low, high: Between which a number is worth moving (D,).
        order: The axes, those that tell most first (D,).
    """

    position: Floats
    low: Floats
    high: Floats
    order: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SamplesView:
    """What a network made after `step` steps of training.

    Attributes:
        rows: Each as long as the others where they belong together sample by sample.
        paired: Whether they do: each column is one sample.
        seed: What was drawn follows from it.
        error: In words, why what was asked for could not be made; then there are no rows.
        captions: Of each sample; of texts all there is.
        class_names: What the numbers in masks stand for. Of points there is a row for each class
            that is told, and a last one of those told wrong.
        latent: Where the sample lies, if it can be moved.
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

    def __len__(self) -> int:
        """Return the number of samples that the network made or was asked about."""
        if self.form == "points" and self.class_names:
            return sum(map(len, self.rows[:-1]))
        rows = self.rows[-1:] if self.form == "points" else self.rows
        return max([len(self.captions), *map(len, rows)])

    @property
    def token_counts(self) -> tuple[int, int]:
        """How many tokens were told in all, and how many of them right."""
        total, right = (sum(line.token_counts[index] for line in self.captions) for index in (0, 1))
        return total, right

    @property
    def correct_count(self) -> int | None:
        """How many samples are told right, None where nothing is right or wrong."""
        if self.form == "points" and self.class_names:
            return len(self) - len(self.rows[-1])
        verdicts = [line.is_correct for line in self.captions if line.is_correct is not None]
        return sum(verdicts) if verdicts else None
