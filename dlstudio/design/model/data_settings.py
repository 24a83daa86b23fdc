"""Settings of the data set, split and preprocessing, as stored in a design. Loads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.values import Value


@dataclass(frozen=True, slots=True)
class Split:
    """How samples are split into training, validation and test subsets.

    Attributes:
        validation: Fraction of the training samples used for validation, 0 to 0.9.
        test: Fraction used for testing if the data set has no test subset, 0 to 0.9.
        seed: Seed of the split.
        stratified: Whether each subset keeps the class proportions.
        most: Maximum number of training samples, drawn after the split; 0 uses all. Data that is
            split along its order (text, series) has no such limit.
    """

    validation: float = 0.15
    test: float = 0.15
    seed: int = 0
    stratified: bool = True
    most: int = 0


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Random changes to training images; 0 or False switches one off.

    Attributes:
        flip: Mirror left and right with probability 0.5.
        shift: Largest shift as a fraction of the side length, 0 to 0.5.
        rotate: Largest rotation in degrees, 0 to 180.
        crop: Padding in pixels before a random crop to the original size.
    """

    flip: bool = False
    shift: float = 0.0
    rotate: float = 0.0
    crop: int = 0


@dataclass(frozen=True, slots=True)
class DataSettings:
    """The data set and its preprocessing.

    Attributes:
        source: Name of a registered data source: `digits`, `mnist`, `moons`, `csv`, …
        options: Options of the source, such as `path`, `noise` or `columns`.
        normalise: `none`, `unit` (images to 0…1), `standardise` (mean 0 and standard deviation 1,
            measured on the training subset) or `fixed` (subtract `mean`, divide by `deviation`).
        mean: Per-channel means for `fixed`.
        deviation: Per-channel standard deviations for `fixed`.
        facts: Last known facts of the user's own data; built-in data sets declare theirs in code.
        standardise_target: Whether a regression learns values with mean 0 and standard deviation
            1, measured on the training subset; predictions and errors stay in the data's unit.
    """

    source: str = "digits"
    options: Mapping[str, Value] = field(default_factory=dict)
    split: Split = field(default_factory=Split)
    normalise: str = "standardise"
    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()
    augmentation: Augmentation = field(default_factory=Augmentation)
    facts: DatasetInfo | None = None
    standardise_target: bool = False
