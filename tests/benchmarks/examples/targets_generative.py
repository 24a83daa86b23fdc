"""The targets of the generative examples."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from tests.benchmarks.examples.points import UNTRAINED, measure_coverage, measure_ring
from tests.benchmarks.examples.sample_quality import measure_samples, realism_targets
from tests.benchmarks.examples.targets import PERCENT, ExampleSpec, Target, metric


def negative_elbo_target(limit: float) -> Target:
    """Return the target for the negative ELBO of a test image, in nats."""
    return Target(
        "negative ELBO (nats)", metric("test_negative_elbo"), operator.le, limit, "{:.1f}"
    )


def _point_target(
    label: str, name: str, compare: Callable[[float, float], bool], limit: float, number_format: str
) -> Target:
    untrained = {UNTRAINED: metric(f"{UNTRAINED}_{name}")}
    return Target(label, metric(name), compare, limit, number_format, untrained)


GENERATIVE_SPECS: Mapping[str, ExampleSpec] = {
    "vae-digits": ExampleSpec(
        (negative_elbo_target(27.0), *realism_targets(0.70, 0.03)), measure=measure_samples
    ),
    "vae-mnist": ExampleSpec(
        (negative_elbo_target(115.0), *realism_targets(0.70, 0.03)), measure=measure_samples
    ),
    "gan-ring": ExampleSpec(
        (
            _point_target("clusters covered, of 8", "clouds", operator.eq, 8, "{:.0f}"),
            _point_target("points on a cluster", "on_clouds", operator.ge, 0.5, PERCENT),
        ),
        measure=measure_ring,
    ),
    "gan-mnist": ExampleSpec(realism_targets(0.80, 0.03), measure=measure_samples),
    "diffusion-moons": ExampleSpec(
        (
            _point_target(
                "distance to the data, over unseen points'", "stray", operator.le, 3.0, "{:.2f}"
            ),
            _point_target(
                "unseen points to samples, over to data", "uncovered", operator.le, 1.5, "{:.2f}"
            ),
        ),
        measure=measure_coverage,
    ),
    "diffusion-mnist": ExampleSpec(realism_targets(0.85, 0.04), measure=measure_samples),
}
