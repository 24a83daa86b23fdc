"""Steps and epochs correspond, also where the number of steps in an epoch changes."""

from __future__ import annotations

from itertools import accumulate, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.gui.runs.epoch_axis import EpochAxis, axis_of
from dlstudio.gui.runs.run_history import RunHistory
from dlstudio.training.protocol.events import EpochDone, SettingChanged, Started, StepsDone

SPANS = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 12)), min_size=1, max_size=5)
"""Numbers of epochs, each with their number of steps."""


def lengths_of(spans: list[tuple[int, int]]) -> list[int]:
    return [length for epochs, length in spans for _ in range(epochs)]


def axis_with(spans: list[tuple[int, int]]) -> EpochAxis:
    axis, step, epoch = EpochAxis(spans[0][1]), 0, 0
    for epochs, length in spans:
        axis = axis.with_length(step, epoch, length)
        step, epoch = step + epochs * length, epoch + epochs
    return axis


@given(SPANS)
def test_epochs_end_after_the_sum_of_their_steps(spans: list[tuple[int, int]]) -> None:
    axis, lengths = axis_with(spans), lengths_of(spans)
    ends = [0, *accumulate(lengths)]
    assert [axis.step_at(epoch) for epoch in range(len(ends))] == ends
    assert axis.epochs_at(ends).tolist() == list(range(len(ends)))
    halves = [(start + end) / 2 for start, end in pairwise(ends)]
    assert np.allclose(axis.epochs_at(halves), np.arange(len(halves)) + 0.5)
    assert np.allclose([axis.step_at(epoch + 0.5) for epoch in range(len(halves))], halves)


@given(SPANS)
def test_recorded_run_has_the_same_scale(spans: list[tuple[int, int]]) -> None:
    ends = dict(zip(accumulate(lengths_of(spans)), range(1, 100), strict=False))
    starts, step = {}, 0
    for epochs, length in spans:
        starts[step] = length
        step += epochs * length
    assert axis_of(ends, starts) == axis_with(spans)


@given(SPANS)
def test_change_during_a_run_is_measured_from_the_ends_of_epochs(
    spans: list[tuple[int, int]],
) -> None:
    lengths = [*lengths_of(spans), spans[-1][1], spans[-1][1]]
    ends = dict(zip(accumulate(lengths), range(1, 100), strict=False))
    assert axis_of(ends, {0: spans[0][1]}) == axis_with(spans)


def started(length: int, step: int = 0, epoch: int = 0, epochs: int = 4) -> Started:
    return Started("cpu", 1, 10, {"train": 80}, epochs, length, step, epoch)


def train(history: RunHistory, *lengths: int) -> None:
    for length in lengths:
        values = np.ones(length)
        history.record_steps(
            StepsDone(history.step + 1, values.astype(np.float32), values, history.epoch + 1, 9.0)
        )
        done = len(history.series["validation_loss"]) if "validation_loss" in history.series else 0
        history.record_epoch(EpochDone(done + 1, history.step, {"validation_loss": 1.0}, 0.1, 1.0))


def test_continued_run_with_another_batch_size_keeps_its_epochs() -> None:
    history = RunHistory()
    history.record_start(started(10))
    train(history, 10, 10, 10, 10)
    history.record_start(started(5, 40, 4, epochs=6))
    assert history.total_steps == 50
    train(history, 5, 5)
    assert history.epoch_axis.epochs_at(history.series["validation_loss"].x).tolist() == [
        1, 2, 3, 4, 5, 6,
    ]  # fmt: skip
    assert len(history.epoch_losses()) == 6


def test_batch_size_that_is_changed_during_an_epoch_holds_from_the_next_one() -> None:
    history = RunHistory()
    history.record_start(started(10))
    train(history, 10)
    history.record_change(SettingChanged(15, "batch_size", {"batch_size": 16}, "batch size 16"))
    train(history, 10, 5, 5)
    assert history.epoch_axis.epochs_at([20, 25, 30]).tolist() == [2, 3, 4]
    assert history.total_steps == 30


def test_earlier_part_of_a_continued_run_keeps_its_scale() -> None:
    earlier, history = RunHistory(), RunHistory()
    earlier.record_start(started(10))
    train(earlier, 10, 10)
    history.record_start(started(5, 20, 2))
    history.prepend(earlier, 20)
    assert history.epoch_axis.epochs_at([10, 20, 25]).tolist() == [1, 2, 3]
