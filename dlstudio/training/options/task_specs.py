"""The tasks: what each reads from the canvas, what it brings itself and how it is measured.

Rules, forms and the loop derive from here. Knows no torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dlstudio.design.model.training_settings import ParameterGroup
from dlstudio.layers.framework.settings import Choice, Integer, Real, Setting
from dlstudio.training.options.generative_options import (
    ADVERSARIAL_SETTINGS,
    DIFFUSION_SETTINGS,
    GAN_GROUPS,
)
from dlstudio.training.options.named_option import NamedOption, by_name

INTERPOLATION = "interpolation"
"""The sampler that goes from one sample to another."""
MAX_SAMPLES = 64
"""A network is asked for no more samples at once."""


@dataclass(frozen=True, slots=True)
class TaskSpec(NamedOption):
    """What a design learns to do.

    Attributes:
        outputs: Roles of the Outputs it reads; the first is the answer.
        filled_inputs: Roles of Inputs that the task fills itself: noise, a time step.
        networks: How many separate networks it trains.
        target: What the data must have to predict: `class`, `value`, `mask` (a class for each
            pixel), `labels` (a row of 0 and 1), `tokens`, or empty for nothing.
        metrics: What it measures besides the loss, with titles.
        higher_is_better: Those of the figures that are better when they are higher.
        samplers: Ways in which it makes samples, the usual one first.
        sampling: What may be asked for when it makes samples: names of `SAMPLING_SETTINGS`.
        groups: Parameter groups that the task needs; none where any will do.
        latent: Whether a sample can be moved through a latent space.
        prompt: What can be done with a text that is typed in, as a verb; empty for nothing.
        views: Randomly changed views of each sample that a batch holds.
    """

    outputs: tuple[str, ...] = ()
    filled_inputs: tuple[str, ...] = ()
    networks: int = 1
    target: str = ""
    metrics: Mapping[str, str] = field(default_factory=dict)
    higher_is_better: frozenset[str] = frozenset()
    samplers: tuple[str, ...] = ()
    sampling: tuple[str, ...] = ()
    groups: tuple[ParameterGroup, ...] = ()
    latent: bool = False
    prompt: str = ""
    views: int = 1


_NOISE = Real(
    title="Noise",
    help="Deviation of the noise that is added to what goes in; the target stays clean.",
    default=0.0,
    minimum=0.0,
    maximum=10.0,
)

_BETA = Real(
    title="Beta",
    help="Weight of the divergence: above 1 the latent numbers become more alike to pure chance "
    "and more orderly, below 1 pictures become sharper.",
    default=1.0,
    minimum=0.0,
    maximum=1000.0,
)
_MASK_SHARE = Real(
    title="Hidden share",
    help="Chance with which each token is hidden from the network.",
    default=0.15,
    minimum=0.01,
    maximum=0.99,
)
_TOKEN_METRICS = {"accuracy": "accuracy", "perplexity": "perplexity"}

TASKS: Mapping[str, TaskSpec] = by_name(
    TaskSpec(
        "classification",
        "Classification",
        "Tell to which class a sample belongs.",
        outputs=("class scores",),
        target="class",
        metrics={"accuracy": "accuracy"},
        higher_is_better=frozenset({"accuracy"}),
        sampling=("count",),
    ),
    TaskSpec(
        "regression",
        "Regression",
        "Predict a number, or several.",
        outputs=("value",),
        target="value",
        metrics={"mae": "mean absolute error", "r2": "R²"},
        higher_is_better=frozenset({"r2"}),
        sampling=("count",),
    ),
    TaskSpec(
        "multi-label",
        "Several labels",
        "Tell for each of several labels whether it belongs to a sample.",
        outputs=("class scores",),
        target="labels",
        metrics={"label_accuracy": "labels right", "rows_right": "samples with all labels right"},
        higher_is_better=frozenset({"label_accuracy", "rows_right"}),
        sampling=("count",),
    ),
    TaskSpec(
        "segmentation",
        "Segmentation",
        "Tell for each pixel of a picture to which class it belongs.",
        outputs=("per-pixel scores",),
        target="mask",
        metrics={"pixel_accuracy": "pixel accuracy", "mean_iou": "mean intersection over union"},
        higher_is_better=frozenset({"pixel_accuracy", "mean_iou"}),
        sampling=("count",),
    ),
    TaskSpec(
        "reconstruction",
        "Reconstruction",
        "Give back what went in, through a bottleneck or out of noise.",
        settings={"noise": _NOISE},
        outputs=("reconstruction",),
        metrics={"mse": "mean squared error", "input_mse": "squared error of the noisy input"},
        samplers=("reconstruction", INTERPOLATION),
        sampling=("count", "sampler", "start", "end"),
        latent=True,
    ),
    TaskSpec(
        "adversarial",
        "Adversarial",
        "A generator makes samples out of noise, a discriminator tells them from real ones (GAN).",
        settings=ADVERSARIAL_SETTINGS,
        outputs=("generated sample", "realness"),
        filled_inputs=("noise", "labels"),
        networks=2,
        metrics={
            "generator_loss": "loss of the generator",
            "discriminator_loss": "loss of the discriminator",
            "real_accuracy": "real samples recognised",
            "fake_accuracy": "generated samples recognised",
            "distance": "estimated distance",
        },
        groups=GAN_GROUPS,
        samplers=("noise", INTERPOLATION),
        sampling=("count", "sampler", "start", "end", "label"),
        latent=True,
    ),
    TaskSpec(
        "diffusion",
        "Diffusion",
        "Learn to take noise out of samples step by step, then make some from noise alone (DDPM).",
        settings=DIFFUSION_SETTINGS,
        outputs=("predicted noise",),
        filled_inputs=("time step", "labels"),
        samplers=("ddim", "ddpm", INTERPOLATION),
        sampling=("count", "sampler", "steps", "start", "end", "label"),
    ),
    TaskSpec(
        "variational",
        "Variational autoencoder",
        "Give back what went in through a draw of chance, so that new samples can be drawn too.",
        settings={"beta": _BETA},
        outputs=("reconstruction", "mean", "log-variance"),
        metrics={
            "reconstruction_nats": "reconstruction (nats)",
            "kl_nats": "divergence (nats)",
            "negative_elbo": "negative ELBO (nats)",
        },
        samplers=("prior", "reconstruction", INTERPOLATION),
        sampling=("count", "sampler", "start", "end", "temperature"),
        latent=True,
    ),
    TaskSpec(
        "next-token",
        "Next token",
        "Tell which token comes next, at every position: a language model.",
        outputs=("next token",),
        target="tokens",
        metrics=_TOKEN_METRICS,
        higher_is_better=frozenset({"accuracy"}),
        samplers=("random", "greedy"),
        sampling=("count", "sampler", "steps", "temperature", "top_k"),
        prompt="Continue",
    ),
    TaskSpec(
        "masked-token",
        "Masked tokens",
        "Fill in tokens that were hidden, looking at both sides of them.",
        settings={"share": _MASK_SHARE},
        outputs=("next token",),
        metrics=_TOKEN_METRICS,
        higher_is_better=frozenset({"accuracy"}),
        sampling=("count",),
        prompt="Fill in",
    ),
    TaskSpec(
        "sequence-to-sequence",
        "Sequence to sequence",
        "Read one sequence and write another, token by token.",
        outputs=("next token",),
        target="tokens",
        metrics={**_TOKEN_METRICS, "sequence_accuracy": "whole sequences right"},
        higher_is_better=frozenset({"accuracy", "sequence_accuracy"}),
        samplers=("greedy", "random"),
        sampling=("count", "sampler", "temperature", "top_k"),
        prompt="Write",
    ),
    TaskSpec(
        "contrastive",
        "Contrastive learning",
        "Learn without labels: views of the same sample come to lie close together.",
        outputs=("embedding",),
        metrics={
            "alignment": "squared distance of two views",
            "retrieval": "views that find each other",
        },
        higher_is_better=frozenset({"retrieval"}),
        sampling=("count",),
        views=2,
    ),
)


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


_REQUIRED_SAMPLERS: Mapping[str, frozenset[str]] = {
    "start": frozenset({INTERPOLATION}),
    "end": frozenset({INTERPOLATION}),
    "temperature": frozenset({"prior", "random"}),
    "top_k": frozenset({"random"}),
}
"""Samplers that use what others pass over."""


def sampling_options(task: str, sampler: str = "") -> Mapping[str, Setting]:
    """Return what may be asked for when a task makes samples.

    Args:
        task: Its name.
        sampler: What its samples are made by; empty for the usual one.
    """
    spec = TASKS.get(task)
    names = spec.sampling if spec else ()
    active_sampler = sampler or (spec.samplers[0] if spec and spec.samplers else "")
    options = {
        name: SAMPLING_SETTINGS[name]
        for name in names
        if active_sampler in _REQUIRED_SAMPLERS.get(name, frozenset({active_sampler}))
    }
    if spec and spec.samplers and "sampler" in options:
        options["sampler"] = replace(_SAMPLER, default=spec.samplers[0], options=spec.samplers)
    return options


def monitors(task: str) -> Mapping[str, str]:
    """Return the figures that early stopping, plateau and best may read, with their titles."""
    metrics = {"loss": "loss", **(TASKS[task].metrics if task in TASKS else {})}
    return {f"validation_{name}": f"Validation {title}" for name, title in metrics.items()}


HIGHER_IS_BETTER = frozenset(
    f"validation_{name}" for task in TASKS.values() for name in task.higher_is_better
)
