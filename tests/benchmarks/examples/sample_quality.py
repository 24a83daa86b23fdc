"""Rates generated images of digits against real ones and those of an untrained network.

A classifier trained on real images classifies them. Good images are classified with confidence,
cover every digit, vary within a digit as real ones do, and are not copies of training images.
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
"""Numbers of rated images; fewer suffice for the untrained network."""
REAL, UNTRAINED = "real", "untrained"
MIN_SPREAD = 0.6
MIN_DISTANCE, MAX_DISTANCE = 0.5, 1.5
Classify = Callable[[Tensor], Tensor]


class SampleQuality:
    """Compares images with those of a training and a test subset."""

    def __init__(self, classify: Classify, train: Tensor, test: Tensor) -> None:
        """Measure the real images.

        Args:
            classify: Returns class probabilities `(N, K)` of raw images.
            train: Raw images `(N, C, H, W)` that the networks were trained on.
            test: Raw images that they were not trained on.
        """
        self._classify = classify
        self._train = train.float().flatten(1)
        self._real_spreads = class_spreads(test, classify(test))
        self._real_distance = self._distance_to_training(test)

    def measure(self, images: Tensor) -> Metrics:
        """Return the metrics of raw images that `quality_targets` sets limits for."""
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
        """Return the mean Euclidean distance to the nearest training image."""
        return float(torch.cdist(images.float().flatten(1), self._train).amin(1).mean())


def class_spreads(images: Tensor, probabilities: Tensor) -> Tensor:
    """Return the root mean square distance from the mean image for each predicted class.

    It is 0 for a class that is predicted once or never.
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
    """Return the targets for images of digits from any source."""
    nearest = "distance to the nearest training image, relative to real images"
    return tuple(
        Target(label, metric(name), compare, limit, number_format, _context(name))
        for name, label, compare, limit, number_format in (
            ("confidence", "confidence of the classifier", operator.ge, confidence, PERCENT),
            ("rarest", "share of the rarest digit", operator.ge, share, PERCENT),
            (
                "spread",
                "least spread of a digit, relative to real images",
                operator.ge,
                MIN_SPREAD,
                PERCENT,
            ),
            ("distance", nearest, operator.ge, MIN_DISTANCE, "{:.2f}"),
            ("distance", nearest, operator.le, MAX_DISTANCE, "{:.2f}"),
        )
    )


def realism_targets(confidence: float, share: float) -> tuple[Target, ...]:
    """Return the targets for a network that generates digits.

    The limits must separate good from bad: real images meet them, untrained ones miss some.
    """
    limits = quality_targets(confidence, share)

    def missed(origin: str) -> Callable[[Metrics], float]:
        return lambda metrics: sum(
            not target.compare(target.context[origin](metrics), target.limit) for target in limits
        )

    return (
        *limits,
        Target("limits missed by real images", missed(REAL), operator.eq, 0, "{:.0f}"),
        Target("limits missed without training", missed(UNTRAINED), operator.ge, 1, "{:.0f}"),
    )


def _context(name: str) -> dict[str, Callable[[Metrics], float]]:
    return {origin: metric(f"{origin}_{name}") for origin in (REAL, UNTRAINED)}


def measure_samples(example: TrainedExample) -> Metrics:
    """Rate images of the trained network, real images, and those of the untrained network."""
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
    """Return the rating of a data source's digits, and the real test images it compares with."""
    data = load_data(DataSettings(source, split=Split(validation=0.0)))
    if data.test is None:
        raise RuntimeError(f"{source} has no test subset")
    test = data.test.inputs["samples"]
    order = torch.randperm(len(test), generator=torch.Generator().manual_seed(0))
    real = test[order[:COUNT]]
    return SampleQuality(load_classifier(source), data.train.inputs["samples"], real), real
