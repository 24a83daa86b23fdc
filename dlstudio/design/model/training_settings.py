"""Settings of training, as stored in a design. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from dlstudio.design.model.values import Value

NO_CLASS_WEIGHTS, BALANCED, CUSTOM = "none", "balanced", "custom"
"""Words of `TrainingSettings.class_weights`."""
Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class Selector:
    """Selects the parameters of a group: by component role or by node path.

    With both empty it selects whatever no earlier group has selected.
    """

    role: str = ""
    paths: tuple[str, ...] = ()

    def matches(self, path: str) -> bool:
        """Return whether a layer, block or parameter at a dotted path lies below `paths`.

        A path without a repeat number matches all repeats of a block, and the first repeat matches
        a block that is not repeated, so that a group keeps its layers when the number changes.
        """
        return any(_is_below(path, prefix) for prefix in self.paths)


def _is_below(path: str, prefix: str) -> bool:
    if f"{path}.".startswith(f"{prefix}."):
        return True
    segments = path.split(".")
    for segment in prefix.split("."):
        if segments and segments[0] != segment and segments[0].isdigit() and not segment.isdigit():
            segments = segments[1:]
        if segment == "0" and (not segments or not segments[0].isdigit()):
            continue
        if not segments or segments[0] != segment:
            return False
        segments = segments[1:]
    return True


@dataclass(frozen=True, slots=True)
class Optimiser:
    """An optimiser by name (`sgd`, `adam`, `adamw`, `rmsprop`) with its settings.

    Attributes:
        learning_rate: Peak learning rate; None chooses it before the run.
        weight_decay: Applied to weights; to biases and norms only with `decay_all`.
        settings: The optimiser's own: `momentum`, `nesterov`, `beta1`, `beta2`, `eps`, `alpha`.
    """

    name: str = "adam"
    learning_rate: float | None = 1e-3
    weight_decay: float = 0.0
    decay_all: bool = False
    settings: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A learning-rate schedule by name with its settings.

    Names: `constant`, `step` (`every` epochs, `factor`), `cosine` (`floor` as a share), `linear`
    (`warmup` share of the steps, then decay to `floor`), `one-cycle` (`warmup`, `start`, `floor`),
    `plateau` (`factor`, `patience` epochs).
    """

    name: str = "constant"
    settings: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clipping:
    """Gradient clipping: `none`, `norm` or `value`, at `limit`."""

    mode: str = "none"
    limit: float = 1.0


@dataclass(frozen=True, slots=True)
class ParameterGroup:
    """Parameters that share an optimiser, a schedule and clipping.

    Attributes:
        factor: Multiplies the optimiser's learning rate.
        frozen: No gradient, and norm statistics stay fixed.
    """

    name: str = "all"
    selector: Selector = field(default_factory=Selector)
    optimiser: Optimiser = field(default_factory=Optimiser)
    factor: float = 1.0
    schedule: Schedule = field(default_factory=Schedule)
    clipping: Clipping = field(default_factory=Clipping)
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """Stop when `monitor` (a validation metric) has not improved for `patience` epochs.

    Attributes:
        monitor: `validation_loss` or `validation_accuracy`.
        minimum_change: Smaller improvements do not count.
        restore_best: Restore the weights of the best epoch.
        automatic: Chosen together with the number of epochs, and given up with another number.
    """

    enabled: bool = False
    monitor: str = "validation_loss"
    patience: int = 5
    minimum_change: float = 0.0
    restore_best: bool = True
    automatic: bool = False

    def without_automatic(self) -> EarlyStopping:
        """Return what a person has set: itself, or no early stopping if it is automatic."""
        return replace(self, enabled=False, patience=5, automatic=False) if self.automatic else self


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """All settings of a run.

    Attributes:
        task: Name of a registered task: `classification`, `diffusion`, …
        loss: Name of a loss that suits the task: `cross-entropy`, `mse`, …
        loss_settings: Settings of the loss: `label_smoothing`, `delta`.
        epochs: Passes over the training data; None chooses their number before the run.
        batch_size: Samples in each step; None chooses it before the run.
        seed: Seed of the initial weights, sample order and dropout.
        mixed_precision: Half-precision arithmetic if the device supports it; ignored on the CPU.
        reproducible: Deterministic algorithms on a GPU.
        test_each_epoch: Evaluate the test subset every epoch, for display only.
        device: `auto`, `cpu`, `cuda` or `mps`.
        keep_best: Restore the weights of the epoch with the best validation metric at the end.
        class_weights: `none`; `balanced`, where the loss of a training sample is multiplied by a
            weight that is larger for rarer classes; or `custom`.
        class_weight_values: The weight of each class by its name, for `custom`. With several
            labels, only samples that have a label are multiplied by its weight.
    """

    task: str = "classification"
    loss: str = "cross-entropy"
    loss_settings: Mapping[str, Value] = field(default_factory=dict)
    epochs: int | None = 10
    batch_size: int | None = 32
    seed: int = 0
    groups: tuple[ParameterGroup, ...] = field(default_factory=lambda: (ParameterGroup(),))
    early_stopping: EarlyStopping = field(default_factory=EarlyStopping)
    mixed_precision: bool = False
    reproducible: bool = False
    test_each_epoch: bool = False
    device: str = "auto"
    task_settings: Mapping[str, Value] = field(default_factory=dict)
    keep_best: bool = False
    class_weights: str = NO_CLASS_WEIGHTS
    class_weight_values: Mapping[str, float] = field(default_factory=dict)

    @property
    def has_automatic(self) -> bool:
        """Whether a value is chosen before the run."""
        rates = [group.optimiser.learning_rate for group in self.groups]
        return None in (self.epochs, self.batch_size, *rates)


AUTOMATIC = TrainingSettings(
    epochs=None,
    batch_size=None,
    groups=(ParameterGroup(optimiser=Optimiser(learning_rate=None)),),
    keep_best=True,
)
"""Settings of a new design: whatever can be chosen from the task and the data is."""


def with_epochs(training: TrainingSettings, epochs: int | None) -> TrainingSettings:
    """Return settings with another number of epochs, without the stop chosen for the old one."""
    return replace(
        training, epochs=epochs, early_stopping=training.early_stopping.without_automatic()
    )


def chosen(value: Number | None) -> Number:
    """Return a setting that is not automatic, or has been resolved; ValueError otherwise."""
    if value is None:
        raise ValueError("an automatic setting was not resolved")
    return value
