"""Live views share a budget of the training time, and each has a maximum rate."""

from __future__ import annotations

import pytest

from dlstudio.insight.common.live_scheduler import BUDGET, CEILING, SLOWEST, LiveScheduler

STEP = 0.01


class FakeRun:
    """Simulates steps of 10 ms, with views whose updates take a known time."""

    def __init__(self, **costs: float) -> None:
        self.now = 0.0
        self.costs = costs
        self.scheduler = LiveScheduler(lambda: self.now)
        self.updates: dict[str, list[float]] = {name: [] for name in costs}

    def register(self, **fastest: float) -> None:
        for name, seconds in fastest.items():
            self.scheduler.register(name, fastest=seconds)

    def train(self, seconds: float) -> float:
        """Train for these seconds; return the time of updates relative to training."""
        trained = updated = 0.0
        while trained < seconds:
            self.now += STEP
            trained += STEP
            for name, cost in self.costs.items():
                if self.scheduler.is_due(name):
                    with self.scheduler.look(name):
                        self.now += cost
                    updated += cost
                    self.updates[name].append(self.now)
        return updated / trained

    def interval(self, name: str) -> float:
        """Return the mean time between updates, without the first few."""
        times = self.updates[name][3:]
        return (times[-1] - times[0]) / (len(times) - 1)


def test_cheap_view_is_updated_at_its_maximum_rate() -> None:
    run = FakeRun(maps=0.001)
    run.register(maps=0.3)
    assert run.train(60) < BUDGET / 10
    assert run.interval("maps") == pytest.approx(0.3, abs=2 * STEP)


def test_expensive_view_stays_within_the_budget() -> None:
    run = FakeRun(maps=0.03)
    run.register(maps=0.3)
    assert run.train(120) == pytest.approx(BUDGET, rel=0.1)
    rate = run.scheduler.rates["maps"]
    assert rate.cost == pytest.approx(0.03)
    assert rate.interval == pytest.approx(0.63)
    assert rate.share == pytest.approx(BUDGET)


def test_views_share_one_budget_and_its_unused_time() -> None:
    run = FakeRun(maps=0.02, curves=0.04, ticks=0.0005)
    run.register(maps=0.3, curves=0.3, ticks=0.3)
    assert run.train(240) == pytest.approx(BUDGET, rel=0.1)
    rates = run.scheduler.rates
    assert rates["ticks"].interval == pytest.approx(0.3)
    assert rates["maps"].share == pytest.approx(rates["curves"].share)
    assert sum(rate.share for rate in rates.values()) == pytest.approx(BUDGET)


def test_expensive_view_is_updated_at_least_every_two_seconds() -> None:
    run = FakeRun(maps=0.15)
    run.register(maps=0.3)
    assert BUDGET < run.train(120) < CEILING
    assert run.interval("maps") == pytest.approx(SLOWEST, abs=2 * STEP)


def test_very_expensive_views_never_exceed_twice_the_budget() -> None:
    run = FakeRun(maps=1.0, samples=3.0)
    run.register(maps=0.3, samples=2.0)
    assert run.train(600) == pytest.approx(CEILING, rel=0.1)


def test_unwatched_view_releases_its_share() -> None:
    run = FakeRun(maps=0.03, samples=0.03)
    run.register(maps=0.3, samples=0.3)
    run.train(30)
    shared_interval = run.scheduler.rates["maps"].interval
    run.scheduler.set_watched("samples", watched=False)
    assert set(run.scheduler.rates) == {"maps"}
    assert run.scheduler.rates["maps"].interval == pytest.approx(shared_interval / 2, rel=0.1)


def test_rate_adapts_to_a_changing_cost() -> None:
    run = FakeRun(maps=0.001)
    run.register(maps=0.3)
    run.train(5)
    run.costs["maps"] = 0.05
    run.train(30)
    assert run.scheduler.rates["maps"].interval == pytest.approx(1.05, rel=0.05)


def test_view_can_have_a_small_maximum_share() -> None:
    run = FakeRun(times=0.02)
    run.scheduler.register("times", fastest=0.0, slowest=float("inf"), max_share=0.0025)
    assert run.train(240) == pytest.approx(0.0025, rel=0.2)


def test_registering_again_resets_the_measurements() -> None:
    run = FakeRun(maps=0.03)
    run.register(maps=0.3)
    run.train(5)
    run.register(maps=0.3)
    assert run.scheduler.rates == {}
    assert run.scheduler.is_due("maps")


@pytest.mark.parametrize(("step_seconds", "interval"), [(1.0, 0.8), (0.5, 0.4), (0.0, 1.68)])
def test_slow_steps_leave_time_for_an_update_after_each(
    step_seconds: float, interval: float
) -> None:
    run = FakeRun(maps=0.08)
    run.register(maps=0.3)
    run.scheduler.step_seconds = step_seconds
    run.train(60)
    assert run.interval("maps") == pytest.approx(interval, abs=2 * STEP)


def test_view_that_takes_longer_than_a_slow_step_keeps_its_budget() -> None:
    run = FakeRun(maps=0.5)
    run.register(maps=0.3)
    run.scheduler.step_seconds = 0.4
    run.train(120)
    assert run.interval("maps") > 2
