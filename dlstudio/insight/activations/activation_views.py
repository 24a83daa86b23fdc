"""Layer outputs of one sample, as plain arrays. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # numpy loads slowly and is not needed at the first paint
    import numpy as np
    import numpy.typing as npt

    from dlstudio.insight.common.array_types import Bytes, Floats, Thumbnail

Form = Literal["maps", "vector", "sequence"]


@dataclass(frozen=True, slots=True)
class SampleChoice:
    """The sample to run through the network: a subset and an index in it."""

    subset: str = "test"
    index: int = 0


@dataclass(frozen=True, slots=True)
class LayerView:
    """The output of a layer for one sample.

    Attributes:
        form: `maps` (K, H, W), `vector` (N,) or `sequence` (rows, columns).
        values: The values to draw; truncated or downsampled for very large layers.
        shape: Shape of the whole output, without the batch axis.
        low: The smallest value of the whole output.
        high: The largest value of the whole output.
        zeros: Share of values that are exactly 0.
        counts: Histogram of the whole output.
        edges: Bin edges of the histogram, one more than `counts`.
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
        """Size of the arrays in bytes."""
        return self.values.nbytes + self.counts.nbytes + self.edges.nbytes


@dataclass(frozen=True, slots=True)
class ActivationView:
    """The activations of one sample after `step` training steps.

    Attributes:
        samples: Number of samples in the chosen subset.
        subsets: Names of the existing subsets.
        image: The sample as uint8 (H, W, C) with one or three channels, None for other data.
        true_label: The true class, labels or values as text.
        target: Index of the true class, −1 if there are no classes.
        true_values: The true values of a regression.
        targets: Indices of the true labels; None if each sample has a single class.
        scores: Probability of each class or label, or the predicted values of a regression.
        layers: Output of each layer, by path.
        thumbnails: Small images for the cards, by path: maps as uint8 (k, h, w), sequences as
            uint8 (h, w), vectors as int8 (n,).
        cells: Name and cell of each input column in the file, if the sample is of a table.
        times: Milliseconds of each layer's forward pass on a batch, by path; empty until measured.
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
    cells: tuple[tuple[str, str], ...] = ()

    @property
    def nbytes(self) -> int:
        """Size of the arrays in bytes."""
        thumbnail_bytes = sum(thumbnail.nbytes for thumbnail in self.thumbnails.values())
        return thumbnail_bytes + sum(layer.nbytes for layer in self.layers.values())
