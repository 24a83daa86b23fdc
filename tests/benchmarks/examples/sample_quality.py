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
from dlstudio.design.model.data_settings import DataSettings, Split
from tests.benchmarks.examples.digit_classifier import load_classifier
from tests.benchmarks.examples.generated_samples import generate
from tests.benchmarks.examples.targets import PERCENT, Metrics, Target, TrainedExample, metric

COUNT, FEW = 1000, 200
"""Pictures that are judged; without training fewer will do."""
REAL, UNTRAINED = "real", "untrained"
MIN_SPREAD = 0.6
MIN_DISTANCE, MAX_DISTANCE = 0.5, 1.5
Classify = Callable[[Tensor], Tensor]


class SampleQuality:
    """Compares pictures with those of a training and of a test part."""

    def __init__(self, classify: Classify, train: Tensor, test: Tensor) -> None:
        """Measure the real pictures.

        Args:
            classify: Returns class probabilities `(N, K)` of raw pictures.
            train: Raw pictures `(N, C, H, W)` that the networks have seen.
            test: Raw pictures that they have not.
        """
        self._classify = classify
        self._train = train.float().flatten(1)
        self._real_spreads = class_spreads(test, classify(test))
        self._real_distance = self._distance_to_training(test)

    def measure(self, images: Tensor) -> Metrics:
        """Return the figures of raw pictures that `quality_targets` sets limits to."""
        probabilities = self._classify(images)
        counts = probabilities.argmax(1).bincount(minlength=probabilities.shape[1])
        relative = class_spreads(images, probabilities) / self._real_spreads
        return {
            "confidence": float(probabilities.amax(1).mean()),
            "rarest": int(counts.min()) / len(images),
            "spread": float(relative.min()),
            "distance": self._distance_to_training(images) / self._real_distance,
        }

    def _distance_to_training(self, images: Tensor) -> float:
        """Return the mean Euclidean distance to the nearest training picture."""
        return float(torch.cdist(images.float().flatten(1), self._train).amin(1).mean())


def class_spreads(images: Tensor, probabilities: Tensor) -> Tensor:
    """Return, for each class that is read, the root mean square distance from its mean picture.

    A class that is not seen, or seen once, has none.
    """
    predicted, rows = probabilities.argmax(1), images.float().flatten(1)
    classes = [rows[predicted == label] for label in range(probabilities.shape[1])]
    return torch.stack(
        [
            members.var(0, correction=0).sum().sqrt() if len(members) else rows.new_zeros(())
            for members in classes
        ]
    )


def quality_targets(confidence: float, share: float) -> tuple[Target, ...]:
    """Return the goals that pictures of digits must reach, whoever made them."""
    nearest = "distance to the nearest training picture over a real one's"
    return tuple(
        Target(what, metric(name), holds, limit, form, _context(name))
        for name, what, holds, limit, form in (
            ("confidence", "confidence of the judge", operator.ge, confidence, PERCENT),
            ("rarest", "share of the rarest digit", operator.ge, share, PERCENT),
            (
                "spread",
                "least spread of a digit over the real one's",
                operator.ge,
                MIN_SPREAD,
                PERCENT,
            ),
            ("distance", nearest, operator.ge, MIN_DISTANCE, "{:.2f}"),
            ("distance", nearest, operator.le, MAX_DISTANCE, "{:.2f}"),
        )
    )


def realism_targets(confidence: float, share: float) -> tuple[Target, ...]:
    """Return the goals of a network that makes digits; they must tell good from bad."""
    limits = quality_targets(confidence, share)

    def missed(whose: str) -> Callable[[Metrics], float]:
        return lambda figures: sum(
            not target.compare(target.context[whose](figures), target.limit) for target in limits
        )

    return (
        *limits,
        Target("limits missed by real pictures", missed(REAL), operator.eq, 0, "{:.0f}"),
        Target("limits missed without training", missed(UNTRAINED), operator.ge, 1, "{:.0f}"),
    )


def _context(name: str) -> dict[str, Callable[[Metrics], float]]:
    return {whose: metric(f"{whose}_{name}") for whose in (REAL, UNTRAINED)}


def measure_samples(example: TrainedExample) -> Metrics:
    """Judge pictures of a trained network, real ones, and those that it makes untrained."""
    project = example.project
    data = load_data(project.data)
    quality, real = sample_quality_for(project.data.source)
    images = {
        "": generate(project, data, example.weights, COUNT),
        f"{UNTRAINED}_": generate(project, data, None, FEW),
        f"{REAL}_": real,
    }
    return {
        prefix + name: value
        for prefix, batch in images.items()
        for name, value in quality.measure(batch).items()
    }


@cache
def sample_quality_for(source: str) -> tuple[SampleQuality, Tensor]:
    """Return the judge of a data source's digits, and the real test pictures that it knows."""
    data = load_data(DataSettings(source, split=Split(validation=0.0)))
    if data.test is None:
        raise RuntimeError(f"{source} has no test part")
    test = data.test.inputs["samples"]
    order = torch.randperm(len(test), generator=torch.Generator().manual_seed(0))
    real = test[order[:COUNT]]
    return SampleQuality(load_classifier(source), data.train.inputs["samples"], real), real
