"""What a run says, as frozen values. No torch in here: these cross to the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, Union

if TYPE_CHECKING:  # it loads slowly, and the window needs it only once a run speaks
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Started:
    """The run begins, or goes on from a checkpoint at `step`.

    Attributes:
        samples: Number of samples of `train`, `validation` and `test`.
        warnings: Lines a person should read (rows left out, a device that was not there).
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


@dataclass(frozen=True, slots=True)
class StepsDone:
    """Losses of the steps since the last such event.

    Attributes:
        first_step: Number of the first of them; steps count from 1.
        losses: Their mean batch losses, float32.
        rates: Their learning rates, float64.
        epoch: Epoch under way, from 1.
        samples_per_second: Throughput over these steps.
        gradient_norm: Of the last step; None where it was not measured.
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
    """An epoch is over.

    Attributes:
        epoch: From 1.
        step: Steps done so far.
        metrics: Figures by name: `train_loss`, `validation_loss`, `validation_accuracy`,
            `test_loss`, `test_accuracy`, `validation_mae`, … Missing ones were not measured.
    """

    epoch: int
    step: int
    metrics: Mapping[str, float]
    learning_rate: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What an observer saw at a step; `payload` is the observer's own frozen type."""

    step: int
    observer: str
    payload: Any


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """A setting was changed while the run went on.

    Attributes:
        step: The first step it holds for.
        change: `learning_rate`, `clipping`, `dropout`, `frozen` or `epochs`.
        arguments: What it was changed to, plain values.
        text: For people: `learning rate 2e-3 → 5e-4`.
    """

    step: int
    change: str
    arguments: Mapping[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class ChangeRejected:
    """A change that cannot be made; the run goes on as it was.

    Attributes:
        text: Why, for people.
    """

    step: int
    change: str
    text: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The run waits for a command; `reason` is empty where a person asked for the pause.

    A loss that is not finite takes the run back: `step` may then be earlier than steps that were
    told already, and those steps will be told again.
    """

    step: int
    epoch: int
    reason: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The run goes on after a pause."""

    step: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The run is over.

    Attributes:
        metrics: The final figures, by the names of `EpochDone`.
        reason: `done`, `early-stopping` or `stopped`.
        seconds: Spent training.
        evaluation_seconds: Spent evaluating.
        weights_file: Where the final weights lie.
    """

    epochs: int
    step: int
    metrics: Mapping[str, float]
    reason: str
    seconds: float
    evaluation_seconds: float
    run_dir: str = ""
    weights_file: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The run ended with a mistake.

    Attributes:
        text: What happened, why, what to do.
        node: Path of the layer concerned, or empty.
        details: The traceback, for the log.
    """

    text: str
    node: str = ""
    details: str = ""
    run_dir: str = ""


@dataclass(frozen=True, slots=True)
class ProgressUpdate:
    """Something long before the first step: a download, reading files.

    Attributes:
        fraction: Share done, 0 to 1; None where it cannot be known.
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
    """Where and how a run takes place, apart from what it does.

    Attributes:
        device: `auto`, `cpu`, `cuda` or `mps`; empty takes the design's.
        threads: Torch threads; 0 takes all cores.
        seed: None takes the design's.
        epochs: None takes the design's.
        data_dir: Folder of the data sets; empty takes DLSTUDIO_DATA, then the user's data folder.
        run_dir: Folder of this run; empty makes a new one under `runs_dir`.
        runs_dir: Folder of this design's runs; empty keeps no folder at all.
        resume: Go on from the checkpoint in `run_dir`, with the project kept there. `epochs`
            beyond those planned then opens a new span, also where the run was over.
        initial_weights: Weights file to begin with instead of fresh weights, as far as it fits.
        design_dir: Folder that relative data paths start from.
        checkpoint_seconds: Least time between two checkpoints at the ends of epochs; within an
            epoch it is fifteen times as long.
        extra: Reserved to observers.
    """

    device: str = ""
    threads: int = 0
    seed: int | None = None
    epochs: int | None = None
    data_dir: str = ""
    run_dir: str = ""
    runs_dir: str = ""
    resume: bool = False
    design_dir: str = ""
    initial_weights: str = ""
    checkpoint_seconds: float = 1.0
    extra: Mapping[str, Any] = field(default_factory=dict)
