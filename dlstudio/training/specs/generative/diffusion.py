"""Diffusion: noise is removed from samples step by step."""

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
"""Default steps of the accelerated samplers."""


def diffusion_steps(total_steps: int, sampler: str) -> int:
    """Return the default steps of a sampler; `total_steps` are those of the noise schedule."""
    return total_steps if sampler == "ddpm" else min(FAST_SAMPLER_STEPS, total_steps)


def _default_steps(settings: Mapping[str, Any], _facts: DatasetInfo, sampler: str) -> int:
    return diffusion_steps(int(settings["steps"]), sampler)


DIFFUSION = TaskSpec(
    "diffusion",
    "Diffusion",
    "Learn to remove noise from samples step by step, then generate some from pure noise (DDPM).",
    settings={
        "steps": Integer(
            title="Time steps",
            help="Number of steps from a sample to pure noise.",
            default=1000,
            minimum=2,
            maximum=10_000,
        ),
        "schedule": Choice(
            title="Noise schedule",
            help="How noise increases: linear hides samples early, cosine more gradually.",
            default="linear",
            options=("linear", "cosine"),
        ),
        "predicts": Choice(
            title="Predicts",
            help="What the network predicts: the noise, or v, a mixture of noise and clean sample "
            "that stays well scaled where nearly everything is noise.",
            default="noise",
            options=("noise", "v"),
        ),
        "label_dropout": Real(
            title="Label dropout",
            help="Share of samples whose class is hidden, so that the network also learns to "
            "predict without it. Above 0, label 0 means no class and classes start at 1.",
            default=0.0,
            minimum=0.0,
            maximum=1.0,
        ),
        "guidance": Real(
            title="Guidance",
            help="Strength of guidance towards the class; needs label dropout.",
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
    constant="0",
    steps=5000,
    example="diffusion-moons",
)
