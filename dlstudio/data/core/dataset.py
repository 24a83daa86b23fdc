"""Samples as tensors: one subset, the whole data set, and what a reader returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.core.data_report import ColumnSummary, LeftOut, left_out_lines
from dlstudio.data.core.normaliser import Affine, Normaliser
from dlstudio.data.core.original_cells import OriginalCells, OriginalRow
from dlstudio.data.core.split import IntArray
from dlstudio.data.core.vocabulary import Vocabulary
from dlstudio.design.model.signals import DatasetInfo

IGNORE_INDEX = -100
"""Class of pixels and tokens that are neither learned nor evaluated; torch's default value."""


@dataclass(frozen=True, slots=True)
class Subset:
    """Unnormalised samples of one subset: images as uint8 `(N, C, H, W)`, rows `(N, F)`.

    Attributes:
        inputs: Tensor by input role; the first axis counts samples.
        target: Class indices (int64) or values (float32), None if nothing is predicted. Masks hold
            `IGNORE_INDEX` at pixels without a class.
        samples_per_epoch: Number of samples drawn at random with replacement for each epoch;
            None visits each sample once.
        subgroups: Boolean masks (N,) by name. Metrics are also reported for each subgroup;
            networks never see the masks.
        source_rows: Index of each sample's row in `DataSet.original`, or of its file among those
            in class folders (N,); None for other data.
    """

    inputs: Mapping[str, Tensor]
    target: Tensor | None = None
    samples_per_epoch: int | None = None
    subgroups: Mapping[str, Tensor] = field(default_factory=dict)
    source_rows: Tensor | None = None

    def __len__(self) -> int:
        """Return the number of samples in an epoch."""
        return self.total_samples if self.samples_per_epoch is None else self.samples_per_epoch

    @property
    def total_samples(self) -> int:
        """The number of stored samples."""
        return len(next(iter(self.inputs.values())))

    def select(self, rows: Tensor) -> Subset:
        """Return the samples at these rows; the subset itself if these are all rows."""
        if len(rows) == len(self) and bool((rows == torch.arange(len(self))).all()):
            return self
        inputs = {role: tensor[rows] for role, tensor in self.inputs.items()}
        target = None if self.target is None else self.target[rows]
        subgroups = {name: flags[rows] for name, flags in self.subgroups.items()}
        source_rows = None if self.source_rows is None else self.source_rows[rows]
        return Subset(inputs, target, subgroups=subgroups, source_rows=source_rows)


@dataclass(frozen=True, slots=True)
class DataSet:
    """Data ready for training.

    Attributes:
        train: Samples to train on.
        validation: Held out for early stopping and "best"; None if the share is 0.
        test: Evaluated at the end; None if there is none.
        normaliser: Turns raw samples into network inputs; fitted on `train` only.
        columns: Feature names of a table, in order; empty for images.
        target_names: Names of the values to predict, in order; empty if they have none.
        vocabulary: Meaning of the tokens, None if there are none.
        warnings: Lines for the user: what was changed or is unusual.
        target_scale: Standardises the values of a regression, fitted on `train`; None leaves them.
        left_out: Rows, columns, images and files that are not used, and why.
        table: The columns of a table, including those left out; empty for other data.
        own_subsets: Subsets that the data brings along, which the split does not change.
        original: The table's rows as they stand in the file; None for other data.
    """

    train: Subset
    validation: Subset | None
    test: Subset | None
    facts: DatasetInfo
    normaliser: Normaliser
    columns: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    vocabulary: Vocabulary | None = None
    target_names: tuple[str, ...] = ()
    target_scale: Affine | None = None
    left_out: tuple[LeftOut, ...] = ()
    table: tuple[ColumnSummary, ...] = ()
    own_subsets: frozenset[str] = frozenset()
    original: OriginalCells | None = None

    @property
    def input_columns(self) -> tuple[str, ...]:
        """Names of the table's columns that are inputs, as they stand in the file."""
        return tuple(column.name for column in self.table if column.role == "input")

    @property
    def word_columns(self) -> frozenset[str]:
        """Names of the input columns that hold words, not numbers or dates."""
        return frozenset(
            column.name
            for column in self.table
            if column.role == "input" and column.type in {"category", "text"}
        )

    def original_row(self, subset: str, sample: int) -> OriginalRow | None:
        """Return the row of the file that a sample of a subset comes from, None without a table."""
        source_rows = self.subsets[subset].source_rows
        if self.original is None or source_rows is None:
            return None
        return self.original[int(source_rows[sample])]

    @property
    def messages(self) -> tuple[str, ...]:
        """Lines for the log and the console: the warnings, then what was left out."""
        return (*self.warnings, *left_out_lines(self.left_out))

    @property
    def subsets(self) -> dict[str, Subset]:
        """The existing subsets by name."""
        named = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: subset for name, subset in named.items() if subset is not None}


@dataclass(frozen=True, slots=True)
class RawSamples:
    """All samples of a source before they are split.

    Attributes:
        test: The source's own test set, if it has one.
        validation: The source's own validation set, if it has one.
        indicators: Indices of 0/1 features, which normalisation leaves unchanged.
        vocabulary: Meaning of the tokens, None if there are none.
        facts: Description of the samples if their shape is not sufficient; without counts.
        target_names: Names of the values to predict, in order; empty if they have none.
        left_out: Rows, columns, images and files that are not used, and why.
        table: The columns of a table, including those left out; empty for other data.
        original: The table's rows as they stand in the file; None for other data.
        rules: Version of the rules by which a table was turned into samples.
    """

    data: Subset
    test: Subset | None = None
    class_names: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    indicators: frozenset[int] = frozenset()
    warnings: tuple[str, ...] = ()
    vocabulary: Vocabulary | None = None
    facts: DatasetInfo | None = None
    target_names: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    table: tuple[ColumnSummary, ...] = ()
    validation: Subset | None = None
    original: OriginalCells | None = None
    rules: int = 1


@dataclass(frozen=True, slots=True)
class RawSource:
    """What a reader returns: enough to split, then samples for given training rows.

    Attributes:
        classes: Class of each sample for a stratified split, None for a regression.
        make_samples: Returns all samples; fill values and categories are fitted on the training
            rows it receives.
        has_validation: Whether the samples bring their own validation set; none is held out then.
    """

    count: int
    classes: IntArray | None
    has_test: bool
    make_samples: Callable[[IntArray], RawSamples] = field(repr=False)
    has_validation: bool = False


def source_from_samples(samples: RawSamples) -> RawSource:
    """Return the raw source of samples that need no fitting."""
    target = samples.data.target
    by_class = target is not None and target.dtype == torch.int64 and target.ndim == 1
    classes = target.numpy().astype(np.int64) if by_class and target is not None else None
    return RawSource(
        len(samples.data),
        classes,
        samples.test is not None,
        lambda _: samples,
        has_validation=samples.validation is not None,
    )
