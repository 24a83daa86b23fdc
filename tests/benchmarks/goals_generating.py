"""What the examples that make samples of their own promise."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from tests.benchmarks.goals import PERCENT, Goal, Promise, figure
from tests.benchmarks.judge import examine, looks_real
from tests.benchmarks.points import UNTRAINED, near_data, on_ring


def negative_elbo(limit: float) -> Goal:
    """Return the goal for the bound on the nats that a test picture costs."""
    return Goal("negative ELBO (nats)", figure("test_negative_elbo"), operator.le, limit, "{:.1f}")


def _of_points(
    what: str, name: str, holds: Callable[[float, float], bool], limit: float, form: str
) -> Goal:
    untrained = {UNTRAINED: figure(f"{UNTRAINED}_{name}")}
    return Goal(what, figure(name), holds, limit, form, untrained)


PROMISES: Mapping[str, Promise] = {
    "vae-digits": Promise((negative_elbo(27.0), *looks_real(0.70, 0.03)), examine=examine),
    "vae-mnist": Promise((negative_elbo(115.0), *looks_real(0.70, 0.03)), examine=examine),
    "gan-ring": Promise(
        (
            _of_points("clouds held, of 8", "clouds", operator.eq, 8, "{:.0f}"),
            _of_points("points on a cloud", "on_clouds", operator.ge, 0.5, PERCENT),
        ),
        examine=on_ring,
    ),
    "gan-mnist": Promise(looks_real(0.80, 0.03), examine=examine),
    "diffusion-moons": Promise(
        (
            _of_points("points to the data, over unseen ones", "stray", operator.le, 3.0, "{:.2f}"),
            _of_points(
                "unseen ones to points, over the data", "uncovered", operator.le, 1.5, "{:.2f}"
            ),
        ),
        examine=near_data,
    ),
    "diffusion-mnist": Promise(looks_real(0.85, 0.04), examine=examine),
}
