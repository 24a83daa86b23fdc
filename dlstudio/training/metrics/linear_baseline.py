"""What simple models reach on the same split, so that a network can be judged.

The guess is the most frequent class or token, or the mean; the linear model is fitted by
scikit-learn, which is imported when it is needed.
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
        rows: Number of samples judged, or of `unit` in them.
        subset: Their subset.
        r2: Share of the variance that the linear model explains; NaN for classes.
        unit: What is predicted in each sample, as a plural: `characters`; empty for one thing.
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
    unit: str = ""

    @property
    def best(self) -> float:
        """The result that a network should beat."""
        if not self.linear_title:
            return self.guess
        choose = max if self.measure == "accuracy" else min
        return choose(self.guess, self.linear)


@dataclass(frozen=True, slots=True)
class BaselineData:
    """Arrays that a baseline is computed from, without torch.

    Attributes:
        train_target: Target of all training samples (N,).
        fit_rows: Training samples that the linear model is fitted on (R,).
        fit_features: Their normalised features (R, F); None if there is no linear model.
        target: Target of the judged samples (M,).
        features: Normalised features of the judged samples (M, F); None without a linear model.
        is_class: Whether the targets are classes.
        subset: Name of the judged subset.
        unit: What a token is if the targets are tokens: `characters`, `bytes` or `words`.
    """

    train_target: Numbers
    fit_rows: Numbers
    fit_features: Numbers | None
    target: Numbers
    features: Numbers | None
    is_class: bool
    subset: str
    unit: str = ""


def baseline_data(dataset: DataSet) -> BaselineData | None:
    """Return what classes, values or tokens are judged by; None for other data.

    The validation subset is judged, the test subset if there is no other.
    """
    name = "validation" if dataset.validation is not None else "test"
    judged = dataset.validation or dataset.test
    target = dataset.train.target
    if judged is None or target is None or judged.target is None:
        return None
    if dataset.vocabulary is not None and target.ndim == 2:
        return _token_data(dataset.train, judged, name, dataset.vocabulary.unit)
    is_class = bool(dataset.facts.class_names)
    if target.ndim != 1 or not (is_class or target.is_floating_point()):
        return None
    train_target, judged_target = _target(dataset.train), _target(judged)
    rows = _training_rows(dataset)
    if rows is None or (is_class and len(np.unique(train_target[rows])) < 2):
        nothing = np.empty(0, np.int64)
        return BaselineData(train_target, nothing, None, judged_target, None, is_class, name)
    return BaselineData(
        train_target,
        rows,
        _features(dataset, dataset.train, rows),
        judged_target,
        _features(dataset, judged, np.arange(len(judged_target))),
        is_class,
        name,
    )


def compute_baseline(data: BaselineData) -> Baseline:
    """Fit the linear model, and judge it and the guess."""
    return _judge_classes(data) if data.is_class else _judge_values(data)


def _judge_classes(data: BaselineData) -> Baseline:
    most_frequent = np.bincount(data.train_target).argmax()
    guess = float((data.target == most_frequent).mean())
    title, linear = "", float("nan")
    if data.fit_features is not None:
        from sklearn.linear_model import LogisticRegression

        title = "logistic regression"
        predicted = _predict(LogisticRegression(max_iter=_MAX_ITERATIONS), data)
        linear = float((predicted == data.target).mean())
    best = max(guess, linear) if title else guess
    error = float(np.sqrt(best * (1 - best) / len(data.target)))
    count = len(data.target)
    noun = data.unit.removesuffix("s") or "class"
    return Baseline(
        "accuracy", f"most frequent {noun}", guess, title, linear, error, count, data.subset,
        unit=data.unit,
    )  # fmt: skip


def _judge_values(data: BaselineData) -> Baseline:
    target = data.target
    errors = np.abs(target - data.train_target.mean())
    guess = float(errors.mean())
    title, linear, r2 = "", float("nan"), float("nan")
    if data.fit_features is not None:
        from sklearn.linear_model import RidgeCV

        title = "ridge regression"
        predicted = _predict(RidgeCV(np.logspace(-2, 3, 12)), data)
        linear_errors = np.abs(target - predicted)
        linear = float(linear_errors.mean())
        variance = float(((target - target.mean()) ** 2).sum())
        if variance > 0:
            r2 = 1 - float(((target - predicted) ** 2).sum()) / variance
        errors = linear_errors if linear < guess else errors
    deviation = float(errors.std() / np.sqrt(len(target)))
    return Baseline(
        "error", "mean of the training values", guess, title, linear, deviation, len(target),
        data.subset, r2,
    )  # fmt: skip


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
    features: Numbers = dataset.normaliser.apply("samples", raw).flatten(1).numpy()
    return features


def _target(subset: Subset) -> Numbers:
    assert subset.target is not None
    target: Numbers = subset.target.numpy()
    return target


def _token_data(train: Subset, judged: Subset, name: str, unit: str) -> BaselineData | None:
    known, asked = _tokens(train), _tokens(judged)
    if not (len(known) and len(asked)):
        return None
    return BaselineData(known, np.empty(0, np.int64), None, asked, None, True, name, unit)


def _tokens(subset: Subset) -> Numbers:
    """Return the tokens to predict in a part of the samples, spread evenly over them."""
    from dlstudio.data.core.dataset import IGNORE_INDEX

    target = _target(subset)
    step = -(-target.size // _MAX_NUMBERS)
    tokens = target[:: max(step, 1)].ravel()
    known: Numbers = tokens[tokens != IGNORE_INDEX]
    return known


def _predict(model: Any, data: BaselineData) -> Numbers:
    """Fit a model and predict; one that has not converged is good enough for a comparison."""
    from sklearn.exceptions import ConvergenceWarning

    assert data.fit_features is not None
    assert data.features is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(data.fit_features.astype(np.float64), data.train_target[data.fit_rows])
    predicted: Numbers = model.predict(data.features.astype(np.float64))
    return predicted
