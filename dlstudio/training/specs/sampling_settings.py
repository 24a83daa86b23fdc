"""What may be asked for when a task makes samples. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.layers.framework.settings import Choice, Integer, Real, Setting
from dlstudio.training.specs.registry import TASKS

MAX_SAMPLES = 64
"""A network is asked for no more samples at once."""

_SAMPLER = Choice(
    title="Sampler",
    help="The way to a sample: all steps or leaps, out of chance or on the way between two.",
    default="",
    options=("",),
)

SAMPLING_SETTINGS: Mapping[str, Setting] = {
    "count": Integer(
        title="Samples", help="How many are made at once.", default=16, maximum=MAX_SAMPLES
    ),
    "sampler": _SAMPLER,
    "steps": Integer(
        title="Steps",
        help="Steps of the sampler, or tokens to write; as many as are usual where none are given.",
        default=0,
        minimum=0,
        maximum=10_000,
        special="usual",
    ),
    "start": Integer(
        title="From",
        help="Number of the sample, or seed of the noise, that an interpolation begins with.",
        default=0,
        minimum=0,
    ),
    "end": Integer(
        title="To",
        help="Number of the sample, or seed of the noise, that an interpolation ends with.",
        default=1,
        minimum=0,
    ),
    "temperature": Real(
        title="Temperature",
        help="Below 1 the likeliest is preferred, above 1 the unlikely comes up more often.",
        default=1.0,
        minimum=0.01,
        maximum=10.0,
    ),
    "top_k": Integer(
        title="Top k",
        help="Chooses among that many likeliest tokens, or among all of them.",
        default=0,
        minimum=0,
        special="all",
    ),
    "label": Integer(
        title="Class",
        help="The class that is wanted, or any.",
        default=-1,
        minimum=-1,
        special="any class",
    ),
}
"""What may be asked for when samples are made, by the fields of `SampleRequest`."""


def sampling_options(task: str, sampler: str = "") -> Mapping[str, Setting]:
    """Return what may be asked for when a task makes samples.

    Args:
        task: Its name.
        sampler: What its samples are made by; empty for the usual one.
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
    """Return the steps of a task's sampler, 0 where it has none or they are not known."""
    spec = TASKS.get(training.task)
    if spec is None or spec.default_steps is None:
        return 0
    try:
        settings = spec.parse(training.task_settings)
    except ValueError:
        return 0
    return spec.default_steps(settings, facts, sampler)
