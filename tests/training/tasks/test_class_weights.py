"""Class weights: balanced as scikit-learn's, in training only, and bit-equal without them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import balanced_accuracy_score
from sklearn.utils.class_weight import compute_class_weight
from torch.nn import functional

from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import dumps, load, loads
from dlstudio.design.model.model import Project
from dlstudio.training.loop.loop import train
from dlstudio.training.metrics.balanced_metrics import BalancedMetrics
from dlstudio.training.metrics.batch_result import BatchResult
from dlstudio.training.protocol.events import EpochDone, Finished, RunOptions
from dlstudio.training.specs.supervised.classification import CLASSIFICATION
from dlstudio.training.tasks.core.class_weights import (
    balanced_weights,
    count_classes,
    weighted_loss,
)
from dlstudio.training.tasks.core.losses import loss_function


def weighted(project: Project) -> Project:
    return replace(project, training=replace(project.training, class_weights="balanced"))


def with_share_of_b(project: Project, share: float) -> Project:
    options = {**project.data.options, "share": share, "samples": 400}
    return replace(project, data=replace(project.data, source="moons", options=options))


@pytest.fixture
def points() -> Project:
    project = load(example_path("spirals-mlp"))
    return replace(project, training=replace(project.training, epochs=3))


def epochs(project: Project) -> list[dict[str, float]]:
    events = list(train(project, RunOptions("cpu", threads=1)))
    assert isinstance(events[-1], Finished), events[-1]
    return [dict(event.metrics) for event in events if isinstance(event, EpochDone)]


def test_weights_equal_those_of_scikit_learn() -> None:
    target = torch.tensor([0] * 70 + [1] * 25 + [3] * 5)
    counts = count_classes(target, 4)
    assert counts is not None
    weights = balanced_weights(counts)
    present = np.array([0, 1, 3])
    expected = compute_class_weight("balanced", classes=present, y=target.numpy())
    np.testing.assert_allclose(weights[present], expected, rtol=1e-6)
    assert weights[2] == 0
    assert float(weights[target].mean()) == pytest.approx(1.0)


@pytest.mark.parametrize("loss", [loss.name for loss in CLASSIFICATION.losses])
def test_weighted_loss_is_the_mean_of_weighted_samples(loss: str) -> None:
    generator = torch.Generator().manual_seed(0)
    single = loss in {"binary", "perceptron"}
    scores = torch.randn(12, *(() if single else (2,)), generator=generator)
    target = torch.tensor([0] * 9 + [1] * 3)
    settings = {"label_smoothing": 0.1, "delta": 1.0}
    weights = torch.tensor([0.5, 3.0])
    mean = loss_function(loss, settings)
    expected = torch.stack(
        [weights[target[i]] * mean(scores[i : i + 1], target[i : i + 1]) for i in range(12)]
    ).mean()
    of_elements = loss_function(loss, settings, reduction="none")
    torch.testing.assert_close(weighted_loss(of_elements, weights)(scores, target), expected)
    equal = weighted_loss(of_elements, torch.ones(2))(scores, target)
    torch.testing.assert_close(equal, mean(scores, target))


def test_pixels_that_do_not_count_have_no_weight() -> None:
    scores = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(1))
    target = torch.randint(0, 3, (2, 4, 4), generator=torch.Generator().manual_seed(2))
    target[0, 0] = IGNORE_INDEX
    weights = torch.tensor([0.2, 1.0, 4.0])
    actual = weighted_loss(
        loss_function("cross-entropy", {"label_smoothing": 0.0}, reduction="none"), weights
    )(scores, target)
    total = functional.cross_entropy(scores, target, weights, reduction="sum")
    torch.testing.assert_close(actual, total / (target != IGNORE_INDEX).sum())


def test_balanced_classes_train_as_without_weights(points: Project) -> None:
    plain, balanced = epochs(points), epochs(weighted(points))
    for before, after in zip(plain, balanced, strict=True):
        assert after["train_loss"] == pytest.approx(before["train_loss"], rel=0.05)
        assert "validation_balanced_accuracy" not in before


def test_weights_change_training_but_not_how_it_is_evaluated(points: Project) -> None:
    imbalanced = with_share_of_b(points, 0.05)
    still = [
        replace(group, optimiser=replace(group.optimiser, learning_rate=0.0))
        for group in imbalanced.training.groups
    ]
    frozen = replace(imbalanced, training=replace(imbalanced.training, groups=tuple(still)))
    plain, balanced = epochs(frozen)[-1], epochs(weighted(frozen))[-1]
    assert plain["train_loss"] != balanced["train_loss"]
    for name in plain:
        if not name.startswith("train_loss") and name != "seconds":
            assert balanced[name] == plain[name], name
    assert "validation_balanced_accuracy" in plain


def test_balanced_accuracy_equals_that_of_scikit_learn() -> None:
    generator = torch.Generator().manual_seed(4)
    metrics = BalancedMetrics(torch.device("cpu"), 0.0, 4)
    scores = torch.randn(90, 4, generator=generator)
    scores[:, 3] -= 100.0  # a class that neither occurs nor is predicted
    target = (torch.rand(90, generator=generator) ** 3 * 3).long()
    for rows in (slice(0, 50), slice(50, 90)):
        metrics.update(
            BatchResult(torch.tensor(1.0), len(target[rows]), scores[rows], target[rows])
        )
    expected = balanced_accuracy_score(target.numpy(), scores.argmax(1).numpy())
    assert metrics.compute()["balanced_accuracy"] == pytest.approx(expected)
    state = metrics.tensors()
    metrics.reset()
    metrics.load(state)
    assert metrics.compute()["balanced_accuracy"] == pytest.approx(expected)


def test_file_holds_class_weights_only_where_they_are_set(points: Project) -> None:
    assert "class_weights" not in dumps(points)
    assert '"version": 1' in dumps(points)
    text = dumps(weighted(points))
    assert '"version": 2' in text
    assert loads(text) == weighted(points)


def test_segmentation_can_be_weighted() -> None:
    project = load(example_path("segment-shapes"))
    few = replace(project.data, options={**project.data.options, "samples": 60})
    short = replace(project, data=few, training=replace(project.training, epochs=1))
    plain, balanced = epochs(short)[0], epochs(weighted(short))[0]
    assert plain["train_loss"] != balanced["train_loss"]
