"""How well errors separate anomalous from normal samples, as plain values. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dlstudio.design.model.values import Value
from dlstudio.insight.samples.sample_views import SamplesView

Errors = npt.NDArray[np.float64]
NOISE = "noise"


@dataclass(frozen=True, slots=True)
class AnomalySource:
    """The source of anomalous samples.

    Attributes:
        name: `noise`, or the name of a data source.
        options: Options of the source.
        seed: Seed of the noise.
    """

    name: str = NOISE
    options: Mapping[str, Value] = field(default_factory=dict)
    seed: int = 0


@dataclass(frozen=True, slots=True)
class ThresholdScore:
    """How well a threshold separates anomalous samples from normal ones.

    Attributes:
        threshold: Error above which a sample counts as anomalous.
        auroc: Probability that an anomalous sample has a larger error than a normal one; 0.5 is
            chance level.
        false_alarm_rate: Share of the normal samples above the threshold.
        detection_rate: Share of the anomalous samples above the threshold.
    """

    threshold: float
    auroc: float
    false_alarm_rate: float
    detection_rate: float


@dataclass(frozen=True, slots=True)
class AnomalyView:
    """Errors of normal and anomalous samples after `step` training steps.

    Attributes:
        normal: Mean squared error of each normal sample, normalised, `(N,)`.
        anomalous: The same of each anomalous sample.
        auroc: As in `ThresholdScore`.
        normal_subset: Subset of the normal samples.
        normal_worst: Normal samples with the largest errors, and their reconstructions.
        anomalous_worst: The same of the anomalous samples.
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
        """Return the rates at a threshold."""
        return _score(self.normal, self.anomalous, limit, self.auroc)


def threshold(errors: Errors, quantile: float) -> float:
    """Return the error that a share of the samples, such as 0.95, stays below.

    Raises:
        ValueError: The share is not in 0…1, or there are no samples.
    """
    if not len(errors):
        raise ValueError("There are no samples to compute a threshold from.")
    return float(np.quantile(errors, quantile))


def compare(normal: Errors, anomalous: Errors, quantile: float = 0.95) -> ThresholdScore:
    """Return how well errors separate two sets, at a quantile of the normal one.

    Raises:
        ValueError: A set is empty, or the quantile is not in 0…1.
    """
    return _score(normal, anomalous, threshold(normal, quantile), auroc(normal, anomalous))


def auroc(normal: Errors, anomalous: Errors) -> float:
    """Return the area under the receiver operating characteristic.

    Raises:
        ValueError: A set is empty, or an error is not finite.
    """
    from sklearn.metrics import roc_auc_score

    if not len(anomalous):
        raise ValueError("There are no anomalous samples to compare with.")
    both = np.concatenate([normal, anomalous])
    if not np.isfinite(both).all():
        raise ValueError(
            "The network's outputs are not finite, so they cannot be compared. "
            "Reset it and train with a lower learning rate."
        )
    truth = np.concatenate([np.zeros(len(normal)), np.ones(len(anomalous))])
    return float(roc_auc_score(truth, both))


def _score(normal: Errors, anomalous: Errors, limit: float, area: float) -> ThresholdScore:
    return ThresholdScore(
        limit, area, float((normal > limit).mean()), float((anomalous > limit).mean())
    )
