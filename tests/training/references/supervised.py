"""References of the tasks with a target: scikit-learn and numpy in double precision."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, jaccard_score, mean_absolute_error, r2_score
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.data.core.normaliser import Affine
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.tasks.core.objective import Objective
from tests.training.references.drawing import (
    Pairs,
    classes,
    cuts,
    generator_of,
    hide,
    normal,
    pairs,
    rows_of,
)
from tests.training.references.objectives import evaluate, plain_objective, training_loss

Doubles = NDArray[np.float64]


def doubles(tensor: Tensor) -> Doubles:
    """Return a tensor in double precision."""
    return tensor.detach().double().numpy()


def leaky(values: Tensor) -> Tensor:
    """Return what the network of `plain_objective` computes."""
    return torch.where(values > 0, values, values * 0.01)


def drawn_settings(random: Random, task: str, loss: str) -> dict[str, Any]:
    """Return drawn settings of a loss."""
    option = next(option for option in TASKS[task].losses if option.name == loss)
    ranges = {"label_smoothing": (0.0, 0.1, 0.7), "delta": (1.0, 0.1, 3.0)}
    return {name: random.choice(ranges[name]) for name in option.settings}


def losses_of(loss: str, scores: Doubles, target: Doubles, settings: dict[str, Any]) -> Doubles:
    """Return the loss of each score against a number, or of each row (…, C) against its class."""
    if loss == "cross-entropy":
        return cross_entropies(scores, target.astype(int), settings["label_smoothing"])
    error = scores - target
    if loss == "binary":
        return np.logaddexp(0.0, scores) - target * scores
    if loss == "perceptron":
        return np.maximum(0.0, np.where(target > 0.5, -scores, scores))
    if loss == "l1":
        return np.abs(error)
    if loss == "huber":
        delta = settings["delta"]
        linear = delta * (np.abs(error) - delta / 2)
        return np.where(np.abs(error) <= delta, error**2 / 2, linear)
    assert loss == "mse"
    return np.square(error)


def cross_entropies(scores: Doubles, target: NDArray[Any], smoothing: float) -> Doubles:
    """Return the cross-entropy of each row of scores (N, C) against its class (N)."""
    largest = scores.max(1, keepdims=True)
    logs = scores - largest - np.log(np.exp(scores - largest).sum(1, keepdims=True))
    true = -logs[np.arange(len(target)), target]
    return np.asarray((1 - smoothing) * true - smoothing * logs.mean(1))


def classification(random: Random, loss: str) -> Pairs:
    """Compare a classification of samples or steps, with class weights in the training loss."""
    batches, count = cuts(random), random.randint(2, 5)
    rows, is_single = rows_of(batches), loss in ("binary", "perceptron") or random.random() < 0.2
    is_single = is_single and loss != "cross-entropy"
    count = 2 if is_single else count
    steps = (3,) if loss == "cross-entropy" and random.random() < 0.3 else ()
    shape = (*steps, 1 if is_single else count)
    samples, target = normal(random, rows, *shape), classes(random, count, rows, *steps)
    settings = drawn_settings(random, "classification", loss)
    sigmoid = loss == "binary" and random.random() < 0.5
    samples = samples.clamp(-4, 4) if sigmoid else samples
    objective = plain_objective(
        "classification",
        shape,
        "class scores",
        layers=("sigmoid",) if sigmoid else ("leaky_relu",),
        loss=loss,
        loss_settings=settings,
    )
    objective.class_counts = torch.tensor([50, *[1] * (count - 1)])
    cut = [Batch({"samples": samples[part]}, target[part]) for part in batches]
    ours, _ = evaluate(objective, cut)
    output = torch.sigmoid(samples) if sigmoid else leaky(samples)
    scores, truth = doubles(output).reshape(-1, shape[-1]), target.flatten().numpy()
    if sigmoid:
        scores = np.log(scores) - np.log1p(-scores)
    threshold = 0.0 if loss in ("binary", "perceptron") else 0.5
    predicted = (scores[:, 0] > threshold).astype(int) if is_single else scores.argmax(1)
    encoded = truth[:, None] if is_single else np.eye(count)[truth]
    by_row = losses_of(loss, scores, truth if loss == "cross-entropy" else encoded, settings)
    reference = {"loss": float("nan")}
    if rows:
        recalls = [np.mean(predicted[truth == one] == one) for one in np.unique(truth)]
        reference = {
            "loss": float(by_row.mean()),
            "accuracy": float(accuracy_score(truth, predicted)),
            "balanced_accuracy": float(np.mean(recalls)),
        }
    if rows:
        weights = torch.rand(count, generator=generator_of(random)) * 3
        objective.class_weights = weights
        ours["training loss"] = training_loss(objective, Batch({"samples": samples}, target))
        by_sample = by_row if by_row.ndim == 1 else by_row.mean(1)
        reference["training loss"] = float((by_sample * doubles(weights)[truth]).mean())
    return pairs(ours, reference)


def regression(random: Random, loss: str) -> Pairs:
    """Compare a regression, in part with standardised targets."""
    batches, width = cuts(random), random.randint(1, 3)
    rows = rows_of(batches)
    samples, target = normal(random, rows, width), normal(random, rows, width)
    settings = drawn_settings(random, "regression", loss)
    objective = plain_objective("regression", (width,), "value", loss=loss, loss_settings=settings)
    scale = Affine(torch.full((width,), 0.5), torch.full((width,), -0.25))
    is_scaled = random.random() < 0.5
    objective.target_scale = scale if is_scaled else None
    cut = [Batch({"samples": samples[part]}, target[part]) for part in batches]
    ours, _ = evaluate(objective, cut)
    output, truth = doubles(leaky(samples)), doubles(target)
    compared = truth * 0.5 - 0.25 if is_scaled else truth
    predicted = (output + 0.25) / 0.5 if is_scaled else output
    reference = {"loss": float("nan")}
    if rows:
        by_value = losses_of(loss, output, compared, settings)
        reference = {
            "loss": float(by_value.mean()),
            "mae": float(mean_absolute_error(truth, predicted)),
        }
    if rows > 1:
        reference["r2"] = float(r2_score(truth, predicted))
    return pairs(ours, reference)


def multi_label(random: Random, loss: str) -> Pairs:
    """Compare several labels, with weights of the labels in the training loss."""
    batches, width = cuts(random), random.randint(1, 4)
    rows, sigmoid = rows_of(batches), random.random() < 0.5
    samples = normal(random, rows, width).clamp(-4, 4)
    target = classes(random, 2, rows, width).float()
    objective = plain_objective(
        "multi-label",
        (width,),
        "class scores",
        layers=("sigmoid",) if sigmoid else ("leaky_relu",),
        loss=loss,
    )
    cut = [Batch({"samples": samples[part]}, target[part]) for part in batches]
    ours, _ = evaluate(objective, cut)
    scores = doubles(torch.sigmoid(samples) if sigmoid else leaky(samples))
    scores = np.log(scores) - np.log1p(-scores) if sigmoid else scores
    truth = doubles(target)
    correct = (scores > 0) == (truth > 0.5)
    by_label = losses_of(loss, scores, truth, {})
    reference = {"loss": float("nan")}
    if rows:
        reference = {
            "loss": float(by_label.mean()),
            "label_accuracy": float(correct.mean()),
            "rows_right": float(correct.all(1).mean()),
        }
        weights = torch.rand(width, generator=generator_of(random)) * 3
        objective.class_weights = weights
        ours["training loss"] = training_loss(objective, Batch({"samples": samples}, target))
        weighted = by_label * np.where(truth > 0.5, doubles(weights), 1.0)
        reference["training loss"] = float(weighted.mean())
    return pairs(ours, reference)


def segmentation(random: Random, loss: str) -> Pairs:
    """Compare a segmentation with pixels to ignore and class weights."""
    batches, count = cuts(random), random.randint(2, 4)
    rows, side = rows_of(batches), random.randint(1, 4)
    samples = normal(random, rows, count, side, side)
    target = hide(random, classes(random, count, rows, side, side), IGNORE_INDEX)
    settings = drawn_settings(random, "segmentation", loss)
    objective = plain_objective(
        "segmentation",
        (count, side, side),
        "per-pixel scores",
        loss=loss,
        loss_settings=settings,
    )
    cut = [Batch({"samples": samples[part]}, target[part]) for part in batches]
    ours, _ = evaluate(objective, cut)
    known = (target != IGNORE_INDEX).numpy()
    truth = target.numpy()[known]
    scores = doubles(leaky(samples)).transpose(0, 2, 3, 1)[known]
    by_pixel = losses_of(loss, scores, truth, settings) if len(truth) else np.zeros(0)
    reference = {"loss": float("nan")}
    if len(truth):
        predicted = scores.argmax(1)
        reference = {
            "loss": float(by_pixel.mean()),
            "pixel_accuracy": float(accuracy_score(truth, predicted)),
            "mean_iou": float(jaccard_score(truth, predicted, average="macro")),
        }
    if rows:
        ours["training loss"], reference["training loss"] = _weighted_pixels(
            objective, Batch({"samples": samples}, target), by_pixel, truth, count
        )
    return pairs(ours, reference)


def _weighted_pixels(
    objective: Objective, batch: Batch, by_pixel: Doubles, truth: NDArray[Any], count: int
) -> tuple[float, float]:
    weights = torch.linspace(0.2, 4.0, count)
    objective.class_weights = weights
    total = float((by_pixel * doubles(weights)[truth]).sum()) if len(truth) else 0.0
    return training_loss(objective, batch), total / max(len(truth), 1)
