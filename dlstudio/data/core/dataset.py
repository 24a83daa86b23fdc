"""Samples as tensors: one part of a data set, the whole set, and what a reader hands over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.core.normaliser import Normaliser
from dlstudio.data.core.split import IntArray
from dlstudio.data.core.vocabulary import Vocabulary
from dlstudio.design.model.signals import DatasetInfo


@dataclass(frozen=True, slots=True)
class Subset:
    """Samples of one part, unnormalised: pictures as uint8 `(N, C, H, W)`, rows `(N, F)`.

    Attributes:
        inputs: Tensor by input role; the first axis counts samples.
        target: Class numbers (int64) or values (float32), None where nothing is predicted.
        samples_per_epoch: How many samples an epoch draws out of all of them at random; None takes each once.
        subgroups: Of each sample by name whether it is of a certain sort (N,), so that figures can be
            told for that sort alone; nothing of it reaches a network.
    """

    inputs: Mapping[str, Tensor]
    target: Tensor | None = None
    samples_per_epoch: int | None = None
    subgroups: Mapping[str, Tensor] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of samples of an epoch."""
        return self.total_samples if self.samples_per_epoch is None else self.samples_per_epoch

    @property
    def total_samples(self) -> int:
        """The number of samples there are."""
        return len(next(iter(self.inputs.values())))

    def select(self, rows: Tensor) -> Subset:
        """Return the samples of these rows; the part itself where that is all of them."""
        if len(rows) == len(self) and bool((rows == torch.arange(len(self))).all()):
            return self
        inputs = {role: tensor[rows] for role, tensor in self.inputs.items()}
        target = None if self.target is None else self.target[rows]
        marks = {name: flags[rows] for name, flags in self.subgroups.items()}
        return Subset(inputs, target, subgroups=marks)


@dataclass(frozen=True, slots=True)
class DataSet:
    """Data ready to learn from.

    Attributes:
        train: What the network learns from.
        validation: Held out for early stopping and "best"; None where the share is 0.
        test: Read at the end; None where there is none.
        normaliser: Turns raw samples into what the network sees; fitted on `train` alone.
        columns: Names of the features of a table, in order; empty for pictures.
        target_names: Names of the values to predict, in order; empty where they have none.
        vocabulary: What tokens stand for, None where there are none.
        warnings: Lines for people: rows and pictures left out, and why.
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

    @property
    def subsets(self) -> dict[str, Subset]:
        """The parts there are, by name."""
        named = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: subset for name, subset in named.items() if subset is not None}


@dataclass(frozen=True, slots=True)
class RawSamples:
    """All samples of a source before they are divided.

    Attributes:
        test: The source's own test part, if it has one.
        indicators: Features that are 0 or 1 and stay so under normalisation.
        vocabulary: What tokens stand for, None where there are none.
        facts: What the samples are, where their shape alone does not tell; without counts.
        target_names: Names of the values to predict, in order; empty where they have none.
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


@dataclass(frozen=True, slots=True)
class RawSource:
    """What a reader hands over: enough to divide, then samples for given training rows.

    Attributes:
        classes: Class of each sample for a stratified division, None for a regression.
        make_samples: Returns all samples; whatever must be learnt from data (fill values, word lists)
            is learnt from the training rows it is given.
    """

    count: int
    classes: IntArray | None
    has_test: bool
    make_samples: Callable[[IntArray], RawSamples] = field(repr=False)


def source_from_samples(samples: RawSamples) -> RawSource:
    """Return a reading of samples that need nothing fitted."""
    target = samples.data.target
    by_class = target is not None and target.dtype == torch.int64 and target.ndim == 1
    classes = target.numpy().astype(np.int64) if by_class and target is not None else None
    return RawSource(len(samples.data), classes, samples.test is not None, lambda _: samples)
