"""All live views together keep to their share of the training time, each as often as it may."""

from __future__ import annotations

import pytest

from dlstudio.insight.common.live_scheduler import BUDGET, CEILING, SLOWEST, LiveScheduler

STEP = 0.01


class FakeRun:
    """Steps of a hundredth of a second, with views that take a known time for a look."""

    def __init__(self, **costs: float) -> None:
        self.now = 0.0
        self.costs = costs
        self.scheduler = LiveScheduler(lambda: self.now)
        self.looks: dict[str, list[float]] = {name: [] for name in costs}

    def register(self, **fastest: float) -> None:
        for name, seconds in fastest.items():
            self.scheduler.register(name, fastest=seconds)

    def train(self, seconds: float) -> float:
        """Train for a while; return the share of the training time that looks took."""
        trained = looked = 0.0
        while trained < seconds:
            self.now += STEP
            trained += STEP
            for name, cost in self.costs.items():
                if self.scheduler.is_due(name):
                    with self.scheduler.look(name):
                        self.now += cost
                    looked += cost
                    self.looks[name].append(self.now)
        return looked / trained

    def interval(self, name: str) -> float:
        """Return the mean time from one look to the next, without the first few."""
        times = self.looks[name][3:]
        return (times[-1] - times[0]) / (len(times) - 1)


def test_cheap_view_is_looked_at_as_often_as_it_is_worth() -> None:
    run = FakeRun(maps=0.001)
    run.register(maps=0.3)
    assert run.train(60) < BUDGET / 10
    assert run.interval("maps") == pytest.approx(0.3, abs=2 * STEP)


def test_dear_view_keeps_to_the_budget() -> None:
    run = FakeRun(maps=0.03)
    run.register(maps=0.3)
    assert run.train(120) == pytest.approx(BUDGET, rel=0.1)
    rate = run.scheduler.rates["maps"]
    assert rate.cost == pytest.approx(0.03)
    assert rate.interval == pytest.approx(0.63)
    assert rate.share == pytest.approx(BUDGET)


def test_views_share_one_budget_and_leave_each_other_what_they_do_not_need() -> None:
    run = FakeRun(maps=0.02, faces=0.04, ticks=0.0005)
    run.register(maps=0.3, faces=0.3, ticks=0.3)
    assert run.train(240) == pytest.approx(BUDGET, rel=0.1)
    rates = run.scheduler.rates
    assert rates["ticks"].interval == pytest.approx(0.3)
    assert rates["maps"].share == pytest.approx(rates["faces"].share)
    assert sum(rate.share for rate in rates.values()) == pytest.approx(BUDGET)


def test_no_view_waits_longer_than_two_seconds_within_twice_the_budget() -> None:
    run = FakeRun(maps=0.15)
    run.register(maps=0.3)
    assert BUDGET < run.train(120) < CEILING
    assert run.interval("maps") == pytest.approx(SLOWEST, abs=2 * STEP)


def test_very_dear_views_never_take_more_than_twice_the_budget() -> None:
    run = FakeRun(maps=1.0, samples=3.0)
    run.register(maps=0.3, samples=2.0)
    assert run.train(600) == pytest.approx(CEILING, rel=0.1)


def test_unwatched_view_leaves_its_share_to_others() -> None:
    run = FakeRun(maps=0.03, samples=0.03)
    run.register(maps=0.3, samples=0.3)
    run.train(30)
    both = run.scheduler.rates["maps"].interval
    run.scheduler.set_watched("samples", watched=False)
    assert set(run.scheduler.rates) == {"maps"}
    assert run.scheduler.rates["maps"].interval == pytest.approx(both / 2, rel=0.1)


def test_rate_follows_a_cost_that_changes() -> None:
    run = FakeRun(maps=0.001)
    run.register(maps=0.3)
    run.train(5)
    run.costs["maps"] = 0.05
    run.train(30)
    assert run.scheduler.rates["maps"].interval == pytest.approx(1.05, rel=0.05)


def test_share_of_a_view_may_be_small_and_its_looks_far_between() -> None:
    run = FakeRun(times=0.02)
    run.scheduler.register("times", fastest=0.0, slowest=float("inf"), max_share=0.0025)
    assert run.train(240) == pytest.approx(0.0025, rel=0.2)


def test_registering_again_forgets_what_was_known() -> None:
    run = FakeRun(maps=0.03)
    run.register(maps=0.3)
    run.train(5)
    run.register(maps=0.3)
    assert run.scheduler.rates == {}
    assert run.scheduler.is_due("maps")
