"""Reconstruction of the sample, through a bottleneck or from noise."""

from __future__ import annotations

from dlstudio.layers.framework.settings import Real
from dlstudio.training.options.losses import NUMERIC_LOSSES
from dlstudio.training.specs.core.task_spec import (
    COMMON_CHECKS,
    INTERPOLATING,
    MetricSpec,
    SamplerSpec,
    TaskSpec,
)

_NOISE = Real(
    title="Noise",
    help="Standard deviation of the noise added to the input; the target stays clean.",
    default=0.0,
    minimum=0.0,
    maximum=10.0,
)

RECONSTRUCTION = TaskSpec(
    "reconstruction",
    "Reconstruction",
    "Reconstruct the input, through a bottleneck or from noise.",
    settings={"noise": _NOISE},
    objective="dlstudio.training.tasks.unsupervised.reconstruction.Reconstruction",
    checks=(
        *COMMON_CHECKS,
        "dlstudio.training.readiness.rules.reconstruction_shape.reconstruction_problems",
    ),
    losses=NUMERIC_LOSSES,
    outputs=("reconstruction",),
    inputs=("samples",),
    metrics=(
        MetricSpec("mse", "mean squared error", "MSE", scale="squared error"),
        MetricSpec(
            "input_mse",
            "squared error of the noisy input",
            "MSE of the noisy input",
            scale="squared error",
            monitored=lambda _training, _facts: False,
        ),
    ),
    samplers=(SamplerSpec("reconstruction", "Reconstruction"), INTERPOLATING),
    latent=True,
    rebuilds=True,
    fallback="reconstruct the samples",
    constant="the mean sample",
)
