"""Adversarial training: a generator and a discriminator that recognises its samples."""

from __future__ import annotations

from dlstudio.design.model.training_settings import Optimiser, ParameterGroup, Selector
from dlstudio.layers.framework.settings import Integer, Real
from dlstudio.training.options.named_option import NamedOption
from dlstudio.training.specs.core.averaging import averaging_setting
from dlstudio.training.specs.core.task_spec import (
    COMMON_CHECKS,
    INTERPOLATION,
    MetricSpec,
    SamplerSpec,
    TaskSpec,
)


def _group(name: str, role: str) -> ParameterGroup:
    settings = {"beta1": 0.5, "beta2": 0.999}
    return ParameterGroup(name, Selector(role), Optimiser("adam", 2e-4, settings=settings))


_GROUPS = (_group("generator", "generated sample"), _group("discriminator", "realness"))
"""One group per network, with the settings of Radford et al. 2016 (DCGAN)."""

_LOSSES = (
    NamedOption(
        "standard",
        "Standard adversarial",
        "The discriminator separates real from generated samples by cross-entropy; the generator "
        "maximises their score. Takes raw scores, without a Sigmoid.",
    ),
    NamedOption(
        "least-squares",
        "Least squares",
        "Regresses scores of real samples to 1 and of generated ones to 0: smoother gradients.",
    ),
    NamedOption(
        "wasserstein",
        "Wasserstein",
        "The critic separates the scores, with a penalty on the norm of its gradient; "
        "the estimated distance falls as the samples improve.",
        {
            "penalty": Real(
                title="Penalty weight",
                help="Weight of the penalty that keeps the norm of the critic's gradient near 1.",
                default=10.0,
                minimum=0.0,
                maximum=1e6,
            )
        },
    ),
)

ADVERSARIAL = TaskSpec(
    "adversarial",
    "Adversarial",
    "A generator creates samples from noise, a discriminator tries to recognise them (GAN).",
    settings={
        "discriminator_steps": Integer(
            title="Discriminator steps",
            help="Discriminator steps for each step of the generator.",
            default=1,
            maximum=100,
        ),
        "average": averaging_setting(0.0),
    },
    objective="dlstudio.training.tasks.generative.adversarial.Adversarial",
    checks=(
        *COMMON_CHECKS,
        "dlstudio.training.readiness.generative.gan_and_diffusion.adversarial_problems",
        "dlstudio.training.readiness.generative.gan_and_diffusion.label_problems",
        "dlstudio.training.readiness.generative.gan_and_diffusion.monitor_problems",
    ),
    losses=_LOSSES,
    outputs=("generated sample", "realness"),
    inputs=("samples",),
    filled_inputs=("noise", "labels"),
    networks=2,
    metrics=(
        MetricSpec("generator_loss", "loss of the generator"),
        MetricSpec("discriminator_loss", "loss of the discriminator"),
        MetricSpec(
            "real_accuracy",
            "real samples recognised",
            "accuracy on real samples",
            percentage=True,
        ),
        MetricSpec(
            "fake_accuracy",
            "generated samples recognised",
            "accuracy on generated samples",
            percentage=True,
        ),
        MetricSpec("distance", "estimated distance"),
    ),
    samplers=(
        SamplerSpec("noise", "Noise", ("label",)),
        SamplerSpec(INTERPOLATION, "Interpolation", ("start", "end", "label")),
    ),
    groups=_GROUPS,
    latent=True,
    steps=4000,
    not_judged="No figure shows how good generated samples are: the losses only show which of the "
    "two networks is ahead. Look at the samples.",
    example="gan-ring",
)
