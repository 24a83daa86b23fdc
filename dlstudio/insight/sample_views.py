"""What a network made of its own, as plain arrays and texts for a window. Knows no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
SampleForm = Literal["pictures", "points", "lines", "texts"]


@dataclass(frozen=True, slots=True)
class SampleRow:
    """Samples that belong together: what went in, what came out.

    Attributes:
        title: What they are, for people.
        values: Pictures as uint8 (N, H, W, C) with one or three channels, points (N, 2), lines
            (N, T); empty for texts.
        texts: One for each sample, where they are texts.
    """

    title: str
    values: Values
    texts: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.texts) or len(self.values)


@dataclass(frozen=True, slots=True)
class SamplesView:
    """What a network made after `step` steps of training.

    Attributes:
        rows: Each as long as the others where they belong together sample by sample.
        paired: Whether they do: each column is one sample.
        seed: What was drawn follows from it.
        trouble: In words, why what was asked for could not be made; then there are no rows.
    """

    step: int
    form: SampleForm
    rows: tuple[SampleRow, ...]
    paired: bool = False
    seed: int = 0
    trouble: str = ""
