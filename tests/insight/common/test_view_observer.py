"""Live views are computed only while watched, with their current options; errors are reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from torch import nn

from dlstudio.data.core.errors import Cancelled
from dlstudio.data.core.progress import ProgressCallback
from dlstudio.insight.common.live_scheduler import LiveScheduler
from dlstudio.insight.common.view_observer import ViewObserver
from dlstudio.insight.common.view_result import ViewResult
from dlstudio.training.loop.observer import RunView


def at_step(step: int) -> RunView:
    compiled = SimpleNamespace(module=nn.Linear(2, 1))
    return cast("RunView", SimpleNamespace(step=step, objective=SimpleNamespace(compiled=compiled)))


def result_of(observer: ViewObserver, step: int) -> ViewResult:
    result = observer.observe(at_step(step))
    assert result is not None
    return result


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def observer(now: list[float]) -> ViewObserver:
    def compute(network: RunView, _progress: ProgressCallback, options: Mapping[str, Any]) -> float:
        now[0] += 0.001
        if options["count"] < 0:
            raise ValueError("Choose a larger count.")
        return network.step / options["count"]

    return observer_of(compute, now)


def observer_of(compute: Callable[..., Any], now: list[float]) -> ViewObserver:
    return ViewObserver("toy", compute, LiveScheduler(lambda: now[0]))


def test_unwatched_view_is_not_computed(observer: ViewObserver) -> None:
    assert not observer.wants(0, 1)
    observer.watch({"count": 2})
    assert observer.wants(0, 1)
    observer.watch(None)
    assert not observer.wants(5, 1)
    assert observer.observe(at_step(5)) is None


def test_view_is_computed_at_once_and_then_at_a_limited_rate(
    observer: ViewObserver, now: list[float]
) -> None:
    observer.watch({"count": 2})
    observer.watch({"count": 2})
    assert observer.wants(4, 1)
    assert result_of(observer, 4).value == 2
    assert not observer.wants(4, 1)
    assert not observer.wants(5, 1)
    now[0] += 1
    assert not observer.wants(4, 1)
    assert observer.wants(5, 1)


def test_other_options_are_used_at_once(observer: ViewObserver) -> None:
    observer.watch({"count": 2})
    observer.observe(at_step(4))
    observer.watch({"count": 1})
    assert observer.wants(4, 1)
    assert result_of(observer, 4).value == 4
    observer.compute_now()
    assert observer.wants(4, 1)


def test_options_changed_during_a_computation_are_used_next(now: list[float]) -> None:
    def compute(_network: RunView, _progress: ProgressCallback, options: Mapping[str, Any]) -> Any:
        observer.watch({"count": 5})
        return options["count"]

    observer = observer_of(compute, now)
    observer.watch({"count": 2})
    assert result_of(observer, 3).value == 2
    assert observer.wants(3, 1)
    assert result_of(observer, 3).value == 5
    assert not observer.wants(3, 1)


def test_unwatched_computation_stops_at_its_next_progress_report(now: list[float]) -> None:
    def compute(_network: RunView, progress: ProgressCallback, _options: Mapping[str, Any]) -> Any:
        observer.watch(None)
        progress("Half done", 0.5)
        raise AssertionError

    observer = observer_of(compute, now)
    observer.watch({})
    assert observer.observe(at_step(3)) is None
    assert not observer.wants(4, 1)


def test_error_message_is_reported_and_the_view_is_computed_again(
    observer: ViewObserver, now: list[float]
) -> None:
    observer.watch({"count": -1})
    result = result_of(observer, 3)
    assert (result.value, result.error) == (None, "Choose a larger count.")
    assert not result.is_unexpected
    now[0] += 1
    assert observer.wants(4, 1)


def test_unexpected_error_is_reported_and_the_view_waits_for_new_options(
    observer: ViewObserver, now: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    observer.watch({"count": 0})
    result = result_of(observer, 3)
    assert result.error == "ZeroDivisionError: division by zero"
    assert result.is_unexpected
    assert "ZeroDivisionError" in caplog.text
    now[0] += 9
    assert not observer.wants(4, 1)
    observer.watch({"count": 1})
    assert observer.wants(4, 1)
    assert result_of(observer, 4).value == 4


class Unprintable(ValueError):
    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (SystemExit(3), "SystemExit: 3"),
        (Unprintable(), "Unprintable"),
    ],
)
def test_any_error_of_a_view_is_reported(now: list[float], error: BaseException, text: str) -> None:
    observer = observer_of(Mock(side_effect=error), now)
    observer.watch({})
    assert result_of(observer, 3).error == text
    assert not observer.wants(4, 1)


def test_view_that_cancels_itself_is_computed_at_a_limited_rate(now: list[float]) -> None:
    observer = observer_of(Mock(side_effect=Cancelled), now)
    observer.watch({})
    assert observer.observe(at_step(3)) is None
    assert not observer.wants(4, 1)
    now[0] += 1
    assert observer.wants(4, 1)


def test_copy_of_the_value_counts_as_cost_of_the_view(now: list[float]) -> None:
    class SlowToCopy:
        def __deepcopy__(self, _memo: object) -> SlowToCopy:
            now[0] += 1
            return self

    scheduler = LiveScheduler(lambda: now[0])
    observer = ViewObserver("toy", lambda *_arguments: SlowToCopy(), scheduler)
    observer.watch({})
    observer.observe(at_step(3))
    assert scheduler.rates["toy"].cost == 1


def test_view_leaves_no_gradients_and_copies_its_value(
    now: list[float],
) -> None:
    def compute(network: RunView, _progress: ProgressCallback, _options: object) -> Any:
        module = network.objective.compiled.module
        module(torch.ones(1, 2)).sum().backward()
        return (module.get_parameter("weight").detach().numpy(),)

    observer, view = observer_of(compute, now), at_step(1)
    observer.watch({})
    with torch.no_grad():
        result = observer.observe(view)
    assert result is not None
    assert not result.error
    weight = view.objective.compiled.module.get_parameter("weight")
    assert weight.grad is None
    before = np.array(result.value[0])
    with torch.no_grad():
        weight.add_(1)
    assert np.array_equal(result.value[0], before)
