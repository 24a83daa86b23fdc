"""What runs through a wire and what a data set offers, described without torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """One tensor as a single sample sees it.

    Attributes:
        shape: Sizes of the sample's axes, without the batch: `(16, 28, 28)`.
        dtype: Torch's name for the element type: `float32`, `int64`, `bool`.
        meaning: What the axes stand for: `picture`, `features`, `sequence`, `tokens`, `scores`, …
    """

    shape: Shape
    dtype: str = "float32"
    meaning: str = ""

    def text(self) -> str:
        """Return the shape as people write it: `16×28×28`, or `scalar`."""
        return "×".join(map(str, self.shape)) or "scalar"


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """What a design may know of its data without reading it.

    Attributes:
        inputs: Signal of each input role (`samples`, `tokens`, …).
        target: Signal of what is to be predicted, None where nothing is.
        numbers: Named sizes that a `Ref` may use: `classes`, `features`, `vocabulary`, `window`.
        class_names: Names of the classes in index order, empty for a regression.
        samples: Number of samples of each part: `train`, `validation`, `test` (0 if unknown).
    """

    inputs: Mapping[str, Signal] = field(default_factory=dict)
    target: Signal | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    class_names: tuple[str, ...] = ()
    samples: Mapping[str, int] = field(default_factory=dict)
