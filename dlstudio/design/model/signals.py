"""Shapes and types of tensors, and what a data set offers. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """One tensor, without the batch axis.

    Attributes:
        shape: Sizes of the sample's axes, without the batch: `(16, 28, 28)`.
        dtype: Torch's name of the element type: `float32`, `int64`, `bool`.
        meaning: What the axes represent: `picture`, `features`, `sequence`, `tokens`, `scores`, …
    """

    shape: Shape
    dtype: str = "float32"
    meaning: str = ""

    def text(self) -> str:
        """Return the shape as text: `16×28×28`, or `scalar`."""
        return "×".join(map(str, self.shape)) or "scalar"


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """What a design knows about its data without reading it.

    Attributes:
        inputs: Signal of each input role (`samples`, `tokens`, …).
        target: Signal of the prediction target, None if there is none.
        numbers: Named sizes that a `Ref` may use: `classes`, `features`, `vocabulary`, `window`.
        class_names: Names of the classes in index order, empty for a regression.
        samples: Number of samples by subset: `train`, `validation`, `test` (0 if unknown).
        rules: Version of the rules by which a table was turned into samples. A design keeps
            those that its weights were trained with.
        class_counts: Number of samples of each class, in all subsets; empty if unknown.
        label_names: Names of several labels in order, empty for other targets.
    """

    inputs: Mapping[str, Signal] = field(default_factory=dict)
    target: Signal | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    class_names: tuple[str, ...] = ()
    samples: Mapping[str, int] = field(default_factory=dict)
    rules: int = 1
    class_counts: tuple[int, ...] = ()
    label_names: tuple[str, ...] = ()
