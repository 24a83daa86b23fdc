"""The example projects that ship with dlstudio, by name and in teaching order."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dlstudio.resources import resource

SUFFIX = ".dlstudio"
FIRST = (
    "digits-mlp",
    "digits-cnn",
    "xor-perceptron",
    "xor-mlp",
    "spirals-mlp",
    "movie-neuron",
    "breast-cancer-mlp",
    "mnist-simple",
    "mnist-mlp",
    "mnist-dropout",
    "mnist-deepnet",
    "mnist-cnn",
)
"""The order of teaching; examples not named here follow by name."""


@cache
def example_names() -> tuple[str, ...]:
    """Return the names of all examples."""
    found = {path.stem for path in resource("examples").glob(f"*{SUFFIX}")}
    return (*(name for name in FIRST if name in found), *sorted(found.difference(FIRST)))


def example_path(name: str) -> Path:
    """Return the design file of an example; FileNotFoundError for an unknown name."""
    return resource("examples", name + SUFFIX)
