"""The declaration of a task: everything that is known of it without torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import ParameterGroup
from dlstudio.training.options.named_option import NamedOption

INTERPOLATION = "interpolation"
"""The sampler that goes from one sample to another."""

TARGETS = ("", "class", "value", "mask", "labels", "tokens")
"""What a task may predict; the first is nothing."""

COMMON_CHECKS = (
    "dlstudio.training.readiness.core.roles.network_problems",
    "dlstudio.training.readiness.core.roles.role_problems",
    "dlstudio.training.readiness.core.roles.loss_task_problems",
)
"""Checks that hold for nearly every task: its networks, their Outputs, its loss."""

StepCount = Callable[[Mapping[str, Any], DatasetInfo, str], int]
"""Gives the default steps of a sampler: from the task's settings, the data and its name."""


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """What a task measures besides the loss.

    Attributes:
        title: Its name where there is room for it.
        label: Its name on a curve; the stored name with spaces where none is given.
        percentage: Whether it is a share of all, which is shown in per cent.
    """

    name: str
    title: str
    label: str = ""
    higher_is_better: bool = False
    percentage: bool = False


@dataclass(frozen=True, slots=True)
class SamplerSpec:
    """A way in which a task makes samples.

    Attributes:
        options: What may be asked of it besides the number of samples: names of
            `SAMPLING_SETTINGS`.
    """

    name: str
    title: str
    options: tuple[str, ...] = ()


INTERPOLATING = SamplerSpec(INTERPOLATION, "Interpolation", ("start", "end"))


@dataclass(frozen=True, slots=True)
class TaskSpec(NamedOption):
    """What a design learns to do.

    Attributes:
        objective: Dotted name of what makes the `Objective` of a run, given the training settings
            and the compiled networks.
        checks: Dotted names of the rules that find what the design or the data lacks; each takes
            a `CheckContext` and yields problems.
        losses: Those that go with it, the usual one first.
        outputs: Roles of the Outputs it reads; the first is the answer.
        inputs: Roles that the data must bring; empty for any.
        filled_inputs: Roles of Inputs that the task fills itself: noise, a time step.
        networks: How many separate networks it trains.
        target: What the data must have to predict, one of `TARGETS`: `mask` is a class for each
            pixel, `labels` a row of 0 and 1.
        metrics: What it measures besides the loss.
        samplers: Ways in which it makes samples, the usual one first.
        default_steps: Gives the usual steps of a sampler.
        steps_title: What these steps are called.
        groups: Parameter groups that the task needs; none where any will do.
        latent: Whether a sample can be moved through a latent space.
        rebuilds: Whether it gives back whole samples, so that anomalies stand out by their error.
        prompt: What can be done with a text that is typed in, as a verb; empty for nothing.
        prompt_hint: What stands in the empty line for that text.
        views: Randomly changed views of each sample that a batch holds.
        example: Name of a small example on data that is always there.
        fallback: What its network learns from data without a target, as a clause; empty where it
            is not suggested.
    """

    objective: str = ""
    checks: tuple[str, ...] = ()
    losses: tuple[NamedOption, ...] = ()
    outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    filled_inputs: tuple[str, ...] = ()
    networks: int = 1
    target: str = ""
    metrics: tuple[MetricSpec, ...] = ()
    samplers: tuple[SamplerSpec, ...] = ()
    default_steps: StepCount | None = None
    steps_title: str = "Steps"
    groups: tuple[ParameterGroup, ...] = ()
    latent: bool = False
    rebuilds: bool = False
    prompt: str = ""
    prompt_hint: str = ""
    views: int = 1
    example: str = ""
    fallback: str = ""

    def sampler(self, name: str = "") -> SamplerSpec | None:
        """Return a sampler by name, the usual one for any other name; None where there is none."""
        matches = (sampler for sampler in self.samplers if sampler.name == name)
        return next(matches, self.samplers[0] if self.samplers else None)
