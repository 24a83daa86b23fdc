"""What the network learns from, as the document stores it. Knows no loader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.values import Value


@dataclass(frozen=True, slots=True)
class Split:
    """How samples are divided.

    Attributes:
        validation: Share of the training samples held out for validation, 0 to 0.9.
        test: Share held out for the test where the set brings no test part of its own, 0 to 0.9.
        seed: Seed of the division.
        stratified: Whether each part keeps the classes' shares.
        most: Largest number of samples to train on, drawn from what is left for it; 0 takes all.
            What is divided along its order (text, series) has no such limit.
    """

    validation: float = 0.15
    test: float = 0.15
    seed: int = 0
    stratified: bool = True
    most: int = 0


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Random changes to training pictures; 0 or False switches one off.

    Attributes:
        flip: Mirror left and right, half of the time.
        shift: Largest shift as a share of the side, 0 to 0.5.
        rotate: Largest rotation in degrees, 0 to 180.
        crop: Padding in pixels before a random crop to the original size.
    """

    flip: bool = False
    shift: float = 0.0
    rotate: float = 0.0
    crop: int = 0


@dataclass(frozen=True, slots=True)
class DataSettings:
    """Which data set, and how it is prepared.

    Attributes:
        source: Name of a registered data source: `digits`, `mnist`, `moons`, `csv`, …
        options: The source's own settings, such as `path`, `noise` or `columns`.
        normalise: `none`, `unit` (pictures to 0…1), `standardise` (mean 0 and deviation 1,
            measured on the training part) or `fixed` (subtract `mean`, divide by `deviation`).
        mean: Per-channel means for `fixed`.
        deviation: Per-channel deviations for `fixed`.
        facts: Last known facts of the user's own data; built-in sets declare theirs.
    """

    source: str = "digits"
    options: Mapping[str, Value] = field(default_factory=dict)
    split: Split = field(default_factory=Split)
    normalise: str = "standardise"
    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()
    augmentation: Augmentation = field(default_factory=Augmentation)
    facts: DatasetInfo | None = None
