"""The judge of generated digits passes real ones, and none of those that are bad in some way."""

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
def judge(subsets: tuple[Subset, Subset]) -> SampleQuality:
    train, test = (subset.inputs["samples"] for subset in subsets)
    model = LogisticRegression(C=10, max_iter=500)
    model.fit(train.flatten(1).numpy() / 255, subsets[0].target)

    def read(images: Tensor) -> Tensor:
        probabilities = model.predict_proba(images.flatten(1).numpy() / 255)
        return torch.from_numpy(probabilities).float()

    return SampleQuality(read, train, test)


def missed_limits(judge: SampleQuality, images: Tensor) -> set[str]:
    values = judge.measure(images)
    return {goal.label for goal in LIMITS if not goal.compare(goal.read(values), goal.limit)}


def test_real_images_pass(judge: SampleQuality, subsets: tuple[Subset, Subset]) -> None:
    assert not missed_limits(judge, subsets[1].inputs["samples"])


def test_noise_is_rejected(judge: SampleQuality) -> None:
    noise = torch.rand((400, 1, 8, 8), generator=torch.Generator().manual_seed(0)) * 255
    assert LIMITS[-1].label in missed_limits(judge, noise)


def test_missing_digits_are_rejected(judge: SampleQuality, subsets: tuple[Subset, Subset]) -> None:
    test = subsets[1]
    assert "share of the rarest digit" in missed_limits(
        judge, test.inputs["samples"][test.target == 3]
    )


def test_copies_are_rejected(judge: SampleQuality, subsets: tuple[Subset, Subset]) -> None:
    scores = judge.measure(subsets[0].inputs["samples"][:400])
    assert scores["distance"] == pytest.approx(0.0, abs=0.01)
    assert LIMITS[-2].label in missed_limits(judge, subsets[0].inputs["samples"][:400])


def test_one_image_per_digit_lacks_spread(
    judge: SampleQuality, subsets: tuple[Subset, Subset]
) -> None:
    test = subsets[1]
    first = torch.stack([test.inputs["samples"][test.target == digit][0] for digit in range(10)])
    assert "least spread of a digit over the real one's" in missed_limits(
        judge, first.repeat(20, 1, 1, 1)
    )


def test_blurred_digits_have_low_confidence(
    judge: SampleQuality, subsets: tuple[Subset, Subset]
) -> None:
    images = subsets[1].inputs["samples"].float()
    mean = images.mean(0, keepdim=True)
    assert "confidence of the judge" in missed_limits(judge, torch.lerp(mean, images, 0.2))


def test_spread_is_the_distance_from_the_mean_image() -> None:
    images = torch.tensor([[0.0, 0.0], [6.0, 8.0], [1.0, 1.0]])
    spread_by_class = class_spreads(images, torch.eye(3)[[0, 0, 1]])
    assert spread_by_class.tolist() == [5.0, 0.0, 0.0]


def test_a_quality_check_that_passes_everything_fails() -> None:
    good = {"confidence": 0.9, "rarest": 0.05, "spread": 0.9, "distance": 1.0}
    variants = {
        f"{whose}_{name}": value for whose in ("real", "untrained") for name, value in good.items()
    }
    goals: dict[str, Target] = {goal.label: goal for goal in realism_targets(0.7, 0.03)}
    goal = goals["limits missed without training"]
    assert not goal.compare(goal.read({**good, **variants}), goal.limit)
    assert goal.compare(goal.read({**good, **variants, "untrained_rarest": 0.0}), goal.limit)
