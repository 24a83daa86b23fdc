"""How well errors tell odd samples from usual ones, as plain figures. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dlstudio.design.values import Value
from dlstudio.insight.sample_views import SamplesView

Errors = npt.NDArray[np.float64]
NOISE, SHAPES = "noise", "shapes"


@dataclass(frozen=True, slots=True)
class OddChoice:
    """Where odd samples come from.

    Attributes:
        source: `noise`, or the name of a data source.
        options: The source's own settings.
        seed: Of the noise.
    """

    source: str = NOISE
    options: Mapping[str, Value] = field(default_factory=dict)
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Anomalies:
    """How well errors tell odd samples from usual ones.

    Attributes:
        threshold: Error above which a sample counts as odd.
        auroc: Chance that an odd sample has a larger error than a usual one; 0.5 is guessing.
        false_alarms: Share of the usual samples above the threshold.
        found: Share of the odd samples above it.
    """

    threshold: float
    auroc: float
    false_alarms: float
    found: float


@dataclass(frozen=True, slots=True)
class AnomalyView:
    """Errors of usual and of odd samples after `step` steps of training.

    Attributes:
        usual: Mean squared error of each usual sample, normalised, `(N,)`.
        odd: Likewise of each odd one.
        auroc: As in `Anomalies`.
        usual_part: Part of the data that the usual samples are of.
        usual_worst: Usual samples with the largest errors, and what became of them.
        odd_worst: Likewise of the odd ones.
    """

    step: int
    choice: OddChoice
    usual: Errors
    odd: Errors
    auroc: float
    usual_part: str
    usual_worst: SamplesView
    odd_worst: SamplesView

    def at(self, limit: float) -> Anomalies:
        """Return what a threshold tells apart."""
        return _told(self.usual, self.odd, limit, self.auroc)


def threshold(errors: Errors, quantile: float) -> float:
    """Return the error that a share of the samples, such as 0.95 of usual ones, stays below.

    Raises:
        ValueError: The share does not lie in 0…1, or there are no samples.
    """
    if not len(errors):
        raise ValueError("There are no samples to take a threshold from.")
    return float(np.quantile(errors, quantile))


def compare(usual: Errors, odd: Errors, quantile: float = 0.95) -> Anomalies:
    """Return how well errors tell two parts apart, at a threshold taken from the usual one.

    Raises:
        ValueError: A part is empty, or the share does not lie in 0…1.
    """
    return _told(usual, odd, threshold(usual, quantile), auroc(usual, odd))


def auroc(usual: Errors, odd: Errors) -> float:
    """Return the area under the receiver operating characteristic.

    Raises:
        ValueError: A part is empty, or an error is not a finite number.
    """
    from sklearn.metrics import roc_auc_score

    if not len(odd):
        raise ValueError("There are no odd samples to compare with.")
    both = np.concatenate([usual, odd])
    if not np.isfinite(both).all():
        raise ValueError(
            "The network's answers are not finite numbers, so nothing can be compared. "
            "Reset it and train with a lower learning rate."
        )
    truth = np.concatenate([np.zeros(len(usual)), np.ones(len(odd))])
    return float(roc_auc_score(truth, both))


def _told(usual: Errors, odd: Errors, limit: float, area: float) -> Anomalies:
    return Anomalies(limit, area, float((usual > limit).mean()), float((odd > limit).mean()))
