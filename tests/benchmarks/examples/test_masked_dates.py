from __future__ import annotations

import numpy as np
import pytest

from dlstudio.data.text.synthetic_dates import CHARACTERS, FORMATTED_LENGTH
from dlstudio.data.text.synthetic_words import encode_padded
from tests.benchmarks.examples.masked_dates import guess_probabilities

DAYS_OF_JUNE, DAYS_OF_JULY = 30, 31


def guess(text: str, *positions: int) -> tuple[list[float], list[float]]:
    """Return the probabilities of the best guess with both contexts and the left one."""
    (date,) = encode_padded([text], CHARACTERS, FORMATTED_LENGTH).astype(np.uint8)
    hidden = np.isin(np.arange(FORMATTED_LENGTH), positions)
    both, left = guess_probabilities(date, hidden, 0.25)
    return both.tolist(), left.tolist()


def test_right_context_separates_june_from_july() -> None:
    both, (left,) = guess("june 3, 2021", 2)
    assert both == [1.0]
    assert left == pytest.approx(DAYS_OF_JULY / (DAYS_OF_JUNE + DAYS_OF_JULY))


def test_second_digit_of_a_year_determines_the_first() -> None:
    assert guess("12 april 1969", 9) == ([1.0], [0.5])


def test_last_digit_of_a_year_is_unpredictable() -> None:
    both, left = guess("12 april 1969", 12)
    assert both == left == [pytest.approx(0.1)]


def test_month_name_of_more_formats_is_likelier() -> None:
    assert guess("12 may 2021", 5)[0] == [pytest.approx(2 / 3)]


def test_each_hidden_character_multiplies_the_weight_by_the_share() -> None:
    """1 and 2 are the first digit of one one-digit day and ten two-digit days each."""
    first, _ = guess("2021 jan 12", 9, 10)[0]
    one_digit, two_digits = 9 * 0.25, 22 * 0.25**2
    assert first == pytest.approx((0.25 + 10 * 0.25**2) / (one_digit + two_digits))
