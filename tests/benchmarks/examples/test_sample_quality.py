"""Real images of digits pass the quality limits, and flawed ones are rejected."""

from __future__ import annotations

import pytest
import torch
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from dlstudio.data.core.dataset import Subset
from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings, Split
from tests.benchmarks.examples.sample_quality import (
    SampleQuality,
    class_spreads,
    quality_targets,
    realism_targets,
)
from tests.benchmarks.examples.targets import Target

LIMITS = quality_targets(confidence=0.7, share=0.03)


@pytest.fixture(scope="module")
def subsets() -> tuple[Subset, Subset]:
    data = load_data(DataSettings("digits", split=Split(validation=0.0, test=0.4)))
    assert data.test is not None
    return data.train, data.test


@pytest.fixture(scope="module")
def quality(subsets: tuple[Subset, Subset]) -> SampleQuality:
    train, test = (subset.inputs["samples"] for subset in subsets)
    model = LogisticRegression(C=10, max_iter=500)
    model.fit(train.flatten(1).numpy() / 255, subsets[0].target)

    def classify(images: Tensor) -> Tensor:
        probabilities = model.predict_proba(images.flatten(1).numpy() / 255)
        return torch.from_numpy(probabilities).float()

    return SampleQuality(classify, train, test)


def missed_limits(quality: SampleQuality, images: Tensor) -> set[str]:
    values = quality.measure(images)
    return {
        target.label for target in LIMITS if not target.compare(target.read(values), target.limit)
    }


def test_real_images_pass(quality: SampleQuality, subsets: tuple[Subset, Subset]) -> None:
    assert not missed_limits(quality, subsets[1].inputs["samples"])


def test_noise_is_rejected(quality: SampleQuality) -> None:
    noise = torch.rand((400, 1, 8, 8), generator=torch.Generator().manual_seed(0)) * 255
    assert LIMITS[-1].label in missed_limits(quality, noise)


def test_missing_digits_are_rejected(
    quality: SampleQuality, subsets: tuple[Subset, Subset]
) -> None:
    test = subsets[1]
    assert "share of the rarest digit" in missed_limits(
        quality, test.inputs["samples"][test.target == 3]
    )


def test_copies_are_rejected(quality: SampleQuality, subsets: tuple[Subset, Subset]) -> None:
    scores = quality.measure(subsets[0].inputs["samples"][:400])
    assert scores["distance"] == pytest.approx(0.0, abs=0.01)
    assert LIMITS[-2].label in missed_limits(quality, subsets[0].inputs["samples"][:400])


def test_one_image_per_digit_lacks_spread(
    quality: SampleQuality, subsets: tuple[Subset, Subset]
) -> None:
    test = subsets[1]
    first = torch.stack([test.inputs["samples"][test.target == digit][0] for digit in range(10)])
    assert "least spread of a digit, relative to real images" in missed_limits(
        quality, first.repeat(20, 1, 1, 1)
    )


def test_blurred_digits_have_low_confidence(
    quality: SampleQuality, subsets: tuple[Subset, Subset]
) -> None:
    images = subsets[1].inputs["samples"].float()
    mean = images.mean(0, keepdim=True)
    blurred = torch.lerp(mean, images, 0.2)
    assert "confidence of the classifier" in missed_limits(quality, blurred)


def test_spread_is_the_distance_from_the_mean_image() -> None:
    images = torch.tensor([[0.0, 0.0], [6.0, 8.0], [1.0, 1.0]])
    spread_by_class = class_spreads(images, torch.eye(3)[[0, 0, 1]])
    assert spread_by_class.tolist() == [5.0, 0.0, 0.0]


def test_limits_met_without_training_fail_their_own_target() -> None:
    good = {"confidence": 0.9, "rarest": 0.05, "spread": 0.9, "distance": 1.0}
    variants = {
        f"{origin}_{name}": value
        for origin in ("real", "untrained")
        for name, value in good.items()
    }
    targets: dict[str, Target] = {target.label: target for target in realism_targets(0.7, 0.03)}
    target = targets["limits missed without training"]
    assert not target.compare(target.read({**good, **variants}), target.limit)
    assert target.compare(target.read({**good, **variants, "untrained_rarest": 0.0}), target.limit)
