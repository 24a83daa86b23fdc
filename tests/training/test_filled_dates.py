"""The yardstick of hidden characters knows what a reader of all dates knows, and no more."""

from __future__ import annotations

import numpy as np
import pytest

from dlstudio.data.made_dates import CHARACTERS, WRITTEN_LENGTH
from dlstudio.data.made_words import padded
from tests.benchmarks.filled_dates import chances

DAYS_OF_JUNE, DAYS_OF_JULY = 30, 31


def guessed(text: str, *places: int) -> tuple[list[float], list[float]]:
    """Return the chances of the best guess from both sides and from the left."""
    (date,) = padded([text], CHARACTERS, WRITTEN_LENGTH).astype(np.uint8)
    hidden = np.isin(np.arange(WRITTEN_LENGTH), places)
    both, left = chances(date, hidden, 0.25)
    return both.tolist(), left.tolist()


def test_only_what_stands_behind_tells_june_from_july() -> None:
    both, (left,) = guessed("june 3, 2021", 2)
    assert both == [1.0]
    assert left == pytest.approx(DAYS_OF_JULY / (DAYS_OF_JUNE + DAYS_OF_JULY))


def test_the_second_digit_of_a_year_tells_the_first() -> None:
    assert guessed("12 april 1969", 9) == ([1.0], [0.5])


def test_nobody_knows_the_last_digit_of_a_year() -> None:
    both, left = guessed("12 april 1969", 12)
    assert both == left == [pytest.approx(0.1)]


def test_a_name_common_to_more_ways_of_writing_is_likelier() -> None:
    assert guessed("12 may 2021", 5)[0] == [pytest.approx(2 / 3)]


def test_a_day_of_two_digits_has_to_be_hidden_twice() -> None:
    """1 and 2 begin a day of one digit and ten days of two, of which a quarter is hidden."""
    first, _ = guessed("2021 jan 12", 9, 10)[0]
    one, two = 9 * 0.25, 22 * 0.25**2
    assert first == pytest.approx((0.25 + 10 * 0.25**2) / (one + two))
