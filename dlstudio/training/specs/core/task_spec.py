"""The declaration of a task. Does not import torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import ParameterGroup, TrainingSettings
from dlstudio.training.options.named_option import NamedOption

INTERPOLATION = "interpolation"
"""Name of the sampler that interpolates between two samples."""

SHARE = "share"
"""Scale of the metrics between 0 and 1; all in per cent have it."""

STEPS = 2000
"""Steps that suit most tasks."""

TARGETS = ("", "class", "value", "mask", "labels", "tokens")
"""Kinds of targets; the empty one is none."""

COMMON_CHECKS = (
    "dlstudio.training.readiness.core.roles.network_problems",
    "dlstudio.training.readiness.core.roles.role_problems",
    "dlstudio.training.readiness.core.roles.loss_task_problems",
)
"""Checks for nearly every task: number of networks, roles of Outputs, loss."""

StepCount = Callable[[Mapping[str, Any], DatasetInfo, str], int]
"""Returns a sampler's default steps from the task's settings, the data and its name."""


MonitorCondition = Callable[[TrainingSettings, DatasetInfo], bool]


def always(_training: TrainingSettings, _facts: DatasetInfo) -> bool:
    """Monitor a metric with any settings and data."""
    return True


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """A metric of a task besides the loss.

    Attributes:
        title: Its long name.
        label: Its short name on curves; empty uses the stored name with spaces.
        percentage: Whether it is a share, shown in per cent.
        monitored: Whether early stopping can monitor it with these settings and this data.
        scale: Metrics of the same scale share an axis; empty if no other metric has its scale.
    """

    name: str
    title: str
    label: str = ""
    higher_is_better: bool = False
    percentage: bool = False
    scale: str = ""
    monitored: MonitorCondition = always


@dataclass(frozen=True, slots=True)
class SamplerSpec:
    """A method by which a task generates samples.

    Attributes:
        options: Names in `SAMPLING_SETTINGS` of its options besides the number of samples.
    """

    name: str
    title: str
    options: tuple[str, ...] = ()


INTERPOLATING = SamplerSpec(INTERPOLATION, "Interpolation", ("start", "end"))


@dataclass(frozen=True, slots=True)
class TaskSpec(NamedOption):
    """The declaration of a task.

    Attributes:
        objective: Dotted name of a callable that returns the run's `Objective`, given the
            training settings and the compiled networks.
        checks: Dotted names of the rules of readiness; each takes a `CheckContext` and yields
            problems.
        losses: Losses of the task, the default first.
        outputs: Roles of the Outputs it reads; the first gives the prediction.
        inputs: Roles that the data must provide; empty for any.
        filled_inputs: Roles of Inputs that the task fills itself, such as noise or a time step.
        networks: Number of separate networks it trains.
        class_weights: Whether the loss of a sample can be weighted by its class.
        target: Kind of target the data must have, one of `TARGETS`: `mask` is a class for each
            pixel, `labels` a row of 0 and 1.
        metrics: Metrics besides the loss.
        samplers: Samplers of the task, the default first.
        default_steps: Returns the default steps of a sampler.
        steps_title: Title of the sampler's steps.
        groups: Parameter groups that the task requires; empty for any.
        latent: Whether samples can be moved through a latent space.
        rebuilds: Whether it reconstructs samples, so that anomalies can be detected by their error.
        prompt: A verb for what the network does with a typed text; empty for nothing.
        prompt_hint: Placeholder of the prompt's text field.
        steps: Steps of a run whose number of epochs is automatic.
        views: Number of augmented views of each sample in a batch.
        example: Name of a small example that needs no download.
        source: Name of a data source that suits the task and needs no file; empty if that of a
            new design does.
        constant: What the best constant prediction of the task is, in words; its metrics are those
            of the objective's `constant_metrics`.
        not_judged: Why no metric shows how good a result is, and what to look at instead; empty if
            one does.
        fallback: What the network learns from data without a target, as a clause; empty if the
            task is not suggested for it.
    """

    objective: str = ""
    checks: tuple[str, ...] = ()
    losses: tuple[NamedOption, ...] = ()
    outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    filled_inputs: tuple[str, ...] = ()
    networks: int = 1
    target: str = ""
    class_weights: bool = False
    metrics: tuple[MetricSpec, ...] = ()
    samplers: tuple[SamplerSpec, ...] = ()
    default_steps: StepCount | None = None
    steps_title: str = "Steps"
    groups: tuple[ParameterGroup, ...] = ()
    latent: bool = False
    rebuilds: bool = False
    prompt: str = ""
    prompt_hint: str = ""
    steps: int = STEPS
    views: int = 1
    example: str = ""
    source: str = ""
    fallback: str = ""
    constant: str = ""
    not_judged: str = ""

    def sampler(self, name: str = "") -> SamplerSpec | None:
        """Return the sampler of that name, else the default; None for a task without samplers."""
        matches = (sampler for sampler in self.samplers if sampler.name == name)
        return next(matches, self.samplers[0] if self.samplers else None)
