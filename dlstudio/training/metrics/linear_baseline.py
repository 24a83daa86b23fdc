"""What simple models reach on the same split, so that a network can be judged.

The guess is the most frequent class or the mean; the linear model is fitted by scikit-learn, which
is imported when it is needed.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from dlstudio.data.core.dataset import DataSet, Subset

_MAX_FEATURES = 4096
_MAX_NUMBERS = 4_000_000
"""Rows times features that the linear model is fitted on; more rows are left out."""
_MAX_ITERATIONS = 300
Numbers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Results on samples that were not trained on.

    Attributes:
        measure: `accuracy`, where more is better, or `error`, the mean absolute error.
        guess_title: What the guess is.
        guess: Its result.
        linear_title: The linear model; empty if there is none for this data.
        linear: Its result.
        standard_error: Of the better result, for so few samples.
        rows: Number of samples judged.
        subset: Their subset.
        r2: Share of the variance that the linear model explains; NaN for classes.
    """

    measure: str
    guess_title: str
    guess: float
    linear_title: str
    linear: float
    standard_error: float
    rows: int
    subset: str
    r2: float = float("nan")

    @property
    def best(self) -> float:
        """The result that a network should beat."""
        if not self.linear_title:
            return self.guess
        choose = max if self.measure == "accuracy" else min
        return choose(self.guess, self.linear)


def linear_baseline(dataset: DataSet) -> Baseline | None:
    """Return the baseline of a classification or regression; None for other data.

    The validation subset is judged, the test subset if there is no other.
    """
    name = "validation" if dataset.validation is not None else "test"
    judged = dataset.validation or dataset.test
    target = dataset.train.target
    if judged is None or target is None or judged.target is None or target.ndim != 1:
        return None
    if dataset.facts.class_names:
        return _judge_classes(dataset, judged, name)
    return _judge_values(dataset, judged, name) if target.is_floating_point() else None


def _judge_classes(dataset: DataSet, judged: Subset, name: str) -> Baseline:
    train_target, target = _target(dataset.train), _target(judged)
    most_frequent = np.bincount(train_target).argmax()
    guess = float((target == most_frequent).mean())
    rows = _training_rows(dataset)
    title, linear = "", float("nan")
    if rows is not None and len(np.unique(train_target[rows])) > 1:
        from sklearn.linear_model import LogisticRegression

        title = "logistic regression"
        model = LogisticRegression(max_iter=_MAX_ITERATIONS)
        _fit(model, _features(dataset, dataset.train, rows), train_target[rows])
        predicted = model.predict(_features(dataset, judged, np.arange(len(target))))
        linear = float((predicted == target).mean())
    best = max(guess, linear) if title else guess
    error = float(np.sqrt(best * (1 - best) / len(target)))
    return Baseline(
        "accuracy", "most frequent class", guess, title, linear, error, len(target), name
    )


def _judge_values(dataset: DataSet, judged: Subset, name: str) -> Baseline:
    train_target, target = _target(dataset.train), _target(judged)
    errors = np.abs(target - train_target.mean())
    guess = float(errors.mean())
    rows = _training_rows(dataset)
    title, linear, r2 = "", float("nan"), float("nan")
    if rows is not None:
        from sklearn.linear_model import RidgeCV

        title = "ridge regression"
        model = RidgeCV(np.logspace(-2, 3, 12))
        _fit(model, _features(dataset, dataset.train, rows), train_target[rows])
        predicted = model.predict(_features(dataset, judged, np.arange(len(target))))
        linear_errors = np.abs(target - predicted)
        linear = float(linear_errors.mean())
        variance = float(((target - target.mean()) ** 2).sum())
        if variance > 0:
            r2 = 1 - float(((target - predicted) ** 2).sum()) / variance
        errors = linear_errors if linear < guess else errors
    deviation = float(errors.std() / np.sqrt(len(target)))
    title_of_guess = "mean of the training values"
    return Baseline("error", title_of_guess, guess, title, linear, deviation, len(target), name, r2)


def _training_rows(dataset: DataSet) -> Numbers | None:
    """Return the rows to fit on; None if the samples are no rows of numbers, or too long ones."""
    raw = dataset.train.inputs.get("samples")
    if raw is None or raw.ndim < 2:
        return None
    features = raw[0].numel()
    if features > _MAX_FEATURES:
        return None
    count = len(raw)
    most = max(_MAX_NUMBERS // features, 1)
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.int64))


def _features(dataset: DataSet, subset: Subset, rows: Numbers) -> Numbers:
    import torch

    raw = subset.inputs["samples"][torch.from_numpy(rows)]
    features: Numbers = dataset.normaliser.apply("samples", raw).flatten(1).double().numpy()
    return features


def _target(subset: Subset) -> Numbers:
    assert subset.target is not None
    target: Numbers = subset.target.numpy()
    return target


def _fit(model: Any, features: Numbers, target: Numbers) -> None:
    """Fit a model; one that has not converged yet is good enough for a comparison."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features, target)
