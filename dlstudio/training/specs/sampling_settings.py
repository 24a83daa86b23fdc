"""The settings of sampling. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.layers.framework.settings import Choice, Integer, Real, Setting
from dlstudio.training.specs.registry import TASKS

MAX_SAMPLES = 64
"""Largest number of samples in one request."""

_SAMPLER = Choice(
    title="Sampler",
    help="Sampling method: full, accelerated or interpolation.",
    default="",
    options=("",),
)

SAMPLING_SETTINGS: Mapping[str, Setting] = {
    "count": Integer(title="Samples", help="Number of samples.", default=16, maximum=MAX_SAMPLES),
    "sampler": _SAMPLER,
    "steps": Integer(
        title="Steps",
        help="Steps of the sampler, or number of new tokens.",
        default=0,
        minimum=0,
        maximum=10_000,
        special="usual",
    ),
    "start": Integer(
        title="From",
        help="Index of the sample, or seed of the noise, at the start of the interpolation.",
        default=0,
        minimum=0,
    ),
    "end": Integer(
        title="To",
        help="Index of the sample, or seed of the noise, at the end of the interpolation.",
        default=1,
        minimum=0,
    ),
    "temperature": Real(
        title="Temperature",
        help="Below 1 favours likely tokens, above 1 unlikely ones.",
        default=1.0,
        minimum=0.01,
        maximum=10.0,
    ),
    "top_k": Integer(
        title="Top k",
        help="Number of most likely tokens to choose from.",
        default=0,
        minimum=0,
        special="all",
    ),
    "label": Integer(
        title="Class",
        help="Class of the samples, or any.",
        default=-1,
        minimum=-1,
        special="any class",
    ),
}
"""Settings of a request for samples, by the fields of `SampleRequest`."""


def sampling_options(task: str, sampler: str = "") -> Mapping[str, Setting]:
    """Return the settings of a task's sampler.

    Args:
        task: Name of the task.
        sampler: Name of the sampler; empty for the default.
    """
    spec = TASKS.get(task)
    if spec is None:
        return {}
    options = {"count": SAMPLING_SETTINGS["count"]}
    active_sampler = spec.sampler(sampler)
    if active_sampler is not None:
        names = tuple(choice.name for choice in spec.samplers)
        options["sampler"] = replace(_SAMPLER, default=names[0], options=names)
        options |= {name: SAMPLING_SETTINGS[name] for name in active_sampler.options}
    return options


def default_sampler_steps(training: TrainingSettings, facts: DatasetInfo, sampler: str) -> int:
    """Return the default steps of a task's sampler, 0 if it has none or they are unknown."""
    spec = TASKS.get(training.task)
    if spec is None or spec.default_steps is None:
        return 0
    try:
        settings = spec.parse(training.task_settings)
    except ValueError:
        return 0
    return spec.default_steps(settings, facts, sampler)
