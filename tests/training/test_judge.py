"""The judge of generated digits passes real ones, and none of those that are bad in some way."""

from __future__ import annotations

import pytest
import torch
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from dlstudio.data.load import load_data
from dlstudio.data.parts import Part
from dlstudio.design.data_settings import DataSettings, Split
from tests.benchmarks.goals import Goal
from tests.benchmarks.judge import Judge, looks_real, passes, spreads

LIMITS = passes(confidence=0.7, share=0.03)


@pytest.fixture(scope="module")
def parts() -> tuple[Part, Part]:
    data = load_data(DataSettings("digits", split=Split(validation=0.0, test=0.4)))
    assert data.test is not None
    return data.train, data.test


@pytest.fixture(scope="module")
def judge(parts: tuple[Part, Part]) -> Judge:
    train, test = (subset.inputs["samples"] for subset in parts)
    model = LogisticRegression(C=10, max_iter=500)
    model.fit(train.flatten(1).numpy() / 255, parts[0].target)

    def read(images: Tensor) -> Tensor:
        probabilities = model.predict_proba(images.flatten(1).numpy() / 255)
        return torch.from_numpy(probabilities).float()

    return Judge(read, train, test)


def missed(judge: Judge, pictures: Tensor) -> set[str]:
    values = judge.judge(pictures)
    return {goal.what for goal in LIMITS if not goal.holds(goal.read(values), goal.limit)}


def test_real_pictures_pass(judge: Judge, parts: tuple[Part, Part]) -> None:
    assert not missed(judge, parts[1].inputs["samples"])


def test_noise_is_strange(judge: Judge) -> None:
    noise = torch.rand((400, 1, 8, 8), generator=torch.Generator().manual_seed(0)) * 255
    assert LIMITS[-1].what in missed(judge, noise)


def test_one_digit_only_leaves_others_out(judge: Judge, parts: tuple[Part, Part]) -> None:
    test = parts[1]
    assert "share of the rarest digit" in missed(judge, test.inputs["samples"][test.target == 3])


def test_copies_are_too_near(judge: Judge, parts: tuple[Part, Part]) -> None:
    scores = judge.judge(parts[0].inputs["samples"][:400])
    assert scores["distance"] == pytest.approx(0.0, abs=0.01)
    assert LIMITS[-2].what in missed(judge, parts[0].inputs["samples"][:400])


def test_one_picture_for_each_digit_is_too_alike(judge: Judge, parts: tuple[Part, Part]) -> None:
    test = parts[1]
    first = torch.stack([test.inputs["samples"][test.target == digit][0] for digit in range(10)])
    assert "least spread of a digit over the real one's" in missed(judge, first.repeat(20, 1, 1, 1))


def test_blurred_digits_are_read_without_confidence(judge: Judge, parts: tuple[Part, Part]) -> None:
    images = parts[1].inputs["samples"].float()
    mean = images.mean(0, keepdim=True)
    assert "confidence of the judge" in missed(judge, torch.lerp(mean, images, 0.2))


def test_spread_is_the_distance_from_the_mean_picture() -> None:
    images = torch.tensor([[0.0, 0.0], [6.0, 8.0], [1.0, 1.0]])
    spread_by_class = spreads(images, torch.eye(3)[[0, 0, 1]])
    assert spread_by_class.tolist() == [5.0, 0.0, 0.0]


def test_a_judge_that_passes_everything_is_itself_a_miss() -> None:
    good = {"confidence": 0.9, "rarest": 0.05, "spread": 0.9, "distance": 1.0}
    variants = {
        f"{whose}_{name}": value for whose in ("real", "untrained") for name, value in good.items()
    }
    goals: dict[str, Goal] = {goal.what: goal for goal in looks_real(0.7, 0.03)}
    goal = goals["limits missed without training"]
    assert not goal.holds(goal.read({**good, **variants}), goal.limit)
    assert goal.holds(goal.read({**good, **variants, "untrained_rarest": 0.0}), goal.limit)
