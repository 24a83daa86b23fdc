"""Judges pictures of digits that a network made, beside real ones and those of no training.

A classifier that has seen real pictures alone reads them. Good ones are read with confidence, show
every digit, differ within a digit as real ones do, and are no copies of training pictures.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

from dlstudio.data.load import load_data
from dlstudio.design.data_settings import DataSettings, Split
from tests.benchmarks.generated import generate
from tests.benchmarks.goals import PERCENT, Figures, Goal, Trained, figure
from tests.benchmarks.reader import reader_of

COUNT, FEW = 1000, 200
"""Pictures that are judged; without training fewer will do."""
REAL, UNTRAINED = "real", "untrained"
SPREAD = 0.6
COPIED, STRANGE = 0.5, 1.5
Read = Callable[[Tensor], Tensor]


class Judge:
    """Compares pictures with those of a training and of a test part."""

    def __init__(self, read: Read, train: Tensor, test: Tensor) -> None:
        """Measure the real pictures.

        Args:
            read: Returns class probabilities `(N, K)` of raw pictures.
            train: Raw pictures `(N, C, H, W)` that the networks have seen.
            test: Raw pictures that they have not.
        """
        self._read = read
        self._train = train.float().flatten(1)
        self._spreads = spreads(test, read(test))
        self._distance = self._to_training(test)

    def judge(self, pictures: Tensor) -> Figures:
        """Return the figures of raw pictures that `passes` sets limits to."""
        probabilities = self._read(pictures)
        counts = probabilities.argmax(1).bincount(minlength=probabilities.shape[1])
        relative = spreads(pictures, probabilities) / self._spreads
        return {
            "confidence": float(probabilities.amax(1).mean()),
            "rarest": int(counts.min()) / len(pictures),
            "spread": float(relative.min()),
            "distance": self._to_training(pictures) / self._distance,
        }

    def _to_training(self, pictures: Tensor) -> float:
        """Return the mean Euclidean distance to the nearest training picture."""
        return float(torch.cdist(pictures.float().flatten(1), self._train).amin(1).mean())


def spreads(pictures: Tensor, probabilities: Tensor) -> Tensor:
    """Return, for each class that is read, the root mean square distance from its mean picture.

    A class that is not seen, or seen once, has none.
    """
    predicted, rows = probabilities.argmax(1), pictures.float().flatten(1)
    classes = [rows[predicted == label] for label in range(probabilities.shape[1])]
    return torch.stack(
        [
            members.var(0, correction=0).sum().sqrt() if len(members) else rows.new_zeros(())
            for members in classes
        ]
    )


def passes(confidence: float, share: float) -> tuple[Goal, ...]:
    """Return the goals that pictures of digits must reach, whoever made them."""
    nearest = "distance to the nearest training picture over a real one's"
    return tuple(
        Goal(what, figure(name), holds, limit, form, _beside(name))
        for name, what, holds, limit, form in (
            ("confidence", "confidence of the judge", operator.ge, confidence, PERCENT),
            ("rarest", "share of the rarest digit", operator.ge, share, PERCENT),
            ("spread", "least spread of a digit over the real one's", operator.ge, SPREAD, PERCENT),
            ("distance", nearest, operator.ge, COPIED, "{:.2f}"),
            ("distance", nearest, operator.le, STRANGE, "{:.2f}"),
        )
    )


def looks_real(confidence: float, share: float) -> tuple[Goal, ...]:
    """Return the goals of a network that makes digits; they must tell good from bad."""
    limits = passes(confidence, share)

    def missed(whose: str) -> Callable[[Figures], float]:
        return lambda figures: sum(
            not target.holds(target.beside[whose](figures), target.limit) for target in limits
        )

    return (
        *limits,
        Goal("limits missed by real pictures", missed(REAL), operator.eq, 0, "{:.0f}"),
        Goal("limits missed without training", missed(UNTRAINED), operator.ge, 1, "{:.0f}"),
    )


def _beside(name: str) -> dict[str, Callable[[Figures], float]]:
    return {whose: figure(f"{whose}_{name}") for whose in (REAL, UNTRAINED)}


def examine(trained: Trained) -> Figures:
    """Judge pictures of a trained network, real ones, and those that it makes untrained."""
    project = trained.project
    data = load_data(project.data)
    quality, real = judge_of(project.data.source)
    images = {
        "": generate(project, data, trained.weights, COUNT),
        f"{UNTRAINED}_": generate(project, data, None, FEW),
        f"{REAL}_": real,
    }
    return {
        prefix + name: value
        for prefix, batch in images.items()
        for name, value in quality.judge(batch).items()
    }


@cache
def judge_of(source: str) -> tuple[Judge, Tensor]:
    """Return the judge of a data source's digits, and the real test pictures that it knows."""
    data = load_data(DataSettings(source, split=Split(validation=0.0)))
    if data.test is None:
        raise RuntimeError(f"{source} has no test part")
    test = data.test.inputs["samples"]
    order = torch.randperm(len(test), generator=torch.Generator().manual_seed(0))
    real = test[order[:COUNT]]
    return Judge(reader_of(source), data.train.inputs["samples"], real), real
