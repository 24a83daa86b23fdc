"""How well errors tell odd samples from usual ones, as plain figures. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dlstudio.design.model.values import Value
from dlstudio.insight.samples.sample_views import SamplesView

Errors = npt.NDArray[np.float64]
NOISE, SHAPES = "noise", "shapes"


@dataclass(frozen=True, slots=True)
class AnomalySource:
    """Where odd samples come from.

    Attributes:
        name: `noise`, or the name of a data source.
        options: The source's own settings.
        seed: Of the noise.
    """

    name: str = NOISE
    options: Mapping[str, Value] = field(default_factory=dict)
    seed: int = 0


@dataclass(frozen=True, slots=True)
class ThresholdScore:
    """How well errors tell odd samples from usual ones.

    Attributes:
        threshold: Error above which a sample counts as odd.
        auroc: Chance that an odd sample has a larger error than a usual one; 0.5 is guessing.
        false_alarm_rate: Share of the usual samples above the threshold.
        detection_rate: Share of the odd samples above it.
    """

    threshold: float
    auroc: float
    false_alarm_rate: float
    detection_rate: float


@dataclass(frozen=True, slots=True)
class AnomalyView:
    """Errors of usual and of odd samples after `step` steps of training.

    Attributes:
        normal: Mean squared error of each usual sample, normalised, `(N,)`.
        anomalous: Likewise of each odd one.
        auroc: As in `ThresholdScore`.
        normal_subset: Part of the data that the usual samples are of.
        normal_worst: Usual samples with the largest errors, and what became of them.
        anomalous_worst: Likewise of the odd ones.
    """

    step: int
    source: AnomalySource
    normal: Errors
    anomalous: Errors
    auroc: float
    normal_subset: str
    normal_worst: SamplesView
    anomalous_worst: SamplesView

    def score_at(self, limit: float) -> ThresholdScore:
        """Return what a threshold tells apart."""
        return _score(self.normal, self.anomalous, limit, self.auroc)


def threshold(errors: Errors, quantile: float) -> float:
    """Return the error that a share of the samples, such as 0.95 of usual ones, stays below.

    Raises:
        ValueError: The share does not lie in 0…1, or there are no samples.
    """
    if not len(errors):
        raise ValueError("There are no samples to take a threshold from.")
    return float(np.quantile(errors, quantile))


def compare(normal: Errors, anomalous: Errors, quantile: float = 0.95) -> ThresholdScore:
    """Return how well errors tell two parts apart, at a threshold taken from the usual one.

    Raises:
        ValueError: A part is empty, or the share does not lie in 0…1.
    """
    return _score(normal, anomalous, threshold(normal, quantile), auroc(normal, anomalous))


def auroc(normal: Errors, anomalous: Errors) -> float:
    """Return the area under the receiver operating characteristic.

    Raises:
        ValueError: A part is empty, or an error is not a finite number.
    """
    from sklearn.metrics import roc_auc_score

    if not len(anomalous):
        raise ValueError("There are no odd samples to compare with.")
    both = np.concatenate([normal, anomalous])
    if not np.isfinite(both).all():
        raise ValueError(
            "The network's answers are not finite numbers, so nothing can be compared. "
            "Reset it and train with a lower learning rate."
        )
    truth = np.concatenate([np.zeros(len(normal)), np.ones(len(anomalous))])
    return float(roc_auc_score(truth, both))


def _score(normal: Errors, anomalous: Errors, limit: float, area: float) -> ThresholdScore:
    return ThresholdScore(
        limit, area, float((normal > limit).mean()), float((anomalous > limit).mean())
    )
