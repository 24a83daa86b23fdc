"""The designs that ship with dlstudio: lessons in teaching order, famous networks by year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from dlstudio.resources import resource

SUFFIX = ".dlstudio"
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "First neurons": (
        "perceptron-1958",
        "movie-neuron",
        "xor-perceptron",
        "xor-solved-1986",
        "xor-mlp",
        "spirals-mlp",
        "breast-cancer-mlp",
    ),
    "Reading digits": (
        "digits-mlp",
        "mnist-simple",
        "mnist-mlp",
        "mnist-dropout",
        "mnist-deepnet",
    ),
    "Deep networks and their gradients": ("vanishing-sigmoid", "relu-he", "residual-deep"),
    "Images and sound": (
        "lenet5",
        "digits-cnn",
        "mnist-cnn",
        "fashion-resnet",
        "vit-digits",
        "vit-mnist",
        "shapes-labels",
        "segment-shapes",
        "tones-cnn",
        "transfer-digits",
    ),
    "Sequences and text": (
        "rows-rnn",
        "rows-lstm",
        "rows-gru",
        "adding-rnn",
        "adding-lstm",
        "forecast-lstm",
        "reviews-embedding",
        "reviews-lstm",
        "reviews-transformer",
        "char-transformer",
        "masked-dates",
        "reverse-words",
    ),
    "Unsupervised learning": (
        "autoencoder-32",
        "denoise",
        "simclr-digits",
        "vae-digits",
        "vae-mnist",
        "gan-ring",
        "gan-mnist",
        "diffusion-moons",
        "diffusion-mnist",
    ),
}
"""Example names in teaching order, oldest ideas first, by section."""
LESSON_ORDER = tuple(name for names in SECTIONS.values() for name in names)
OTHER_SECTION, HISTORY_SECTION = "More", "History"
HISTORY: Mapping[str, int] = {
    "mcculloch-pitts": 1943,
    "perceptron": 1958,
    "lenet-5": 1998,
    "alexnet": 2012,
    "vgg-16": 2014,
    "lstm-language-model": 2014,
    "u-net": 2015,
    "dcgan": 2015,
    "resnet-18": 2015,
    "resnet-50": 2015,
    "resnet-152": 2015,
    "densenet-121": 2016,
    "transformer": 2017,
    "mobilenet-v2": 2018,
    "bert-base": 2018,
    "gpt-2-small": 2019,
    "gpt-3": 2020,
    "ddpm-u-net": 2020,
    "vit-b-16": 2020,
}
"""Section of the famous networks as published, with the year."""


def example_names() -> tuple[str, ...]:
    """Return the names of all examples: lessons first, then famous networks."""
    return (*lesson_names(), *HISTORY)


def sections() -> Mapping[str, tuple[str, ...]]:
    """Return the names of all examples by section; famous networks come last."""
    lessons = lesson_names()
    by_section = {
        title: tuple(name for name in names if name in lessons) for title, names in SECTIONS.items()
    }
    by_section[OTHER_SECTION] = tuple(name for name in lessons if name not in LESSON_ORDER)
    by_section[HISTORY_SECTION] = tuple(HISTORY)
    return {title: names for title, names in by_section.items() if names}


@cache
def lesson_names() -> tuple[str, ...]:
    """Return the names of the lessons: small networks that can be trained at once."""
    shipped = {path.stem for path in resource("examples").glob(f"*{SUFFIX}")}
    return (
        *(name for name in LESSON_ORDER if name in shipped),
        *sorted(shipped.difference(LESSON_ORDER)),
    )


def example_path(name: str) -> Path:
    """Return the design file of an example; FileNotFoundError for an unknown name."""
    return resource("history" if name in HISTORY else "examples", name + SUFFIX)
