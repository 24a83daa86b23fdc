"""Metrics equal a direct computation in double precision, however the batches are cut."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    jaccard_score,
    mean_absolute_error,
    r2_score,
)
from torch import Tensor
from torch.nn import functional

from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.training.metrics.balanced_metrics import BalancedMetrics
from dlstudio.training.metrics.batch_result import BatchResult, Proportion
from dlstudio.training.metrics.metrics import (
    ClassificationMetrics,
    MeanMetrics,
    Metric,
    RegressionMetrics,
)
from dlstudio.training.metrics.phase_metrics import PhaseMetrics
from dlstudio.training.metrics.segmentation_metrics import (
    SegmentationMetrics,
    confusion_matrix,
    mean_iou,
)
from dlstudio.training.metrics.sums import ExactSum
from dlstudio.training.tasks.language.tokens import TokenMetrics, token_loss

CPU = torch.device("cpu")
CUTS = st.lists(st.integers(1, 40), min_size=1, max_size=6)


def parts(sizes: list[int]) -> Iterator[slice]:
    start = 0
    for size in sizes:
        yield slice(start, start + size)
        start += size


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@given(CUTS, st.integers(0, 99), st.integers(1, 5))
def test_classification(sizes: list[int], seed: int, classes: int) -> None:
    count = sum(sizes)
    scores = torch.randn(count, max(classes, 2), generator=generator(seed))
    target = torch.randint(0, classes, (count,), generator=generator(seed + 1))
    metrics = BalancedMetrics(CPU, 0.0, max(classes, 2))
    for rows in parts(sizes):
        loss = functional.cross_entropy(scores[rows], target[rows])
        metrics.update(BatchResult(loss, len(target[rows]), scores[rows], target[rows]))
    predicted, truth = scores.argmax(1).numpy(), target.numpy()
    expected = {
        "loss": float(functional.cross_entropy(scores.double(), target)),
        "accuracy": accuracy_score(truth, predicted),
        "balanced_accuracy": float(
            np.mean([np.mean(predicted[truth == c] == c) for c in np.unique(truth)])
        ),
    }
    assert metrics.compute() == pytest.approx(expected, rel=1e-6)
    if 1 < len(np.unique(truth)) == len(np.union1d(truth, predicted)):
        reference = balanced_accuracy_score(truth, predicted)
        assert expected["balanced_accuracy"] == pytest.approx(reference)


@given(CUTS, st.integers(0, 99), st.sampled_from([0.0, 1e4, -1e8]), st.integers(1, 3))
def test_regression_with_any_offset(sizes: list[int], seed: int, offset: float, width: int) -> None:
    count = sum(sizes)
    target = torch.randn(count, width, generator=generator(seed), dtype=torch.float64) + offset
    output = target + 0.5 * torch.randn(count, width, generator=generator(seed + 1)).double()
    metrics = RegressionMetrics(CPU)
    for rows in parts(sizes):
        loss = functional.mse_loss(output[rows], target[rows])
        metrics.update(BatchResult(loss, len(target[rows]), output[rows], target[rows]))
    values = metrics.compute()
    assert values["mae"] == pytest.approx(mean_absolute_error(target, output))
    assert values["loss"] == pytest.approx(float((output - target).square().mean()))
    if count > 1:
        assert values["r2"] == pytest.approx(r2_score(target, output), rel=1e-6, abs=1e-6)
    else:
        assert "r2" not in values


@given(CUTS, st.integers(0, 99), st.floats(0, 1))
def test_segmentation_with_pixels_to_ignore(sizes: list[int], seed: int, ignored: float) -> None:
    count = sum(sizes)
    scores = torch.randn(count, 3, 4, 4, generator=generator(seed))
    target = torch.randint(0, 3, (count, 4, 4), generator=generator(seed + 1))
    hidden = torch.rand(target.shape, generator=generator(seed + 2)) < ignored
    target = target.masked_fill(hidden, IGNORE_INDEX)
    metrics = SegmentationMetrics(CPU)
    for rows in parts(sizes):
        counted = (target[rows] != IGNORE_INDEX).sum()
        correct = (scores[rows].argmax(1) == target[rows]).sum()
        loss = functional.cross_entropy(scores[rows], target[rows], ignore_index=IGNORE_INDEX)
        result = {"pixel_accuracy": Proportion(correct, counted)}
        metrics.update(
            BatchResult(loss, len(target[rows]), scores[rows], target[rows], result, counted)
        )
    values = metrics.compute()
    known = (target != IGNORE_INDEX).numpy()
    if not known.any():
        assert math.isnan(values.pop("loss"))
        assert values == {}
        return
    truth, predicted = target.numpy()[known], scores.argmax(1).numpy()[known]
    assert values["pixel_accuracy"] == pytest.approx(accuracy_score(truth, predicted))
    assert values["mean_iou"] == pytest.approx(jaccard_score(truth, predicted, average="macro"))
    whole = functional.cross_entropy(scores.double(), target, ignore_index=IGNORE_INDEX)
    assert values["loss"] == pytest.approx(float(whole), rel=1e-6)


@given(CUTS, st.integers(0, 99), st.floats(0, 1), st.sampled_from([0.0, 0.1]))
def test_tokens_with_padding(sizes: list[int], seed: int, ignored: float, smoothing: float) -> None:
    count = sum(sizes)
    scores = torch.randn(count, 5, 4, generator=generator(seed))
    target = torch.randint(0, 4, (count, 5), generator=generator(seed + 1))
    hidden = torch.rand(target.shape, generator=generator(seed + 2)) < ignored
    target = target.masked_fill(hidden, IGNORE_INDEX)
    metrics = TokenMetrics(CPU, per_sequence=True)
    for rows in parts(sizes):
        metrics.update(token_loss(scores[rows], target[rows], smoothing))
    values, known = metrics.compute(), target != IGNORE_INDEX
    if not bool(known.any()):
        assert math.isnan(values["loss"])
        assert "accuracy" not in values
        return
    correct = scores.argmax(-1) == target
    flat, flat_target = scores.double().flatten(0, 1), target.flatten()
    loss = functional.cross_entropy(flat, flat_target, label_smoothing=smoothing)
    nats = float(functional.cross_entropy(flat, flat_target))
    assert values["loss"] == pytest.approx(float(loss), rel=1e-5)
    assert values["perplexity"] == pytest.approx(math.exp(nats), rel=1e-5)
    assert values["accuracy"] == pytest.approx(float(correct[known].double().mean()))
    whole = (correct | ~known).all(1).double().mean()
    assert values["sequence_accuracy"] == pytest.approx(float(whole))


def test_counts_beyond_the_integers_of_single_precision() -> None:
    metrics = SegmentationMetrics(CPU)
    target = torch.zeros(1, 2048, 4096, dtype=torch.int64)
    target[:, :, 3200:] = 1
    scores = torch.stack([torch.zeros(1, 2048, 4096), torch.full((1, 2048, 4096), -1.0)], 1)
    correct = (scores.argmax(1) == target).sum()
    for _ in range(3):
        result = {"pixel_accuracy": Proportion(correct, target.numel())}
        metrics.update(
            BatchResult(torch.tensor(1.0), 1, scores, target, result, torch.tensor(target.numel()))
        )
    assert 3 * target.numel() > 1 << 24
    values = metrics.compute()
    assert values["pixel_accuracy"] == 3200 / 4096
    assert values["mean_iou"] == pytest.approx(3200 / 4096 / 2)


def test_confusion_matrix_holds_integers() -> None:
    table = confusion_matrix(torch.zeros(1, 2, 1, 3), torch.tensor([[[0, 1, IGNORE_INDEX]]]))
    assert table.tolist() == [[1, 0], [1, 0]]
    assert not table.is_floating_point()
    huge = torch.tensor([[(1 << 40) + 1, 0], [0, 3]])
    assert mean_iou(huge) == 1.0


@pytest.mark.parametrize("has_doubles", [True, False])
def test_sum_of_terms_of_very_different_size(has_doubles: bool) -> None:
    total = ExactSum(CPU, has_doubles=has_doubles)
    total.add(torch.tensor(1e8))
    for _ in range(1000):
        total.add(torch.tensor(0.125))
    assert sum(float(part) for part in total.tensors()) == 1e8 + 125
    again = ExactSum(CPU, has_doubles=has_doubles)
    again.set(total.stored())
    again.add(torch.tensor(0.125))
    assert sum(float(part) for part in again.tensors()) == 1e8 + 125.125


def metrics_with_state() -> list[tuple[Metric, BatchResult]]:
    scores, target = torch.randn(9, 3), torch.arange(9) % 3
    masks = torch.randint(0, 3, (2, 4, 4))
    pixels = torch.randn(2, 3, 4, 4)
    hits = {"pixel_accuracy": Proportion((pixels.argmax(1) == masks).sum(), masks.numel())}
    values = torch.randn(9, 2)
    loss = torch.tensor(0.5)
    return [
        (ClassificationMetrics(CPU, 0.0), BatchResult(loss, 9, scores, target)),
        (BalancedMetrics(CPU, 0.0, 3), BatchResult(loss, 9, scores, target)),
        (RegressionMetrics(CPU), BatchResult(loss, 9, values + 0.1, values)),
        (SegmentationMetrics(CPU), BatchResult(loss, 2, pixels, masks, hits)),
        (TokenMetrics(CPU), token_loss(scores[None], target[None], 0.0)),
        (MeanMetrics(CPU, ("a",)), BatchResult(loss, 4, metrics={"a": torch.tensor(2.0)})),
        (
            PhaseMetrics(CPU, ("a", "b"), "a"),
            BatchResult(loss, 4, metrics={"a": loss, "b": Proportion(torch.tensor(3), 4)}),
        ),
    ]


@pytest.mark.parametrize("index", range(7))
def test_stored_sums_continue_as_if_uninterrupted(index: int) -> None:
    torch.manual_seed(0)
    metrics, result = metrics_with_state()[index]
    metrics.update(result)
    stored: dict[str, Tensor] = {name: t.clone() for name, t in metrics.tensors().items()}
    metrics.update(result)
    expected = metrics.compute()
    assert set(expected) == set(metrics.names)
    metrics.reset()
    metrics.load(stored)
    metrics.update(result)
    assert metrics.compute() == expected
