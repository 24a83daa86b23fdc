"""A preview of a data set as plain arrays for the window. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.design.model.signals import DatasetInfo

if TYPE_CHECKING:
    from torch import Tensor

    from dlstudio.data.core.dataset import DataSet, Subset

_BINS = 20
_MAX_STEPS = 8


@dataclass(frozen=True, slots=True)
class Preview:
    """Samples, statistics and sizes of a data set.

    Attributes:
        images: Some training images as uint8 `(N, H, W, C)` with C 1 or 3; empty for other data.
        rows: Some training rows as raw numbers `(N, F)`; empty for images.
        cells: The cells of the same samples in the file, if they are rows of a table.
        cell_names: Names of the columns of these cells.
        texts: The same samples as text if they are tokens, or the values of their first steps
            where they are sequences.
        targets: The targets of the same samples, as text.
        points: Up to 2000 training rows with two features, `(N, 2)`; empty for other data.
        point_classes: Class of each point.
        columns: Feature names.
        minimum, maximum, mean: Raw statistics of the training data by feature or channel.
        class_counts: Samples (for masks: pixels) of each class by subset, in class order; empty
            for a regression.
        histogram: Counts and bin edges of the target values in a regression.
    """

    facts: DatasetInfo
    images: npt.NDArray[np.uint8]
    rows: npt.NDArray[np.float32]
    targets: tuple[str, ...]
    points: npt.NDArray[np.float32]
    point_classes: npt.NDArray[np.int64]
    columns: tuple[str, ...]
    minimum: npt.NDArray[np.float64]
    maximum: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    class_counts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    histogram: tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]] | None = None
    warnings: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    cell_names: tuple[str, ...] = ()

    @property
    def samples(self) -> Mapping[str, int]:
        """Number of samples in each subset."""
        return self.facts.samples


def preview(dataset: DataSet, *, count: int = 24, points: int = 2000) -> Preview:
    """Return `count` samples spread over the training data, and statistics of the whole set."""
    subset = dataset.train
    chosen = choose_samples(subset, count)
    vocabulary = dataset.vocabulary
    if vocabulary is not None:
        tokens = subset.inputs["tokens"][chosen].tolist()
        return _token_preview(dataset, chosen, tuple(map(vocabulary.decode, tokens)))
    raw = subset.inputs["samples"]
    plane = raw.ndim == 2 and raw.shape[1] == 2
    labels = subset.target if dataset.facts.class_names else None
    return Preview(
        facts=dataset.facts,
        images=to_images(raw[chosen]) if raw.ndim == 4 else np.empty((0, 0, 0, 1), np.uint8),
        rows=_table_rows(raw[chosen]),
        targets=_target_texts(dataset, chosen),
        points=_to_array(raw[:points], np.float32) if plane else np.empty((0, 2), np.float32),
        point_classes=_to_array(labels[:points], np.int64)
        if plane and labels is not None
        else np.empty(0, np.int64),
        columns=dataset.columns,
        **_statistics(raw),
        class_counts=_class_counts(dataset),
        histogram=_histogram(subset, dataset.facts),
        texts=tuple(map(_first_steps_text, raw[chosen])) if raw.ndim == 3 else (),
        warnings=dataset.messages,
        cells=_original_cells(dataset, chosen),
        cell_names=dataset.input_columns if dataset.original is not None else (),
    )


def _original_cells(dataset: DataSet, chosen: list[int]) -> tuple[tuple[str, ...], ...]:
    """Return the input cells of some training rows as they stand in the file."""
    if dataset.original is None:
        return ()
    position = {name: index for index, name in enumerate(dataset.original.names)}
    wanted = [position[name] for name in dataset.input_columns]
    rows = [row for sample in chosen if (row := dataset.original_row("train", sample))]
    return tuple(tuple(row.cells[index] for index in wanted) for row in rows)


def _first_steps_text(steps: Tensor) -> str:
    """Return the values of a sequence's first steps (T, F), with commas between features."""
    shown = [", ".join(f"{value:.3g}" for value in step) for step in steps[:_MAX_STEPS].tolist()]
    return " · ".join(shown) + (" …" if len(steps) > _MAX_STEPS else "")


def _token_preview(dataset: DataSet, chosen: list[int], texts: tuple[str, ...]) -> Preview:
    empty = np.empty(0, np.float64)
    return Preview(
        facts=dataset.facts,
        images=np.empty((0, 0, 0, 1), np.uint8),
        rows=np.empty((0, 0), np.float32),
        targets=_target_texts(dataset, chosen),
        points=np.empty((0, 2), np.float32),
        point_classes=np.empty(0, np.int64),
        columns=dataset.columns,
        minimum=empty,
        maximum=empty,
        mean=empty,
        class_counts=_class_counts(dataset),
        warnings=dataset.messages,
        texts=texts,
    )


def to_images(raw: Tensor) -> npt.NDArray[np.uint8]:
    """Return `(N, C, H, W)` as uint8 `(N, H, W, C)` with one or three channels.

    Floats are rescaled from their own range to 0…255.
    """
    array: npt.NDArray[Any] = raw.cpu().numpy().transpose(0, 2, 3, 1)
    array = array[..., :3] if array.shape[-1] >= 3 else array[..., :1]
    if array.dtype == np.uint8:
        return np.ascontiguousarray(array)
    low, high = float(array.min()), float(array.max())
    rescaled = (array - low) * (255 / (high - low) if high > low else 0.0)
    return np.ascontiguousarray(rescaled.round().astype(np.uint8))


def choose_samples(subset: Subset, count: int) -> list[int]:
    """Return indices of samples to show: the classes in turn, or evenly spaced without classes."""
    if subset.target is None or subset.target.is_floating_point() or subset.target.ndim > 1:
        step = max(len(subset) // count, 1)
        return list(range(0, len(subset), step))[:count]
    labels = subset.target[:50_000].cpu().numpy()
    rank = np.empty(len(labels), np.int64)
    by_class = np.argsort(labels, kind="stable")
    _, starts, sizes = np.unique(labels[by_class], return_index=True, return_counts=True)
    rank[by_class] = np.arange(len(labels)) - np.repeat(starts, sizes)
    return [int(index) for index in np.lexsort((labels, rank))[:count]]


def _table_rows(raw: Tensor) -> npt.NDArray[np.float32]:
    return _to_array(raw, np.float32) if raw.ndim == 2 else np.empty((0, 0), np.float32)


def _to_array(tensor: Tensor, dtype: type[Any]) -> npt.NDArray[Any]:
    return tensor.cpu().numpy().astype(dtype)


def _target_texts(dataset: DataSet, chosen: list[int]) -> tuple[str, ...]:
    target, names = dataset.train.target, dataset.facts.class_names
    if target is None:
        return ()
    if names and target.ndim > 2:
        class_ids = (target[index].unique().tolist() for index in chosen)
        return tuple(", ".join(names[index] for index in row if index >= 0) for row in class_ids)
    values = [target[index].reshape(-1).tolist() for index in chosen]
    labels = dataset.target_names
    if labels and dataset.facts.target is not None and dataset.facts.target.meaning == "labels":
        label_sets = ([name for name, on in zip(labels, row, strict=True) if on] for row in values)
        return tuple(", ".join(names) or "none" for names in label_sets)
    if names:
        return tuple(", ".join(names[class_id] for class_id in row) for row in values)
    if dataset.vocabulary is not None and not target.is_floating_point():
        return tuple(map(dataset.vocabulary.decode, values))
    return tuple(", ".join(f"{value:g}" for value in row) for row in values)


def _statistics(raw: Tensor) -> dict[str, npt.NDArray[np.float64]]:
    """Return statistics by feature or channel over at most the first 10,000 samples."""
    axes = (0, *range(2, raw.ndim))
    values = raw[:10_000].double()
    return {
        "minimum": values.amin(axes).numpy(),
        "maximum": values.amax(axes).numpy(),
        "mean": values.mean(axes).numpy(),
    }


def _class_counts(dataset: DataSet) -> dict[str, tuple[int, ...]]:
    classes = len(dataset.facts.class_names)
    return {
        name: tuple(_known_classes(subset.target).bincount(minlength=classes).tolist())
        for name, subset in dataset.subsets.items()
        if classes and subset.target is not None
    }


def _known_classes(target: Tensor) -> Tensor:
    """Return the classes (N,) of all samples or pixels that have one."""
    return target[target >= 0]


def _histogram(
    subset: Subset, facts: DatasetInfo
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]] | None:
    if subset.target is None or facts.class_names or not subset.target.is_floating_point():
        return None
    counts, edges = np.histogram(subset.target.double().numpy().ravel(), bins=_BINS)
    return counts.astype(np.int64), edges
