"""Variational autoencoders: reconstruction through a random latent code."""

from __future__ import annotations

from dlstudio.layers.framework.settings import Real
from dlstudio.training.options.losses import BINARY, MSE
from dlstudio.training.specs.core.task_spec import (
    COMMON_CHECKS,
    INTERPOLATING,
    MetricSpec,
    SamplerSpec,
    TaskSpec,
)

_BETA = Real(
    title="Beta",
    help="Weight of the KL divergence: above 1 the latent code is closer to the prior and more "
    "disentangled, below 1 reconstructions are sharper.",
    default=1.0,
    minimum=0.0,
    maximum=1000.0,
)

VARIATIONAL = TaskSpec(
    "variational",
    "Variational autoencoder",
    "Reconstruct the input from a random latent code, so that new samples can be generated.",
    settings={"beta": _BETA},
    objective="dlstudio.training.tasks.generative.variational.Variational",
    checks=(
        *COMMON_CHECKS,
        "dlstudio.training.readiness.rules.reconstruction_shape.reconstruction_problems",
        "dlstudio.training.readiness.generative.variational.latent_problems",
        "dlstudio.training.readiness.generative.variational.unit_range_problems",
    ),
    losses=(BINARY, MSE),
    outputs=("reconstruction", "mean", "log-variance"),
    inputs=("samples",),
    metrics=(
        MetricSpec(
            "reconstruction_nats", "reconstruction (nats)", "reconstruction (nats)", scale="nats"
        ),
        MetricSpec("kl_nats", "divergence (nats)", "KL divergence (nats)", scale="nats"),
        MetricSpec("negative_elbo", "negative ELBO (nats)", "negative ELBO (nats)", scale="nats"),
    ),
    samplers=(
        SamplerSpec("prior", "Prior", ("temperature",)),
        SamplerSpec("reconstruction", "Reconstruction"),
        INTERPOLATING,
    ),
    latent=True,
    rebuilds=True,
    constant="the mean sample",
    steps=4000,
    example="vae-digits",
)
