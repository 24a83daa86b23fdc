"""What insight shows of a network at work, as plain arrays. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # numpy loads slowly, and the first paint does without
    import numpy as np
    import numpy.typing as npt

    from dlstudio.insight.common.array_types import Bytes, Floats, Thumbnail

Form = Literal["maps", "vector", "sequence"]


@dataclass(frozen=True, slots=True)
class SampleChoice:
    """Which sample is sent through the network: a part's name and an index in it."""

    subset: str = "test"
    index: int = 0


@dataclass(frozen=True, slots=True)
class LayerView:
    """What a layer gave out for one sample.

    Attributes:
        form: `maps` (K, H, W), `vector` (N,) or `sequence` (rows, columns).
        values: The figures to draw; of very large layers a part, see `count`.
        shape: The layer's whole output, without the batch.
        low: The least value of the whole output.
        high: The largest value of the whole output.
        zeros: Share of values that are exactly 0.
        counts: Histogram of the whole output.
        edges: Edges of the histogram's bins, one more than `counts`.
    """

    form: Form
    values: Floats
    shape: tuple[int, ...]
    low: float
    high: float
    zeros: float
    counts: npt.NDArray[np.int64]
    edges: Floats

    @property
    def nbytes(self) -> int:
        """Memory that this holds."""
        return self.values.nbytes + self.counts.nbytes + self.edges.nbytes


@dataclass(frozen=True, slots=True)
class ActivationView:
    """One sample's way through the network after `step` steps of training.

    Attributes:
        samples: Number of samples of the chosen part.
        subsets: Names of the parts there are.
        image: The sample as uint8 (H, W, C) with one or three channels, None for others.
        true_label: What the sample really is, in words.
        target: Index of the true class, −1 where there are no classes.
        true_values: The true values of a regression.
        targets: Which of several labels are true; None where there is but one class.
        scores: Probability of each class or label, or the predicted values of a regression.
        layers: What layers gave out, by path.
        thumbnails: Pictures for the cards, by path: maps as uint8 (k, h, w), sequences as uint8
            (h, w), vectors as int8 (n,).
        times: Milliseconds of each layer's forward on a batch, by path; empty until measured.
    """

    step: int
    choice: SampleChoice
    samples: int
    subsets: tuple[str, ...]
    image: Bytes | None
    true_label: str
    target: int
    scores: Floats
    class_names: tuple[str, ...]
    layers: Mapping[str, LayerView] = field(default_factory=dict)
    thumbnails: Mapping[str, Thumbnail] = field(default_factory=dict)
    times: Mapping[str, float] = field(default_factory=dict)
    targets: tuple[int, ...] | None = None
    true_values: tuple[float, ...] = ()

    @property
    def nbytes(self) -> int:
        """Memory that this holds."""
        thumbnail_bytes = sum(thumbnail.nbytes for thumbnail in self.thumbnails.values())
        return thumbnail_bytes + sum(layer.nbytes for layer in self.layers.values())
