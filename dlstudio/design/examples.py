"""The projects that ship with dlstudio: lessons in teaching order, famous networks by year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from dlstudio.resources import resource

SUFFIX = ".dlstudio"
FIRST = (
    "perceptron-1958",
    "movie-neuron",
    "xor-perceptron",
    "xor-solved-1986",
    "xor-mlp",
    "spirals-mlp",
    "breast-cancer-mlp",
    "digits-mlp",
    "mnist-simple",
    "mnist-mlp",
    "lenet5",
    "digits-cnn",
    "autoencoder-32",
    "denoise",
    "mnist-dropout",
    "vanishing-sigmoid",
    "relu-he",
    "mnist-deepnet",
    "mnist-cnn",
    "residual-deep",
    "fashion-resnet",
    "vit-digits",
    "vit-mnist",
)
"""The order of teaching, oldest ideas first; lessons not named here follow by name."""
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
"""Famous networks as they were published, with the year."""


def example_names() -> tuple[str, ...]:
    """Return the names of everything that ships: the lessons, then the famous networks."""
    return (*lesson_names(), *HISTORY)


@cache
def lesson_names() -> tuple[str, ...]:
    """Return the names of the small networks that teach and can be trained at once."""
    found = {path.stem for path in resource("examples").glob(f"*{SUFFIX}")}
    return (*(name for name in FIRST if name in found), *sorted(found.difference(FIRST)))


def example_path(name: str) -> Path:
    """Return the design file of an example; FileNotFoundError for an unknown name."""
    return resource("history" if name in HISTORY else "examples", name + SUFFIX)
