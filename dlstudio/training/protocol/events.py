"""Events of a run, as frozen values that cross to the window. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from dlstudio.design.model.training_settings import TrainingSettings

if TYPE_CHECKING:  # numpy loads slowly, and the window needs it only during a run
    import numpy as np
    import numpy.typing as npt


FITTING_WEIGHTS = "The weights of"
"""Begin of the warning that says how many layers initial weights fit."""


@dataclass(frozen=True, slots=True)
class Started:
    """The run starts, or resumes from a checkpoint at `step`.

    Attributes:
        samples: Number of samples in `train`, `validation` and `test`.
        warnings: Messages for the user, such as skipped rows or an unavailable device.
        training: The settings in force, with a number in the place of each automatic value.
        baseline: Metrics of the best constant prediction, with the names of `EpochDone`; empty if
            the task has none.
        leaks: Subsets with samples on which the initial weights were trained, in another split.
    """

    device: str
    threads: int
    parameters: int
    samples: Mapping[str, int]
    epochs: int
    steps_per_epoch: int
    step: int = 0
    epoch: int = 0
    run_dir: str = ""
    warnings: tuple[str, ...] = ()
    training: TrainingSettings | None = None
    baseline: Mapping[str, float] = field(default_factory=dict)
    leaks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepsDone:
    """Losses of the steps since the previous event of this type.

    Attributes:
        first_step: Number of the first step, counted from 1.
        losses: Mean loss of each batch, float32.
        rates: Learning rate of each step, float64.
        epoch: Current epoch, from 1.
        samples_per_second: Throughput over these steps.
        gradient_norm: Gradient norm of the last step; None if it was not measured.
    """

    first_step: int
    losses: npt.NDArray[np.float32]
    rates: npt.NDArray[np.float64]
    epoch: int
    samples_per_second: float
    gradient_norm: float | None = None

    @property
    def last_step(self) -> int:
        """Number of the last step."""
        return self.first_step + len(self.losses) - 1


@dataclass(frozen=True, slots=True)
class EpochDone:
    """An epoch has ended.

    Attributes:
        epoch: Its number, from 1.
        step: Completed steps.
        metrics: Metrics by name: `train_loss`, `validation_loss`, `validation_accuracy`,
            `test_loss`, `test_accuracy`, `validation_mae`, … Missing ones were not measured.
    """

    epoch: int
    step: int
    metrics: Mapping[str, float]
    learning_rate: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The result of an observer at a step; `payload` is the observer's own frozen type."""

    step: int
    observer: str
    payload: Any


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """A setting was changed during the run.

    Attributes:
        step: The first step with the new value.
        change: `learning_rate`, `clipping`, `dropout`, `frozen`, `epochs`, `batch_size`, …
        arguments: The new values, as plain values.
        text: Message for the user, such as `learning rate 2e-3 → 5e-4`.
    """

    step: int
    change: str
    arguments: Mapping[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class ChangeRejected:
    """A change was rejected; the run continues without it.

    Attributes:
        text: The reason, for the user.
    """

    step: int
    change: str
    text: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The run waits for a command; `reason` is empty if the user requested the pause.

    A loss that is not finite rolls the run back: `step` may then be earlier than steps already
    reported, and those steps are reported again.
    """

    step: int
    epoch: int
    reason: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The run continues after a pause."""

    step: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The run has ended.

    Attributes:
        metrics: The final metrics, with the names of `EpochDone`.
        reason: `done`, `early-stopping` or `stopped`.
        seconds: Time spent training.
        evaluation_seconds: Time spent evaluating.
        weights_file: Path of the final weights.
        kept_epoch: Epoch whose weights were restored as the best; 0 for those of the last step.
    """

    epochs: int
    step: int
    metrics: Mapping[str, float]
    reason: str
    seconds: float
    evaluation_seconds: float
    run_dir: str = ""
    weights_file: str = ""
    kept_epoch: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """The run ended with an error.

    Attributes:
        text: What happened, why, and what to do.
        node: Path of the layer concerned, or empty.
        details: The traceback, for the log.
    """

    text: str
    node: str = ""
    details: str = ""
    run_dir: str = ""


@dataclass(frozen=True, slots=True)
class ProgressUpdate:
    """Progress before the first step: a download, or reading files.

    Attributes:
        fraction: Completed share, 0 to 1; None if unknown.
    """

    text: str
    fraction: float | None = None


Event: TypeAlias = Union[
    Started,
    StepsDone,
    EpochDone,
    Snapshot,
    SettingChanged,
    ChangeRejected,
    Paused,
    Resumed,
    Finished,
    Failed,
    ProgressUpdate,
]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Where and how a run is executed; the project says what it trains.

    Attributes:
        device: `auto`, `cpu`, `cuda` or `mps`; empty uses the design's.
        threads: Torch threads; 0 uses all cores.
        seed: None uses the design's.
        epochs: None uses the design's.
        data_dir: Folder of data sets; empty uses DLSTUDIO_DATA, else the user's data folder.
        run_dir: Folder of this run; empty creates a new one in `runs_dir`.
        overwrite: Whether a new run may replace the run in `run_dir`.
        runs_dir: Folder of this design's runs; empty writes no run folder.
        resume: Resume from the checkpoint in `run_dir`, with the project stored there. `epochs`
            beyond those planned then adds a new span, even to a finished run.
        changes: Names and arguments of changes that a resumed run takes before its first step.
        initial_weights: Weights file to start from, as far as it matches, instead of fresh weights.
        design_dir: Base folder of relative data paths.
        checkpoint_seconds: Shortest time between two checkpoints at the ends of epochs; within an
            epoch it is fifteen times as long.
        extra: Reserved for observers.
    """

    device: str = ""
    threads: int = 0
    seed: int | None = None
    epochs: int | None = None
    data_dir: str = ""
    run_dir: str = ""
    runs_dir: str = ""
    resume: bool = False
    overwrite: bool = False
    design_dir: str = ""
    initial_weights: str = ""
    changes: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    checkpoint_seconds: float = 1.0
    extra: Mapping[str, Any] = field(default_factory=dict)
