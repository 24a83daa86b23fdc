"""The designs that ship with dlstudio: lessons by section, famous networks by year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from dlstudio.resources import resource

SUFFIX = ".dlstudio"
START_SECTION = "Start here"
SECTIONS: Mapping[str, tuple[str, ...]] = {
    START_SECTION: (
        "movie-neuron",
        "xor-mlp",
        "spirals-mlp",
        "digits-mlp",
        "xor-perceptron",
        "perceptron-1958",
        "xor-solved-1986",
        "breast-cancer-mlp",
    ),
    "How training goes wrong": (
        "underfitting",
        "overfitting",
        "imbalanced-moons",
        "vanishing-sigmoid",
        "relu-he",
        "residual-deep",
        "mnist-dropout",
        "mnist-deepnet",
        "adding-rnn",
    ),
    "Pictures": (
        "digits-cnn",
        "mnist-cnn",
        "segment-shapes",
        "tones-cnn",
        "mnist-simple",
        "mnist-mlp",
        "lenet5",
        "shapes-labels",
        "fashion-resnet",
        "vit-digits",
        "vit-mnist",
        "transfer-digits",
    ),
    "Sequences and text": (
        "forecast-lstm",
        "char-transformer",
        "reverse-words",
        "reviews-embedding",
        "reviews-lstm",
        "reviews-transformer",
        "masked-dates",
        "rows-rnn",
        "rows-lstm",
        "rows-gru",
        "adding-lstm",
    ),
    "Generate": (
        "gan-ring",
        "vae-digits",
        "diffusion-moons",
        "gan-mnist",
        "vae-mnist",
        "diffusion-mnist",
        "autoencoder-32",
        "denoise",
        "simclr-digits",
    ),
}
"""Example names by section: the gallery shows the first ones before it is expanded."""
LESSON_ORDER = tuple(name for names in SECTIONS.values() for name in names)
OTHER_SECTION = "More"
FAMOUS_PICTURES, FAMOUS_TEXT = "Famous networks: pictures", "Famous networks: text"
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
"""The famous networks as published, with the year."""
_HISTORY_SECTIONS: Mapping[str, tuple[str, ...]] = {
    FAMOUS_PICTURES: (
        "lenet-5",
        "vgg-16",
        "resnet-50",
        "u-net",
        "alexnet",
        "dcgan",
        "resnet-18",
        "resnet-152",
        "densenet-121",
        "mobilenet-v2",
        "ddpm-u-net",
        "vit-b-16",
    ),
    FAMOUS_TEXT: ("transformer", "bert-base", "gpt-2-small", "lstm-language-model", "gpt-3"),
}


def example_names() -> tuple[str, ...]:
    """Return the names of all examples: lessons first, then famous networks."""
    return (*lesson_names(), *HISTORY)


def sections() -> Mapping[str, tuple[str, ...]]:
    """Return the names of all examples by section, the shelves of the gallery in their order.

    A famous network that is in no section of its own joins the first one.
    """
    lessons = lesson_names()
    by_section = {
        title: tuple(name for name in names if name in lessons) for title, names in SECTIONS.items()
    }
    by_section[OTHER_SECTION] = tuple(name for name in lessons if name not in LESSON_ORDER)
    placed = {name for names in _HISTORY_SECTIONS.values() for name in names}
    by_section[START_SECTION] += tuple(name for name in HISTORY if name not in placed)
    return {title: names for title, names in {**by_section, **_HISTORY_SECTIONS}.items() if names}


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
