"""Diffusion: noise is taken out of samples step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.layers.framework.settings import Choice, Integer, Real
from dlstudio.training.options.losses import MSE
from dlstudio.training.specs.core.averaging import averaging_setting
from dlstudio.training.specs.core.task_spec import (
    COMMON_CHECKS,
    INTERPOLATION,
    SamplerSpec,
    TaskSpec,
)

FAST_SAMPLER_STEPS = 50
"""Steps of a sampler that leaps."""


def diffusion_steps(total_steps: int, sampler: str) -> int:
    """Return the steps of a diffusion sampler; `total_steps` is how many the noise grows in."""
    return total_steps if sampler == "ddpm" else min(FAST_SAMPLER_STEPS, total_steps)


def _default_steps(settings: Mapping[str, Any], _facts: DatasetInfo, sampler: str) -> int:
    return diffusion_steps(int(settings["steps"]), sampler)


DIFFUSION = TaskSpec(
    "diffusion",
    "Diffusion",
    "Learn to take noise out of samples step by step, then make some from noise alone (DDPM).",
    settings={
        "steps": Integer(
            title="Time steps",
            help="In how many steps a sample turns into noise.",
            default=1000,
            minimum=2,
            maximum=10_000,
        ),
        "schedule": Choice(
            title="Noise schedule",
            help="How the noise grows: linear drowns samples early, cosine more evenly.",
            default="linear",
            options=("linear", "cosine"),
        ),
        "predicts": Choice(
            title="Predicts",
            help="What the network tells of a noisy sample: its noise, or v, a mixture of noise "
            "and clean sample that stays well measured where nearly all is noise.",
            default="noise",
            options=("noise", "v"),
        ),
        "label_dropout": Real(
            title="Label dropout",
            help="Share of the samples whose class is withheld, so that the network also learns "
            "to do without. Above 0, label 0 stands for none and classes count from 1.",
            default=0.0,
            minimum=0.0,
            maximum=1.0,
        ),
        "guidance": Real(
            title="Guidance",
            help="How far samples are pushed towards their class; needs label dropout.",
            default=0.0,
            minimum=0.0,
            maximum=100.0,
        ),
        "average": averaging_setting(0.999),
    },
    objective="dlstudio.training.tasks.generative.diffusion.Diffusion",
    checks=(
        *COMMON_CHECKS,
        "dlstudio.training.readiness.generative.gan_and_diffusion.diffusion_problems",
        "dlstudio.training.readiness.generative.gan_and_diffusion.label_problems",
    ),
    losses=(MSE,),
    outputs=("predicted noise",),
    inputs=("samples",),
    filled_inputs=("time step", "labels"),
    samplers=(
        SamplerSpec("ddim", "DDIM", ("steps", "label")),
        SamplerSpec("ddpm", "DDPM", ("steps", "label")),
        SamplerSpec(INTERPOLATION, "Interpolation", ("steps", "start", "end", "label")),
    ),
    default_steps=_default_steps,
    example="diffusion-moons",
)
